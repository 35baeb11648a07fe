import type { Properties } from "../../simulator/providers/properties";
import { SimulatedAccount } from "./simulatedAccount";

/** An account of its own for each test, with a VPC of two subnets, and what can be put into it. */

export let account: SimulatedAccount;
export let vpcId: string;
export let subnetA: string;
export let subnetB: string;

export const token = (module: string, name: string) =>
    `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
export const make = async (type: string, inputs: Properties, name?: string) =>
    (await account.make(type, inputs, name)).id;
export const subnet = (cidrBlock: string, zone: string, vpc = vpcId) =>
    make(token("ec2", "Subnet"), { vpcId: vpc, cidrBlock, availabilityZone: `eu-central-1${zone}` }, cidrBlock);
export const statement = (rest: Properties) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...rest }] });
export const trust = (service: string, more: Properties = {}) =>
    statement({ Principal: { Service: service }, ...more });
export const role = (name: string, service: string, more: Properties = {}) =>
    make(token("iam", "Role"), { name, assumeRolePolicy: trust(service, more) }, name);
export const addon = (addonName: string) => make(token("eks", "Addon"), { clusterName: "c", addonName }, addonName);
export const attach = (name: string, policy: string) =>
    make(
        token("iam", "RolePolicyAttachment"),
        { role: name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        `${name}-${policy}`,
    );
export const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

export async function cluster(more: Properties = {}): Promise<string> {
    await role("control", "eks.amazonaws.com");
    await attach("control", "AmazonEKSClusterPolicy");
    return make(token("eks", "Cluster"), {
        name: "c",
        version: "1.36",
        roleArn: arn("control"),
        accessConfig: { authenticationMode: "API" },
        vpcConfig: { subnetIds: [subnetA, subnetB] },
        ...more,
    });
}

export async function nodes(
    more: Properties = {},
    control: Properties = {},
    addons: readonly string[] = [],
): Promise<string> {
    await cluster(control);
    for (const name of addons) await addon(name);
    await role("nodes", "ec2.amazonaws.com");
    for (const policy of ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"])
        await attach("nodes", policy);
    return make(token("eks", "NodeGroup"), {
        clusterName: "c",
        nodeGroupName: "g",
        nodeRoleArn: arn("nodes"),
        subnetIds: [subnetA],
        instanceTypes: ["m6i.xlarge"],
        scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 },
        ...more,
    });
}

export async function podIdentity(trusted: Properties, service = "pods.eks.amazonaws.com"): Promise<string> {
    await role("pod", service, trusted);
    const place = { clusterName: await cluster(), namespace: "n", serviceAccount: "s" };
    return make(token("eks", "PodIdentityAssociation"), { ...place, roleArn: arn("pod") });
}

export const bare = { bootstrapSelfManagedAddons: false };
export const forPods = ["sts:AssumeRole", "sts:TagSession"];

/** A group that is empty to begin with, and a tag of it that tells the autoscaler of its nodes. */
export async function tagged(key: string, value: string): Promise<string> {
    await nodes({
        instanceTypes: ["g5.2xlarge"],
        amiType: "BOTTLEROCKET_x86_64_NVIDIA",
        scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 0 },
        labels: { "node-type": "gpu" },
        taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    });
    const autoscalingGroupName = account.outputsOf(
        token("eks", "NodeGroup"),
        "c:g",
        "resources.autoscalingGroups.name",
    );
    return make("aws:autoscaling/tag:Tag", {
        autoscalingGroupName,
        tag: { key: `k8s.io/cluster-autoscaler/node-template/${key}`, value, propagateAtLaunch: false },
    });
}

/** To be called once by a file of tests. */
export function inFreshAccounts(): void {
    beforeEach(async () => {
        account = new SimulatedAccount();
        vpcId = await make(token("ec2", "Vpc"), { cidrBlock: "10.20.0.0/16" });
        subnetA = await subnet("10.20.0.0/20", "a");
        subnetB = await subnet("10.20.16.0/20", "b");
    });
    afterEach(() => account.close());
}
