import { isRegion } from "../../simulator/providers/aws/account";
import { architectureOf } from "../../simulator/providers/aws/kinds/nodeGroupChecks";
import {
    account,
    addon,
    arn,
    bare,
    cluster,
    forPods,
    inFreshAccounts,
    make,
    nodes,
    podIdentity,
    role,
    subnet,
    subnetA,
    subnetB,
    tagged,
    token,
    vpcId,
} from "./awsGround";

/** What the simulated AWS account takes and refuses of clusters and nodes. */

inFreshAccounts();

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
