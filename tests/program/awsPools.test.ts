import { awsGraph, key, zones } from "./awsGraph";
import { type Graph, inNamespace, readGraph } from "./graph";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named } = awsGraph(graph));
});

describe("the pools", () => {
    const pools = ["system", "general", "compute", "memory", "gpu", "spot"];
    const bounds = Object.entries({
        system: [3, 6, 3],
        general: [6, 12, 6],
        compute: [2, 10, 3],
        memory: [1, 5, 2],
        gpu: [0, 4, 0],
        spot: [0, 10, 0],
    });

    test.each(bounds)(
        "of role %s has the documents' bounds, which a scaler moves within",
        (role, [minSize, maxSize, desiredSize]) => {
            const group = named("NodeGroup", `nodes-${role}`);
            expect(group.inputs.scalingConfig).toEqual({ minSize, maxSize, desiredSize });
            expect(group.options?.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
            expect(group.inputs.subnetIds).toEqual(zones.map((zone) => `network-nodes-${zone}-id`));
            const replaced = role === "gpu" ? { updateStrategy: "MINIMAL" } : {};
            expect(group.inputs.updateConfig).toEqual({ maxUnavailablePercentage: 33, ...replaced });
        },
    );

    test("are named by the engine, so that a pool of another machine stands before the old one goes", () => {
        for (const { inputs } of of("NodeGroup")) expect(inputs).not.toHaveProperty("nodeGroupName");
    });

    test("of spot nodes take every machine of the same size that the region sells, all others one", () => {
        const types = of("NodeGroup").map(({ name, inputs }) => [name, inputs.instanceTypes.length]);
        expect(named("NodeGroup", "nodes-spot").inputs.instanceTypes).toEqual(["m6idn.4xlarge", "m6id.4xlarge"]);
        expect(types.filter(([, count]) => count !== 1)).toEqual([["nodes-spot", 2]]);
    });

    test("use the machine's own disks where it has some, unless it runs Bottlerocket", () => {
        const told = of("LaunchTemplate").filter(({ inputs }) =>
            /^ {2}instance:\n {4}localStorage:\n {6}strategy: RAID0$/m.test(
                Buffer.from(inputs.userData, "base64").toString(),
            ),
        );
        expect(told.map(({ name }) => name).sort()).toEqual(["nodes-general-template", "nodes-spot-template"]);
    });

    test("are those of the roles, by label, and only general nodes take any pod", () => {
        expect(
            of("NodeGroup")
                .map(({ name }) => name)
                .sort(),
        ).toEqual(pools.map((role) => `nodes-${role}`).sort());
        const memory = named("NodeGroup", "nodes-memory").inputs;
        expect(memory.labels).toEqual({ "node-type": "memory-optimized" });
        expect(memory.taints).toEqual([{ key: "node-type", value: "memory-optimized", effect: "NO_SCHEDULE" }]);
        const open = of("NodeGroup").filter(({ inputs }) => inputs.taints.length === 0);
        expect(open.map(({ name }) => name)).toEqual(["nodes-general"]);
    });

    test("are made of the machines that the documents describe; GPUs come with NVIDIA's drivers, spot nodes from spot capacity", () => {
        const kinds = of("NodeGroup").map(({ name, inputs }) => [
            name,
            [inputs.instanceTypes[0], inputs.amiType, inputs.capacityType],
        ]);
        expect(Object.fromEntries(kinds)).toEqual({
            "nodes-system": ["m6i.xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-general": ["m6idn.4xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-compute": ["m6i.2xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-memory": ["r6i.2xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-gpu": ["g5.2xlarge", "BOTTLEROCKET_x86_64_NVIDIA", "ON_DEMAND"],
            "nodes-spot": ["m6idn.4xlarge", "AL2023_x86_64_STANDARD", "SPOT"],
        });
    });

    test("start from templates with encrypted disks, whose nodes tell pods nothing of the machine", () => {
        expect(of("LaunchTemplate")).toHaveLength(pools.length);
        for (const { inputs } of of("LaunchTemplate")) {
            expect(inputs.metadataOptions).toEqual({
                httpEndpoint: "enabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
            });
            const [{ deviceName, ebs }] = inputs.blockDeviceMappings;
            expect([deviceName, ebs.volumeType, ebs.encrypted, ebs.kmsKeyId]).toEqual([
                "/dev/xvda",
                "gp3",
                "true",
                key,
            ]);
            expect(Buffer.from(inputs.userData, "base64").toString()).toMatch(/^ {6}maxPods: 110$|^max-pods = 110$/m);
            expect(inputs.vpcSecurityGroupIds).toEqual(["eks-nodes-id"]);
        }
    });

    test("come after what makes a node ready, and before names, volumes and every pod of ours", () => {
        const group = named("NodeGroup", "nodes-general");
        const addon = (name: string) => named("Addon", name);
        for (const name of ["node-addons-vpc-cni", "node-addons-kube-proxy", "node-addons-eks-pod-identity-agent"]) {
            expect(graph.waitsFor(group, addon(name))).toBe(true);
        }
        for (const name of ["coredns", "aws-ebs-csi-driver", "metrics-server"].map((one) => `cluster-addons-${one}`)) {
            expect(graph.waitsFor(addon(name), group)).toBe(true);
            expect(graph.waitsFor(graph.named("Deployment", "tars-backend"), addon(name))).toBe(true);
        }
    });

    test("that may be empty tell the autoscaler what their nodes would be", () => {
        const told = of("Tag").map(({ inputs }) => [
            inputs.tag.key.replace("k8s.io/cluster-autoscaler/node-template/", ""),
            inputs.tag.value,
        ]);
        expect(told.sort()).toEqual([
            ["label/node-type", "gpu"],
            ["label/node-type", "spot"],
            ["resources/ephemeral-storage", "179Gi"],
            ["resources/ephemeral-storage", "792Gi"],
            ["resources/nvidia.com/gpu", "1"],
            ["taint/node-type", "spot:NoSchedule"],
            ["taint/nvidia.com/gpu", "present:NoSchedule"],
        ]);
    });

    test("are found by the autoscaler, which takes its role by the account that it runs under", () => {
        const [container] = graph.named("Deployment", "cluster-autoscaler").inputs.spec.template.spec.containers;
        expect(container.args).toContain(
            "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/tars-production",
        );
        // A node whose pods have scratch space would otherwise never go.
        expect(container.args).toContain("--skip-nodes-with-local-storage=false");
        // It evens out groups, and each pool is one group over all zones.
        expect(container.args).not.toContain("--balance-similar-node-groups");
        // What it calls answers within the network: the API server by its service address, AWS by private endpoints.
        const [toApis] = inNamespace(graph, "cluster-autoscaler").named("NetworkPolicy", "apis").inputs.spec.egress;
        expect(toApis.to).toEqual(["10.40.0.0/16", "10.4.0.0/14"].map((cidr) => ({ ipBlock: { cidr } })));
        const { namespace, serviceAccount } = named("PodIdentityAssociation", "cluster-autoscaler-association").inputs;
        expect(graph.named("ServiceAccount", serviceAccount).inputs.metadata.namespace).toBe(namespace);
    });
});
