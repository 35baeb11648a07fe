import { cidr, contains } from "../../foundation/cidr";
import type { Issues } from "../../foundation/issues";
import { checkDisjoint, rangesBeside } from "../../foundation/ranges";
import type { Settings } from "../../settings/schema";
import type { PoolPlan } from "../common/pools";
import { privateRanges } from "../common/rules";
import { machines } from "./machines";
import { mostNodes, mostNodesOf, nodesInPodRange, planNetwork, planPools } from "./plan";
import { environmentRules, migProfiles, networkPrefix, servicePrefix } from "./rules";
import type { AzureSettings } from "./settings";

/** Everything that Azure would refuse, or that could not work, as far as settings tell. */
export function checkAzure(section: AzureSettings, { environment }: Settings, issues: Issues): void {
    checkRanges(section, issues);
    checkRoom(section, issues);
    checkNextHop(section, issues);
    checkAllowList(section, environmentRules[environment].shortestAllowedPrefix, issues);
    checkPools(section, issues);
    checkSharing(section, issues);
    checkQuota(section, issues);
}

function checkRanges({ network: { cidr: own, podCidr, serviceCidr, joined } }: AzureSettings, issues: Issues): void {
    checkRange("azure.network.cidr", own, networkPrefix, issues);
    checkRange("azure.network.podCidr", podCidr, networkPrefix, issues);
    checkRange("azure.network.serviceCidr", serviceCidr, servicePrefix, issues);
    const others = joined.map((range, index) => ({ key: `azure.network.joined.${index}`, cidr: range, routed: true }));
    const ours = [
        { key: "azure.network.cidr", cidr: own, routed: true },
        { key: "azure.network.podCidr", cidr: podCidr, routed: false },
        { key: "azure.network.serviceCidr", cidr: serviceCidr, routed: false },
    ];
    checkDisjoint(rangesBeside(ours, others), issues);
}

function checkRange(
    key: string,
    text: string,
    { shortest, longest }: { readonly shortest: number; readonly longest: number },
    issues: Issues,
): void {
    const range = cidr(text);
    if (range.prefix < shortest || range.prefix > longest) {
        issues.add(key, `${text} is no /${shortest} to /${longest}`, `give a range from /${shortest} to /${longest}`);
    }
    if (privateRanges.some((allowed) => contains(cidr(allowed), range))) return;
    issues.add(key, `${text} is not private`, `choose a range within ${privateRanges.join(", ")}`);
}

function checkRoom(section: AzureSettings, issues: Issues): void {
    const planned = planNetwork(section);
    if (!planned.fits) {
        const words = `has ${planned.available} addresses, but its subnets take ${planned.needed}`;
        issues.add("azure.network.cidr", words, "give a larger range, or lower nodes.max of pools");
    }
    const { podCidr } = section.network;
    const [nodes, room] = [mostNodesOf(planPools(section)), nodesInPodRange(podCidr)];
    if (nodes <= room) return;
    const words = `${podCidr} has room for ${room} nodes of 256 pod addresses, but there can be ${nodes} with those of an upgrade`;
    issues.add("azure.network.podCidr", words, "give a larger range, or lower nodes.max of pools");
}

/** A firewall in the network itself would send its own traffic back to itself. */
function checkNextHop({ network: { cidr: own, egress } }: AzureSettings, issues: Issues): void {
    if (egress.kind !== "firewall" || !contains(cidr(own), cidr(`${egress.nextHop}/32`))) return;
    const words = `${egress.nextHop} is in this network (${own})`;
    issues.add("azure.network.egress.nextHop", words, "give the address of a firewall in a joined network");
}

function checkAllowList({ apiAccess }: AzureSettings, shortest: number, issues: Issues): void {
    if (apiAccess.kind === "private") return;
    apiAccess.allowedCidrs.forEach((range, index) => {
        if (cidr(range).prefix >= shortest) return;
        const words = `${range} lets too many in: in this environment a range has at least /${shortest}`;
        const fix = "name the ranges that people and runners really come from";
        issues.add(`azure.apiAccess.allowedCidrs.${index}`, words, fix);
    });
}

