import { isRegion } from "../../simulator/providers/aws/account";
import { architectureOf } from "../../simulator/providers/aws/kinds/nodeGroupChecks";
import type { Properties } from "../../simulator/providers/properties";
import { SimulatedAccount } from "./simulatedAccount";

/** What the simulated AWS account refuses, each case in an account of its own that has a VPC with two subnets. */

let account: SimulatedAccount;
let vpcId: string;
let subnetA: string;
let subnetB: string;

const token = (module: string, name: string) => `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const make = async (type: string, inputs: Properties, name?: string) => (await account.make(type, inputs, name)).id;
const subnet = (cidrBlock: string, zone: string, vpc = vpcId) =>
    make(token("ec2", "Subnet"), { vpcId: vpc, cidrBlock, availabilityZone: `eu-central-1${zone}` }, cidrBlock);
const statement = (rest: Properties) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...rest }] });
const trust = (service: string, more: Properties = {}) => statement({ Principal: { Service: service }, ...more });
const role = (name: string, service: string, more: Properties = {}) =>
    make(token("iam", "Role"), { name, assumeRolePolicy: trust(service, more) }, name);
const addon = (addonName: string) => make(token("eks", "Addon"), { clusterName: "c", addonName }, addonName);
const attach = (name: string, policy: string) =>
    make(
        token("iam", "RolePolicyAttachment"),
        { role: name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        `${name}-${policy}`,
    );
const arn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

async function cluster(more: Properties = {}): Promise<string> {
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

async function nodes(more: Properties = {}, control: Properties = {}, addons: readonly string[] = []): Promise<string> {
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

async function podIdentity(trusted: Properties, service = "pods.eks.amazonaws.com"): Promise<string> {
    await role("pod", service, trusted);
    const place = { clusterName: await cluster(), namespace: "n", serviceAccount: "s" };
    return make(token("eks", "PodIdentityAssociation"), { ...place, roleArn: arn("pod") });
}

const bare = { bootstrapSelfManagedAddons: false };
const forPods = ["sts:AssumeRole", "sts:TagSession"];

/** A group that is empty to begin with, and a tag of it that tells the autoscaler of its nodes. */
async function tagged(key: string, value: string): Promise<string> {
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

beforeEach(async () => {
    account = new SimulatedAccount();
    vpcId = await make(token("ec2", "Vpc"), { cidrBlock: "10.20.0.0/16" });
    subnetA = await subnet("10.20.0.0/20", "a");
    subnetB = await subnet("10.20.16.0/20", "b");
});
afterEach(() => account.close());

test("a cluster with nodes is made, so that what is refused below is refused for its own reason", async () => {
    expect(await nodes()).toBe("c:g");
});

test.each<[what: string, attempt: () => Promise<unknown>]>([
    ["a pod's role that allows both actions", () => podIdentity({ Action: forPods })],
    ["a role that allows them with a star", () => podIdentity({ Action: "sts:*" })],
    ["nodes once the network's add-on is there", () => nodes({}, bare, ["vpc-cni"])],
    [
        "an empty group before it, as no node has to get ready",
        () => nodes({ scalingConfig: { minSize: 0, maxSize: 1, desiredSize: 0 } }, bare),
    ],
    ["a tag with the group's label", () => tagged("label/node-type", "gpu")],
    ["a tag with the group's taint", () => tagged("taint/nvidia.com/gpu", "present:NoSchedule")],
    ["a tag with what the machine has", () => tagged("resources/nvidia.com/gpu", "1")],
    ["a tag with a label that the cloud sets", () => tagged("label/topology.kubernetes.io/zone", "eu-central-1a")],
    ["a tag of what no node has to do with", () => tagged("options/ignore", "x")],
])("taken: %s", async (_what, attempt) => {
    await expect(attempt()).resolves.toEqual(expect.any(String));
});

test.each<[what: string, attempt: () => Promise<unknown>, reason: string]>([
    ["a VPC that is too wide", () => make(token("ec2", "Vpc"), { cidrBlock: "10.0.0.0/8" }), "must be of /16 to /28"],
    ["a range that is none", () => make(token("ec2", "Vpc"), { cidrBlock: "10.20.0.1/16" }), "must be an IPv4 range"],
    ["a subnet outside of its VPC", () => subnet("10.21.0.0/20", "a"), "10.21.0.0/20 is not within 10.20.0.0/16"],
    ["subnets that overlap", () => subnet("10.20.8.0/21", "b"), "10.20.8.0/21 overlaps 10.20.0.0/20 of subnet-0"],
    ["a zone of another region", () => subnet("10.20.32.0/20", "f"), "must be one of eu-central-1a"],
    ["something in what is not there", () => subnet("10.20.32.0/20", "a", "vpc-0123"), '"vpc-0123" does not exist'],
    ["a property that is missing", () => make(token("ec2", "Subnet"), { vpcId }), "cidrBlock is required"],
    [
        "a NAT gateway without one to the internet",
        async () =>
            make(token("ec2", "NatGateway"), { subnetId: subnetA, allocationId: await make(token("ec2", "Eip"), {}) }),
        "which has no internet gateway",
    ],
    [
        "two gateways of one VPC",
        async () => {
            await make(token("ec2", "InternetGateway"), { vpcId });
            await make(token("ec2", "InternetGateway"), { vpcId }, "two");
        },
        "already",
    ],
    [
        "a rule with bits beyond its prefix",
        async () =>
            make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
                securityGroupId: await make(token("ec2", "SecurityGroup"), { vpcId, name: "g", description: "d" }),
                ipProtocol: "tcp",
                fromPort: 1,
                toPort: 2,
                cidrIpv4: "10.0.0.1/8",
            }),
        "without bits beyond its prefix",
    ],
    [
        "an endpoint of another region",
        () => make(token("ec2", "VpcEndpoint"), { vpcId, serviceName: "com.amazonaws.us-east-1.s3" }),
        "must begin with com.amazonaws.eu-central-1.",
    ],
    [
        "a policy that is none",
        () => make(token("iam", "Role"), { name: "r", assumeRolePolicy: "{}" }),
        "must be a JSON document with statements",
    ],
    [
        "a managed policy that AWS does not have",
        async () => {
            await role("r", "ec2.amazonaws.com");
            await attach("r", "AmazonEksClusterPolicy");
        },
        "is none of AWS's policies",
    ],
    [
        "a second role of one name",
        async () => {
            await role("r", "ec2.amazonaws.com");
            await make(token("iam", "Role"), { name: "r", assumeRolePolicy: trust("ec2.amazonaws.com") }, "two");
        },
        "exists already",
    ],
    ["a bucket name that AWS keeps", () => make(token("s3", "Bucket"), { bucket: "xn--bucket" }), "that AWS keeps"],
    [
        "a policy of another bucket",
        async () => {
            const bucket = await make(token("s3", "Bucket"), { bucket: "ours" });
            await make(token("s3", "BucketPolicy"), {
                bucket,
                policy: statement({ Principal: "*", Resource: "arn:aws:s3:::theirs/*" }),
            });
        },
        "which is not of arn:aws:s3:::ours",
    ],
    [
        "a lock of what has no versions",
        async () => {
            const bucket = await make(token("s3", "Bucket"), { bucket: "ours" });
            await make(token("s3", "BucketObjectLockConfiguration"), {
                bucket,
                rule: { defaultRetention: { mode: "COMPLIANCE", days: 1 } },
            });
        },
        "has no versions to lock",
    ],
    [
        "what AWS's schema excludes",
        () => make(token("cloudwatch", "LogGroup"), { name: "l", retentionInDays: 31 }),
        "retentionInDays breaks AWS's schema",
    ],
    [
        "a key that may not encrypt logs",
        async () => {
            const { outputs } = await account.make(token("kms", "Key"), {});
            await make(token("cloudwatch", "LogGroup"), { name: "l", kmsKeyId: outputs.arn ?? "" });
        },
        "has no policy that lets logs.eu-central-1.amazonaws.com use it",
    ],
    [
        "a cluster whose role trusts another service",
        async () => {
            await role("r", "ec2.amazonaws.com");
            await make(token("eks", "Cluster"), {
                name: "c",
                roleArn: arn("r"),
                vpcConfig: { subnetIds: [subnetA, subnetB] },
            });
        },
        "does not let eks.amazonaws.com take it on",
    ],
    ["a cluster in one zone", () => cluster({ vpcConfig: { subnetIds: [subnetA] } }), "must be in at least two zones"],
    [
        "a cluster without an endpoint",
        () => cluster({ vpcConfig: { subnetIds: [subnetA, subnetB], endpointPublicAccess: false } }),
        "must leave one of the private and the public endpoint on",
    ],
    [
        "service addresses in the VPC",
        () => cluster({ kubernetesNetworkConfig: { serviceIpv4Cidr: "10.20.0.0/16" } }),
        "overlaps the range of vpc-0",
    ],
    ["a machine that is none", () => nodes({ instanceTypes: ["m9.large"] }), '"m9.large" is no machine'],
    [
        "more nodes than the most",
        () => nodes({ scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 3 } }),
        "minSize <= desiredSize <= maxSize",
    ],
    ["nodes newer than the cluster", () => nodes({ version: "1.37" }), "1.37 is newer than 1.36"],
    [
        "nodes in another VPC",
        async () => {
            const other = await make(token("ec2", "Vpc"), { cidrBlock: "10.30.0.0/16" }, "two");
            await nodes({ subnetIds: [await subnet("10.30.0.0/20", "a", other)] });
        },
        "where the cluster is",
    ],
    [
        "an entry for who made the cluster",
        async () =>
            make(token("eks", "AccessEntry"), {
                clusterName: await cluster(),
                principalArn: "arn:aws:iam::123456789012:user/simulator",
            }),
        "has an entry already",
    ],
    [
        "a pod's role that trusts another service",
        () => podIdentity({ Action: forPods }, "ec2.amazonaws.com"),
        "does not let pods.eks.amazonaws.com take it on",
    ],
    [
        "a pod's role that takes no tags",
        () => podIdentity({ Action: "sts:AssumeRole" }),
        "must allow sts:AssumeRole and sts:TagSession",
    ],
    [
        "a role that denies",
        () => podIdentity({ Effect: "Deny", Action: forPods }),
        "does not let pods.eks.amazonaws.com",
    ],
    [
        "a role for another way in",
        () => podIdentity({ Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"] }),
        "does not let pods.eks.amazonaws.com",
    ],
    ["nodes without a network", () => nodes({}, bare, ["kube-proxy"]), "c has no add-on vpc-cni yet"],
    [
        "an add-on that nobody has",
        async () => {
            await cluster();
            await addon("vpc-cnni");
        },
        '"vpc-cnni" is no add-on that the simulator knows',
    ],
    [
        "a machine that the region does not sell",
        () => nodes({ instanceTypes: ["p5.48xlarge"] }),
        'AWS does not sell "p5.48xlarge" in eu-central-1',
    ],
    [
        "an image of another architecture",
        () => nodes({ amiType: "AL2023_ARM_64_STANDARD" }),
        "[m6i.xlarge] is not a valid instance type for requested amiType AL2023_ARM_64_STANDARD",
    ],
    ["a tag with another label", () => tagged("label/node-type", "cpu"), "c:g have gpu"],
    ["a tag with a label that the group lacks", () => tagged("label/pool", "gpu"), "c:g have none of that name"],
    ["a tag with another taint", () => tagged("taint/nvidia.com/gpu", "true:NoSchedule"), "have present:NoSchedule"],
    ["a tag with more than the machine has", () => tagged("resources/nvidia.com/gpu", "4"), "c:g have 1"],
    [
        "service addresses of the internet",
        () => cluster({ kubernetesNetworkConfig: { serviceIpv4Cidr: "100.64.0.0/16" } }),
        "must be within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, got 100.64.0.0/16",
    ],
    [
        "service addresses that begin in a private range",
        () => cluster({ kubernetesNetworkConfig: { serviceIpv4Cidr: "172.0.0.0/11" } }),
        "must be within 10.0.0.0/8",
    ],
])("refused: %s", async (_what, attempt, reason) => {
    await expect((async () => attempt())()).rejects.toThrow(reason);
});

test.each<[what: string, remove: () => Promise<void>, reason: string]>([
    [
        "a VPC with subnets",
        () => account.remove(token("ec2", "Vpc"), vpcId),
        "still in use by aws:ec2/subnet:Subnet subnet-0",
    ],
    ["a subnet with nodes", () => account.remove(token("ec2", "Subnet"), subnetA), "aws:eks/nodeGroup:NodeGroup c:g"],
    ["a role with policies", () => account.remove(token("iam", "Role"), "nodes"), "nodes/arn:aws:iam::aws:policy/"],
    [
        "a cluster with nodes",
        () => account.remove(token("eks", "Cluster"), "c"),
        "still in use by aws:eks/nodeGroup:NodeGroup c:g",
    ],
])("not deleted: %s", async (_what, remove, reason) => {
    await nodes();
    await expect(remove()).rejects.toThrow(reason);
});

test.each([
    ["eu-central-1", true],
    ["eu-central-9", false],
    ["us-gov-west-1", false],
    ["cn-north-1", false],
])("region %s: %s", (region, known) => {
    expect(isRegion(region)).toBe(known);
});

test.each([
    ["m6i.xlarge", "x86_64"],
    ["g5.2xlarge", "x86_64"],
    ["c6gn.large", "arm64"],
    ["g5g.xlarge", "arm64"],
    ["x8g.16xlarge", "arm64"],
    ["u-6tb1.metal", "x86_64"],
    ["a1.large", "arm64"],
])("%s has %s processors", (machine, architecture) => {
    expect(architectureOf(machine)).toBe(architecture);
});

test("a control plane goes up by one minor version, and never back", async () => {
    const id = await cluster();
    const inputs = { name: "c", roleArn: arn("control"), vpcConfig: { subnetIds: [subnetA, subnetB] } };
    await expect(account.change(token("eks", "Cluster"), id, { ...inputs, version: "1.38" })).rejects.toThrow(
        "cannot go from 1.36 to 1.38",
    );
    expect(await account.change(token("eks", "Cluster"), id, { ...inputs, version: "1.37" })).toMatchObject({
        version: "1.37",
    });
    await expect(account.change(token("eks", "Cluster"), id, { ...inputs, version: "1.36" })).rejects.toThrow(
        "cannot go from 1.37 to 1.36",
    );
});
