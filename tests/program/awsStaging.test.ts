import { planPools } from "../../components/cloud/aws/plan";
import { awsSettings } from "../../components/cloud/aws/settings";
import { bytes, millicores } from "../../components/foundation/quantities";
import { type Graph, readGraph } from "./graph";
import { settingsOf } from "./stack";

let graph: Graph;
beforeAll(async () => {
    graph = await readGraph("staging");
});

const of = (kind: string) => graph.all.filter(({ type }) => type.endsWith(`:${kind}`) && /^(aws|eks):/.test(type));

test("staging has one way out for all zones", () => {
    expect(of("NatGateway")).toHaveLength(1);
    const ways = of("Route").map(({ inputs }) => inputs.natGatewayId ?? inputs.gatewayId);
    expect(ways.sort()).toEqual(["network-internet-id", ...Array(3).fill("network-nat-eu-central-1a-id")]);
});

test("staging's API server is reached from its allow-list, and from inside", () => {
    expect(of("Cluster")[0]?.inputs).toMatchObject({
        endpointPublicAccess: true,
        endpointPrivateAccess: true,
        publicAccessCidrs: ["203.0.113.0/24"],
        deletionProtection: false,
    });
});

test("staging starts at three burstable nodes, and may grow", () => {
    const general = of("NodeGroup").find(({ name }) => name === "nodes-general");
    expect(general?.inputs).toMatchObject({
        instanceTypes: ["t3.2xlarge"],
        scalingConfig: { minSize: 3, maxSize: 6, desiredSize: 3 },
    });
    const system = of("NodeGroup").find(({ name }) => name === "nodes-system");
    expect(system?.inputs).toMatchObject({ instanceTypes: ["t3.medium"] });
});

test("staging's nodes leave room for what EKS runs on each", () => {
    const [, general] = planPools(awsSettings.parse(settingsOf("staging").aws));
    expect(millicores(general?.allocatable.cpu ?? "0")).toBe(7910 - 180);
    expect(bytes(general?.allocatable.memory ?? "0")).toBe((29_317 - 120) * 2 ** 20);
    expect(general?.pods).toBe(110 - 4);
});

test("nothing of staging is protected or left behind, and volumes go with their claims", () => {
    expect(graph.all.filter(({ options }) => options?.protect || options?.retainOnDelete)).toEqual([]);
    for (const { inputs } of graph.of("StorageClass")) expect(inputs.reclaimPolicy).toBe("Delete");
    for (const { inputs } of of("Bucket")) expect(inputs.forceDestroy).toBe(true);
    for (const { inputs } of of("Repository")) expect(inputs.forceDelete).toBe(true);
});
