import { machines, nodeAmounts, podsWithPrefixes } from "../../../../components/cloud/aws/machines";
import type { MachineType } from "../../../../components/cloud/machines";
import type { SimulatedPool } from "../../cloud/clusters";
import type { CloudView, Subject } from "../../cloud/kind";
import { mapAt, numberAt, textAt, textsAt, valuesAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import { regionOf } from "../account";
import { usesPrefixes } from "./cluster";
import { types } from "./types";

/** The machines that a node group can have, by their names. */
export const machineTypes: Readonly<Record<string, MachineType>> = machines;

export const clusterOf = (inputs: Properties) => textAt(inputs, "clusterName") ?? "";

/** What the group is in Kubernetes. */
export function poolOf({ inputs, config, cloud }: Subject): SimulatedPool {
    const name = textAt(inputs, "nodeGroupName") ?? "";
    const type = textsAt(inputs, "instanceTypes")[0] ?? "";
    const machine = machineTypes[type];
    if (machine === undefined) throw new Error(`"${type}" is no machine of components/cloud/aws/machines.ts`);
    const diskGib = diskOf(inputs, cloud);
    const pods = usesPrefixes(clusterOf(inputs), cloud) ? podsWithPrefixes(machine) : machine.maxPods;
    const size = (key: string) => numberAt(inputs, `scalingConfig.${key}`) ?? 0;
    return {
        name,
        machineType: type,
        region: regionOf(inputs, config),
        zones: zonesOfSubnets(inputs, cloud),
        // The hypervisor keeps 7.5 % of the memory, as in the table of machines.
        capacity: {
            cpu: String(machine.cpu),
            memory: `${Math.floor(machine.memoryGib * 1024 * 0.925)}Mi`,
            storage: `${diskGib}Gi`,
            pods,
        },
        allocatable: nodeAmounts(machine, diskGib),
        devices: devicesOf(machine, textAt(inputs, "amiType") ?? ""),
        nodes: { min: size("minSize"), max: size("maxSize"), desired: size("desiredSize") },
        labels: { ...stringsOf(mapAt(inputs, "labels")), ...ownLabels(name, inputs) },
        taints: valuesAt(inputs, "taints").map(toTaint),
    };
}

/** Without a template the root volume has 20 GiB: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html "diskSize" */
function diskOf(inputs: Properties, cloud: CloudView): number {
    const template = cloud.get(types.launchTemplate, textAt(inputs, "launchTemplate.id") ?? "");
    return numberAt(template?.inputs, "blockDeviceMappings.ebs.volumeSize") ?? numberAt(inputs, "diskSize") ?? 20;
}

function zonesOfSubnets(inputs: Properties, cloud: CloudView): readonly string[] {
    const zones = textsAt(inputs, "subnetIds").flatMap((id) =>
        textsAt(cloud.get(types.subnet, id)?.outputs, "availabilityZone"),
    );
    return [...new Set(zones)];
}

/** Only images with NVIDIA's driver make their GPUs known. */
function devicesOf({ gpu }: MachineType, amiType: string): Readonly<Record<string, number>> {
    return gpu && amiType.includes("NVIDIA") ? { "nvidia.com/gpu": gpu.count } : {};
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html */
function ownLabels(name: string, inputs: Properties): Readonly<Record<string, string>> {
    return {
        "eks.amazonaws.com/nodegroup": name,
        "eks.amazonaws.com/capacityType": textAt(inputs, "capacityType") ?? "ON_DEMAND",
    };
}

function stringsOf(map: Properties): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}

/** EKS writes effects in capitals, Kubernetes does not. */
const effects: Readonly<Record<string, string>> = {
    NO_SCHEDULE: "NoSchedule",
    PREFER_NO_SCHEDULE: "PreferNoSchedule",
    NO_EXECUTE: "NoExecute",
};

function toTaint(taint: Properties[string]): SimulatedPool["taints"][number] {
    const effect = textAt(taint, "effect") ?? "";
    return { key: textAt(taint, "key") ?? "", value: textAt(taint, "value") ?? "", effect: effects[effect] ?? effect };
}
