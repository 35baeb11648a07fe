import type { Subject } from "../../cloud/kind";
import { numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { isSold, regionOf } from "../account";
import { attachedPolicies, checkTrust } from "./identity";
import { clusterOf, machineTypes } from "./nodePool";
import { types } from "./types";

/** What is wrong with a group whatever else exists. */
export function checkNodeGroup(inputs: Properties, config: Properties): InputIssue[] {
    const [min = 0, max = 1, desired = 0] = ["minSize", "maxSize", "desiredSize"].map((name) =>
        numberAt(inputs, `scalingConfig.${name}`),
    );
    const within = min <= desired && desired <= max && max >= 1;
    return [
        ...checkMachines(inputs, regionOf(inputs, config)),
        ...(within || inputs.scalingConfig === undefined
            ? []
            : [
                  {
                      property: "scalingConfig",
                      reason: `must have minSize <= desiredSize <= maxSize, got ${min}, ${desired}, ${max}`,
                  },
              ]),
    ];
}

function checkMachines(inputs: Properties, region: string): InputIssue[] {
    const amiType = textAt(inputs, "amiType") ?? "";
    const wrong = (name: string): string | undefined => {
        if (machineTypes[name] === undefined) return `"${name}" is no machine of components/cloud/aws/machines.ts`;
        if (!isSold(name, region)) return `AWS does not sell "${name}" in ${region} (machineRegions.json)`;
        // EKS's own words: https://github.com/eksctl-io/eksctl/issues/7754
        const fits = imageArchitecture(amiType) === undefined || imageArchitecture(amiType) === architectureOf(name);
        return fits ? undefined : `[${name}] is not a valid instance type for requested amiType ${amiType}`;
    };
    return textsAt(inputs, "instanceTypes").flatMap((name) => {
        const reason = wrong(name);
        return reason === undefined ? [] : [{ property: "instanceTypes", reason }];
    });
}

/**
 * Families with a g after their generation have Graviton processors: m6i and g5 do not, m7g and g5g do.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(machine: string): "arm64" | "x86_64" {
    return /^([a-z]+-?\d+[a-z]*g[a-z]*\.|a1\.)/.test(machine) ? "arm64" : "x86_64";
}

/** Undefined of a custom image, whose architecture only its launch template says. */
function imageArchitecture(amiType: string): "arm64" | "x86_64" | undefined {
    if (amiType.includes("ARM_64")) return "arm64";
    return amiType.includes("x86_64") || amiType.startsWith("WINDOWS") ? "x86_64" : undefined;
}

/** What is wrong with a group given what else exists. */
export function judgeNodeGroup(subject: Subject): readonly InputIssue[] {
    const { inputs, cloud, id } = subject;
    const home = cloud.get(types.cluster, clusterOf(inputs));
    const vpcId = textAt(home?.outputs, "vpcConfig.vpcId");
    const foreign = textsAt(inputs, "subnetIds").filter(
        (subnet) => textAt(cloud.get(types.subnet, subnet)?.inputs, "vpcId") !== vpcId,
    );
    const [version, limit] = [textAt(inputs, "version"), textAt(home?.outputs, "version")];
    const newer = version !== undefined && limit !== undefined && minor(version) > minor(limit);
    return [
        ...(id === undefined ? [...judgeRole(subject), ...judgeNetworking(subject)] : []),
        ...foreign.map((subnet) => ({
            property: "subnetIds",
            reason: `${subnet} is not in ${vpcId}, where the cluster is`,
        })),
        ...(newer ? [{ property: "version", reason: `${version} is newer than ${limit} of the cluster` }] : []),
    ];
}

const minor = (version: string) => Number(version.split(".")[1]);

/** Nodes without these rights never join: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html */
function judgeRole(subject: Subject): readonly InputIssue[] {
    const role = textAt(subject.inputs, "nodeRoleArn") ?? "";
    const policies = attachedPolicies(role, subject.cloud);
    const needed = [/^AmazonEKSWorkerNode(Minimal)?Policy$/, /^AmazonEC2ContainerRegistry(PullOnly|ReadOnly)$/];
    const missing = needed.filter((form) => !policies.some((policy) => form.test(policy)));
    return [
        ...checkTrust(subject, "nodeRoleArn", "ec2.amazonaws.com"),
        ...missing.map((form) => ({
            property: "nodeRoleArn",
            reason: `${role} has no policy ${form.source} yet: nodes would not join`,
        })),
    ];
}

/**
 * A cluster that is made without EKS's own add-ons has nothing that gives pods addresses: nodes never get ready, and EKS fails the group.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html "bootstrapSelfManagedAddons"
 * @see https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html "container runtime network not ready"
 */
function judgeNetworking({ inputs, cloud }: Subject): InputIssue[] {
    const home = clusterOf(inputs);
    const isBare = cloud.get(types.cluster, home)?.outputs.bootstrapSelfManagedAddons === false;
    const comes = (numberAt(inputs, "scalingConfig.desiredSize") ?? 0) > 0;
    if (!isBare || !comes || cloud.get(types.addon, `${home}:vpc-cni`)?.ready) return [];
    return [{ property: "clusterName", reason: `${home} has no add-on vpc-cni yet: nodes would not get ready` }];
}