function checkPools(section: AzureSettings, issues: Issues): void {
    for (const { key, role, nodes, initial, machine } of planPools(section)) {
        if (nodes.min <= nodes.max && (initial < nodes.min || initial > nodes.max)) {
            const words = `is ${initial}, outside ${nodes.min} to ${nodes.max}`;
            issues.add(`${key}.nodes.initial`, words, "start within the bounds");
        }
        if (role === "system" && nodes.min === 0) {
            issues.add(`${key}.nodes.min`, "is 0, but AKS needs a system node", "set at least 1, better one a zone");
        }
        if (role === "system" && (machine.cpu < 4 || /^Standard_B/.test(machine.name))) {
            const words = `${machine.name} is burstable or has less than 4 cores, which AKS refuses in a system pool`;
            issues.add(`${key}.machine`, words, "choose one such as Standard_D4ds_v6");
        }
    }
}

function checkSharing({ pools: { gpu } }: AzureSettings, issues: Issues): void {
    if (gpu === undefined) return;
    const model = machines[gpu.machine].gpu?.model;
    if (model === undefined) {
        const fix = "choose a machine that has one, such as Standard_NV36ads_A10_v5";
        issues.add("azure.pools.gpu.machine", `${gpu.machine} has no GPU`, fix);
    }
    if (gpu.sharing.kind !== "mig") return;
    checkScaling(gpu.nodes.min, issues);
    const profiles = (model && migProfiles[model]) ?? [];
    if (profiles.includes(gpu.sharing.profile)) return;
    const words = `${gpu.sharing.profile} is no slice of the GPU of ${gpu.machine} (${model ?? "no GPU"})`;
    const fix =
        profiles.length === 0 ? "share by turns (timeSliced), or use A100 or H100" : `use ${profiles.join(", ")}`;
    issues.add("azure.pools.gpu.sharing.profile", words, fix);
}

/**
 * The scaler imagines the first node of an empty pool from its machine alone, with `nvidia.com/gpu` and no slices: pods that ask for a slice
 * would wait for ever. Once there is a node, it takes that one for a model.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/0d4679d452e1d0e869a17fda57a857cf6d000cf9/cluster-autoscaler/cloudprovider/azure/azure_template.go
 */
function checkScaling(fewest: number, issues: Issues): void {
    if (fewest > 0) return;
    const words =
        "is 0, but AKS's scaler knows no slices of a pool without nodes and would never bring the first one up";
    issues.add("azure.pools.gpu.nodes.min", words, "set at least 1, with initial, or share by turns (timeSliced)");
}

function checkQuota(section: AzureSettings, issues: Issues): void {
    const { coreQuota } = section;
    if (coreQuota === undefined) return;
    const pools = planPools(section);
    checkCores(
        "regular",
        coreQuota.regular,
        pools.filter(({ role }) => role !== "spot"),
        issues,
    );
    checkCores(
        "spot",
        coreQuota.spot,
        pools.filter(({ role }) => role === "spot"),
        issues,
    );
}

function checkCores(kind: "regular" | "spot", quota: number, pools: readonly PoolPlan[], issues: Issues): void {
    const terms = pools.map((pool) => ({ pool, nodes: mostNodes(pool), cores: mostNodes(pool) * pool.machine.cpu }));
    const needed = terms.reduce((sum, { cores }) => sum + cores, 0);
    if (needed <= quota) return;
    const sum = terms.map(({ pool, nodes }) => `${pool.role} ${nodes} x ${pool.machine.cpu}`).join(" + ");
    const words = `is ${quota}, but the pools at their maximum with the nodes of an upgrade take ${needed}: ${sum}`;
    issues.add(`azure.coreQuota.${kind}`, words, "have the quota raised, or lower nodes.max");
}
