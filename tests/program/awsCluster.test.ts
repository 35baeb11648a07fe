import { awsGraph, key } from "./awsGraph";
import { type Graph, readGraph } from "./graph";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
let only: ReturnType<typeof awsGraph>["only"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named, only } = awsGraph(graph));
});

describe("the control plane", () => {
    test("is private, encrypted, logged in full, let into by entries, and hard to delete", () => {
        expect(only("Cluster").inputs).toMatchObject({
            name: "tars-production",
            version: "1.36",
            authenticationMode: "API",
            endpointPrivateAccess: true,
            endpointPublicAccess: false,
            encryptionConfigKeyArn: key,
            enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            kubernetesServiceIpAddressRange: "10.4.0.0/14",
            deletionProtection: true,
            createOidcProvider: false,
            skipDefaultNodeGroup: true,
            skipDefaultSecurityGroups: true,
        });
        expect(only("Cluster").inputs).not.toHaveProperty("publicAccessCidrs");
    });

    test("comes after its log group, its role's policies and the network; it has a provider of its own", () => {
        const cluster = only("Cluster");
        for (const earlier of [
            named("LogGroup", "logs-cluster"),
            named("RolePolicyAttachment", "cluster-AmazonEKSClusterPolicy"),
            ...of("NatGateway"),
        ]) {
            expect(graph.waitsFor(cluster, earlier)).toBe(true);
        }
        expect(cluster.provider).toMatch(/pulumi:providers:eks::eks$/);
    });

    test("has its audit records copied to another account, all of them", () => {
        const { inputs, sources } = only("LogSubscriptionFilter");
        expect(inputs).toMatchObject({ logGroup: "/aws/eks/tars-production/cluster", filterPattern: "" });
        expect(inputs.destinationArn).toMatch(/^arn:aws:logs:eu-central-1:(?!123456789012)\d{12}:destination:/);
        expect(sources.logGroup).toEqual([named("LogGroup", "logs-cluster").urn]);
    });

    test("brings no add-on by itself; the stack's are exact versions", () => {
        expect(only("Cluster").inputs).toMatchObject({
            bootstrapSelfManagedAddons: false,
            useDefaultVpcCni: true,
            kubeProxyAddonOptions: { enabled: false },
            corednsAddonOptions: { enabled: false },
        });
        const versions = of("Addon").map(({ inputs }) => [inputs.addonName, inputs.addonVersion]);
        expect(Object.keys(Object.fromEntries(versions)).sort()).toEqual([
            "aws-ebs-csi-driver",
            "coredns",
            "eks-pod-identity-agent",
            "kube-proxy",
            "metrics-server",
            "snapshot-controller",
            "vpc-cni",
        ]);
        for (const [, version] of versions) expect(version).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    });

    test("says what pods use, from the system's nodes", () => {
        const server = of("Addon").find(({ inputs }) => inputs.addonName === "metrics-server");
        expect(JSON.parse(server?.inputs.configurationValues)).toEqual({
            nodeSelector: { "node-type": "system" },
            tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
        });
    });

    test("gives pods whole prefixes of addresses, and enforces network policies", () => {
        const cni = of("Addon").find(({ inputs }) => inputs.addonName === "vpc-cni");
        expect(JSON.parse(cni?.inputs.configurationValues)).toMatchObject({
            env: { ENABLE_PREFIX_DELEGATION: "true" },
            enableNetworkPolicy: "true",
        });
    });

    test("is reached with the caller's own login: no token, no profile", () => {
        const provider = graph.all.find(
            ({ type, name }) => type === "pulumi:providers:kubernetes" && name === "cluster",
        );
        const { users } = JSON.parse(String(provider?.inputs.kubeconfig));
        expect(users).toEqual([
            {
                name: "tars-production",
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: [
                            "eks",
                            "get-token",
                            "--cluster-name",
                            "tars-production",
                            "--region",
                            "eu-central-1",
                            "--output",
                            "json",
                        ],
                        interactiveMode: "Never",
                    },
                },
            },
        ]);
        expect(provider?.inputs.clusterIdentifier).toBe("[endpoint]");
    });
});

test("Karpenter finds its roles, a way in for its nodes, and a queue that tells of their ends", () => {
    expect(only("AccessEntry").inputs).toMatchObject({
        principalArn: "[arn of karpenter-nodes-role]",
        type: "EC2_LINUX",
    });
    expect(only("Queue").inputs).toMatchObject({ name: "tars-production-karpenter", sqsManagedSseEnabled: true });
    expect(
        of("EventRule")
            .map(({ name }) => name)
            .sort(),
    ).toEqual(
        of("EventTarget")
            .map(({ name }) => name.replace("-target", ""))
            .sort(),
    );
    expect(of("EventRule")).toHaveLength(4);
});

test("Karpenter tags what it makes as it makes it, and later only instances of its own", () => {
    const policy = of("RolePolicy").find(({ name }) => name.startsWith("karpenter-controller"));
    const { Statement } = JSON.parse(String(policy?.inputs.policy));
    const tags = Statement.filter(({ Action }: { Action: string[] }) => Action.includes("ec2:CreateTags"));
    expect(tags.map(({ Condition }: { Condition: object }) => Condition)).toEqual([
        {
            StringEquals: {
                "aws:RequestTag/kubernetes.io/cluster/tars-production": "owned",
                "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
            },
        },
        {
            StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/tars-production": "owned" },
            "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
        },
    ]);
    expect(tags[1].Resource).toEqual(["arn:aws:ec2:eu-central-1:*:instance/*"]);
});
