import { azureGraph, type Inputs } from "./azureGraph";
import { type Graph, type Registration, readGraph } from "./graph";

let graph: Graph;
let all: ReturnType<typeof azureGraph>["all"];
let inputs: ReturnType<typeof azureGraph>["inputs"];
let one: ReturnType<typeof azureGraph>["one"];
beforeAll(async () => {
    graph = await readGraph("prod-azure");
    ({ all, inputs, one } = azureGraph(graph));
});

describe("the network", () => {
    const rules = (group: Registration, direction: string): Inputs[] =>
        inputs(group).securityRules.filter((rule: Inputs) => rule.direction === direction);

    test("has subnets for API server, endpoints, gateways and nodes, each behind rules of its own", () => {
        const subnets = all("network:Subnet").map((subnet) => inputs(subnet));
        expect(subnets.map(({ subnetName, addressPrefix }) => [subnetName, addressPrefix])).toEqual([
            ["api-server", "10.20.0.0/27"],
            ["endpoints", "10.20.0.128/25"],
            ["gateways", "10.20.1.0/24"],
            ["nodes", "10.20.4.0/22"],
        ]);
        expect(new Set(subnets.map(({ networkSecurityGroup }) => networkSecurityGroup.id)).size).toBe(4);
        expect(subnets.map(({ defaultOutboundAccess }) => defaultOutboundAccess)).toEqual([false, false, false, false]);
    });

    test("denies what no rule allows, both ways, last", () => {
        for (const group of all("network:NetworkSecurityGroup")) {
            for (const direction of ["Inbound", "Outbound"]) {
                const last = rules(group, direction).at(-1);
                expect(last).toMatchObject({ access: "Deny", priority: 4096, protocol: "*", sourceAddressPrefix: "*" });
                expect(last.destinationAddressPrefix).toBe("*");
            }
        }
    });

    test("lets nothing in from the Internet but callers of the gateway", () => {
        const allowed = all("network:NetworkSecurityGroup").flatMap((group) => rules(group, "Inbound"));
        const open = allowed.filter(
            ({ access, sourceAddressPrefix }) => access === "Allow" && ["*", "Internet"].includes(sourceAddressPrefix),
        );
        expect(open.map(({ name, destinationPortRanges }) => [name, destinationPortRanges])).toEqual([
            ["allow-inbound-callers", ["80", "443"]],
        ]);
    });

    test("gives its rules distinct priorities in each direction", () => {
        for (const group of all("network:NetworkSecurityGroup")) {
            for (const direction of ["Inbound", "Outbound"]) {
                const priorities = rules(group, direction).map(({ priority }) => priority);
                expect(new Set(priorities).size).toBe(priorities.length);
            }
        }
    });

    test("lets the API server reach the vault's endpoint, without which it cannot read its key", () => {
        const group = one("network:NetworkSecurityGroup", "network-rules-api-server");
        expect(rules(group, "Outbound")).toContainEqual(
            expect.objectContaining({
                access: "Allow",
                destinationAddressPrefix: "10.20.0.128/25",
                destinationPortRange: "443",
            }),
        );
    });

    test("hands the API server's subnet to AKS, and only nodes have a way out", () => {
        const delegated = inputs(one("network:Subnet", "network-subnet-api-server")).delegations;
        expect(delegated[0].serviceName).toBe("Microsoft.ContainerService/managedClusters");
        const out = all("network:Subnet").filter((subnet) => inputs(subnet).natGateway !== undefined);
        expect(out.map(({ name }) => name)).toEqual(["network-subnet-nodes"]);
    });

    test("makes its subnets one after the other, and endpoints after all of them", () => {
        const subnets = ["api-server", "endpoints", "gateways", "nodes"].map((name) =>
            one("network:Subnet", `network-subnet-${name}`),
        );
        for (const [index, later] of subnets.entries()) {
            for (const earlier of subnets.slice(0, index)) expect(graph.waitsFor(later, earlier)).toBe(true);
            for (const endpoint of all("network:PrivateEndpoint")) expect(graph.waitsFor(endpoint, later)).toBe(true);
        }
    });

    test("records its flows in an account without keys, and sums of them in the workspace", () => {
        const flows = inputs(one("network:FlowLog"));
        expect(flows).toMatchObject({ enabled: true, targetResourceId: "network-virtual-network-id" });
        expect(flows.storageId).toBe("storage-network-logs-account-id");
        expect(flows.identity.userAssignedIdentities).toEqual(["flow-logs-writer-id"]);
        const { networkWatcherFlowAnalyticsConfiguration: sums } = flows.flowAnalyticsConfiguration;
        expect(sums).toMatchObject({ enabled: true, workspaceResourceId: "logs-workspace-id" });
    });
});
