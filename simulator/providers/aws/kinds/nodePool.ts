import { amountsOn, machines } from "../../../../components/cloud/aws/machines";
import type { MachineType } from "../../../../components/cloud/machines";
import type { SimulatedPool } from "../../cloud/clusters";
import type { CloudView, Subject } from "../../cloud/kind";
import { mapAt, numberAt, textAt, textsAt, valuesAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import { regionOf } from "../account";
import { imageOf } from "./nodeImage";
import { types } from "./types";

/** The machines that a node group can have, by their names. */
export const machineTypes: Readonly<Record<string, MachineType>> = machines;

export const clusterOf = (inputs: Properties) => textAt(inputs, "clusterName") ?? "";

/** What the group is in Kubernetes. */
export function poolOf({ inputs, config, cloud }: Pick<Subject, "inputs" | "config" | "cloud">): SimulatedPool {
    const name = textAt(inputs, "nodeGroupName") ?? "";
    const type = textsAt(inputs, "instanceTypes")[0] ?? "";
    const machine = machineTypes[type];
    if (machine === undefined) throw new Error(`"${type}" is no machine of components/cloud/aws/machines.ts`);
    const template = cloud.get(types.launchTemplate, textAt(inputs, "launchTemplate.id") ?? "");
    const { diskGib, pods = machine.maxPods, devices } = imageOf(textAt(inputs, "amiType") ?? "", machine, template);
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
        allocatable: amountsOn(machine, diskGib),
        devices,
        nodes: { min: size("minSize"), max: size("maxSize"), desired: size("desiredSize") },
        labels: { ...stringsOf(mapAt(inputs, "labels")), ...ownLabels(name, inputs) },
        taints: valuesAt(inputs, "taints").map(toTaint),
    };
}

function zonesOfSubnets(inputs: Properties, cloud: CloudView): readonly string[] {
    const zones = textsAt(inputs, "subnetIds").flatMap((id) =>
        textsAt(cloud.get(types.subnet, id)?.outputs, "availabilityZone"),
    );
    return [...new Set(zones)];
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
