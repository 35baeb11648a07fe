import { allocatableOf, machines, nodeAmounts } from "../../../../components/cloud/azure/machines";
import { migProfiles } from "../../../../components/cloud/azure/rules";
import { gpuSharing } from "../../../../components/cloud/common/poolSettings";
import { gpuResource, gpusOf } from "../../../../components/cloud/common/pools";
import type { MachineType } from "../../../../components/cloud/machines";
import type { SimulatedPool } from "../../cloud/clusters";
import { isTrue, mapAt, numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { poolName } from "../names";
import { zoneIssues } from "../regions";

/** Pods of a node of Azure CNI overlay when nobody says how many. @see components/cloud/azure/machines.ts */
const defaultPods = 250;

/**
 * What AKS takes for the operating system's disk when nobody says how large, by cores.
 *
 * @see https://learn.microsoft.com/azure/aks/concepts-storage#default-os-disk-sizing
 */
const defaultDisks = [
    { below: 8, gib: 128 },
    { below: 16, gib: 256 },
    { below: 64, gib: 512 },
    { below: Number.POSITIVE_INFINITY, gib: 1024 },
] as const;

/**
 * Nobody but Azure puts labels with this prefix on nodes.
 *
 * @see https://learn.microsoft.com/azure/aks/use-labels
 */
const reservedPrefix = "kubernetes.azure.com/";
/** @see https://learn.microsoft.com/azure/aks/spot-node-pool */
const spotTaint = { key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" } as const;
const taintForm = /^([^=:]+)=([^=:]*):(NoSchedule|PreferNoSchedule|NoExecute)$/;

export const isSystem = (pool: Properties): boolean => textAt(pool, "mode") === "System";
const isSpot = (pool: Properties): boolean => textAt(pool, "scaleSetPriority") === "Spot";

export function machineOf(pool: Properties): MachineType | undefined {
    return Object.values(machines).find(({ name }) => name === textAt(pool, "vmSize"));
}

/** What is wrong with a pool by itself; `at` is where it stands in the inputs. */
export function poolIssues(pool: Properties, at: string, region: string | undefined): InputIssue[] {
    const name = textAt(pool, "agentPoolName") ?? textAt(pool, "name");
    const size = textAt(pool, "vmSize");
    const forms = textsAt(pool, "nodeTaints").filter((taint) => !taintForm.test(taint));
    const labels = Object.keys(mapAt(pool, "nodeLabels")).filter((label) => label.startsWith(reservedPrefix));
    const says = (property: string, reason: string) => ({ property: `${at}${property}`, reason });
    return [
        ...(name === undefined || poolName.form.test(name)
            ? []
            : [says("name", `must be ${poolName.says}, got "${name}"`)]),
        ...(size === undefined ? [says("vmSize", "is required")] : []),
        ...(size === undefined || machineOf(pool)
            ? []
            : [says("vmSize", `must be a size that the simulator knows, got ${size}`)]),
        ...forms.map((taint) => says("nodeTaints", `must be key=value:Effect, got "${taint}"`)),
        ...labels.map((label) => says("nodeLabels", `has ${label}: the prefix ${reservedPrefix} is Azure's`)),
        ...countIssues(pool).map((reason) => says("count", reason)),
        ...roleIssues(pool).map((reason) => says("mode", reason)),
        ...(region === undefined
            ? []
            : zoneIssues(`${at}availabilityZones`, region, textsAt(pool, "availabilityZones"))),
    ];
}

function countIssues(pool: Properties): string[] {
    const [count, min, max, pods] = ["count", "minCount", "maxCount", "maxPods"].map((name) => numberAt(pool, name));
    const scaled = isTrue(pool, "enableAutoScaling");
    const outside = count !== undefined && (count < (min ?? 0) || count > (max ?? 1000));
    return [
        ...(scaled && (min === undefined || max === undefined)
            ? ["needs minCount and maxCount with enableAutoScaling"]
            : []),
        ...(!scaled && (min !== undefined || max !== undefined)
            ? ["takes minCount and maxCount only with enableAutoScaling"]
            : []),
        ...(outside ? [`must be ${min ?? 0}-${max ?? 1000}, got ${count}`] : []),
        ...(pods !== undefined && (pods < 10 || pods > 250) ? [`takes 10-250 pods a node, got ${pods}`] : []),
    ];
}

/** @see https://learn.microsoft.com/azure/aks/use-system-pools @see https://learn.microsoft.com/azure/aks/spot-node-pool */
function roleIssues(pool: Properties): string[] {
    const machine = machineOf(pool);
    const small =
        machine !== undefined && (machine.cpu < 4 || machine.memoryGib < 4 || machine.name.startsWith("Standard_B"));
    return [
        ...(isSystem(pool) && small
            ? [`System needs four cores, 4 GB and no burstable size, got ${machine?.name}`]
            : []),
        ...(isSystem(pool) && isSpot(pool) ? ["System cannot be of spot machines"] : []),
        ...(isSystem(pool) && (numberAt(pool, "minCount") ?? numberAt(pool, "count") ?? 1) < 1
            ? ["System needs a node"]
            : []),
        ...(isSpot(pool) && textAt(pool, "upgradeSettings.maxSurge") !== undefined
            ? ["of spot machines takes no maxSurge"]
            : []),
    ];
}

/** The nodes of a pool as AKS makes them: its own labels, and for spot machines its own taint. */
export function simulatedPool(pool: Properties, region: string, nodeGroup: string): SimulatedPool {
    const machine = machineOf(pool);
    if (machine === undefined) throw new Error(`the simulator knows no machine ${textAt(pool, "vmSize")}`);
    const { cpu, memoryGib, gpu } = machine;
    const pods = numberAt(pool, "maxPods") ?? defaultPods;
    const disk = numberAt(pool, "osDiskSizeGB") || (defaultDisks.find(({ below }) => cpu < below)?.gib ?? 128);
    const allocatable = { ...nodeAmounts(machine, disk), ...allocatableOf({ cpu, memoryGib, maxPods: pods }) };
    return {
        name: textAt(pool, "agentPoolName") ?? textAt(pool, "name") ?? "",
        machineType: machine.name,
        region,
        zones: zonesOf(pool, region),
        capacity: { cpu: String(cpu), memory: `${memoryGib}Gi`, storage: `${disk}Gi`, pods },
        allocatable,
        devices: devicesOf(machine, textAt(pool, "gpuInstanceProfile")),
        nodes: boundsOf(pool),
        labels: labelsOf(pool, nodeGroup, gpu !== undefined),
        taints: taintsOf(pool),
    };
}

/**
 * What the device plugin finds: whole GPUs, or the slices that AKS cut, by their profile. Turns on one GPU are the plugin's own doing, of
 * which the cloud knows nothing: a simulated node has them as whole GPUs.
 *
 * @see https://learn.microsoft.com/azure/aks/gpu-multi-instance
 */
function devicesOf(machine: MachineType, cut: string | undefined): Readonly<Record<string, number>> {
    const { gpu } = machine;
    if (gpu === undefined) return {};
    const profile = (migProfiles[gpu.model] ?? []).find((name) => `MIG${name.split(".")[0]}` === cut);
    const sharing = gpuSharing.parse(profile === undefined ? { kind: "exclusive" } : { kind: "mig", profile });
    return { [gpuResource(sharing, "mixed")]: gpusOf(machine, sharing) };
}

/** `westeurope-1`; nodes outside of zones have "0". @see https://learn.microsoft.com/azure/aks/availability-zones */
function zonesOf(pool: Properties, region: string): readonly string[] {
    const zones = textsAt(pool, "availabilityZones");
    return zones.length === 0 ? ["0"] : zones.map((zone) => `${region}-${zone}`);
}

function boundsOf(pool: Properties): SimulatedPool["nodes"] {
    const count = numberAt(pool, "count") ?? numberAt(pool, "minCount") ?? 1;
    if (!isTrue(pool, "enableAutoScaling")) return { min: count, max: count, desired: count };
    return { min: numberAt(pool, "minCount") ?? count, max: numberAt(pool, "maxCount") ?? count, desired: count };
}

function labelsOf(pool: Properties, nodeGroup: string, gpu: boolean): Readonly<Record<string, string>> {
    const name = textAt(pool, "agentPoolName") ?? textAt(pool, "name") ?? "";
    const given = Object.entries(mapAt(pool, "nodeLabels")).map(([label, value]) => [label, String(value)] as const);
    return {
        agentpool: name,
        [`${reservedPrefix}agentpool`]: name,
        [`${reservedPrefix}cluster`]: nodeGroup,
        [`${reservedPrefix}mode`]: isSystem(pool) ? "system" : "user",
        ...(gpu ? { [`${reservedPrefix}accelerator`]: "nvidia" } : {}),
        ...(isSpot(pool) ? { [spotTaint.key]: spotTaint.value } : {}),
        ...Object.fromEntries(given),
    };
}

function taintsOf(pool: Properties): SimulatedPool["taints"] {
    const given = textsAt(pool, "nodeTaints").map((text) => {
        const [, key = "", value = "", effect = ""] = taintForm.exec(text) ?? [];
        return { key, value, effect };
    });
    const has = given.some(({ key }) => key === spotTaint.key);
    return isSpot(pool) && !has ? [...given, spotTaint] : given;
}
