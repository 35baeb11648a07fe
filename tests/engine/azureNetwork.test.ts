import { type AzureScene, openScene } from "./azureScene";

/** The simulated Azure through the real engine: a network, its addresses, and what is in use. */

let scene: AzureScene;
jest.setTimeout(120_000);
beforeAll(async () => {
    scene = await openScene();
}, 1_200_000);
afterAll(() => scene?.remove());

const network = (changes = "") => `
const options = { location: "westeurope", range: "10.20.0.0/16", nodes: "10.20.0.0/20", zones: ["1"], extra: false, ${changes} };
const network = new azure.network.VirtualNetwork("network", { ...place, location: options.location, virtualNetworkName: "tars-net", addressSpace: { addressPrefixes: [options.range] } });
const rules = new azure.network.NetworkSecurityGroup("rules", { ...place, networkSecurityGroupName: "nodes", securityRules: [] });
const address = new azure.network.PublicIPAddress("address", { ...place, publicIpAddressName: "egress", sku: { name: "Standard" }, publicIPAllocationMethod: "Static", zones: options.zones });
const nat = new azure.network.NatGateway("nat", { ...place, natGatewayName: "egress", sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id }] });
const nodes = new azure.network.Subnet("nodes", { resourceGroupName: group.name, virtualNetworkName: network.name, subnetName: "nodes", addressPrefix: options.nodes,
    networkSecurityGroup: { id: rules.id }, natGateway: { id: nat.id } });
if (options.extra) new azure.network.Subnet("extra", { resourceGroupName: group.name, virtualNetworkName: network.name, subnetName: "extra", addressPrefix: options.extra });
exports.subnet = nodes.id;
exports.address = address.ipAddress;
`;

test("a network comes up with Azure's ids, and a second preview and a refresh find nothing to do", async () => {
    scene.program(network());
    expect(await scene.pulumi("preview")).toContain("7 to create");
    await scene.up();
    const subscription = "/subscriptions/00000000-0000-0000-0000-000000000000";
    const outputs = JSON.parse(await scene.pulumi("stack", "output", "--json"));
    expect(outputs.subnet).toBe(
        `${subscription}/resourceGroups/tars/providers/Microsoft.Network/virtualNetworks/tars-net/subnets/nodes`,
    );
    expect(outputs.address).toMatch(/^203\.0\.113\.\d+$/);
    await scene.pulumi("preview", "--expect-no-changes");
    await scene.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});

test("subnets stay inside their network, apart from each other, and in its region", async () => {
    scene.program(network('extra: "10.20.8.0/21",'));
    expect(await scene.failure()).toMatch(
        /addressPrefix 10\.20\.8\.0\/21 overlaps .*subnets\/nodes \(10\.20\.0\.0\/20\)/,
    );
    scene.program(network('extra: "10.21.0.0/24",'));
    expect(await scene.failure()).toContain("10.21.0.0/24 is not inside the network (10.20.0.0/16)");
    scene.program(network('extra: "10.20.16.0/30",'));
    expect(await scene.failure()).toContain("must be /29 or larger");
    scene.program(network('extra: "10.20.16.0/29",'));
    await scene.up();
});

test("what the plugin replaces, sends as an update, and does not know are three things", async () => {
    scene.program(
        network('extra: "10.20.16.0/29",').replace(
            "addressPrefixes: [options.range]",
            'addressPrefixes: [options.range, "10.30.0.0/16"]',
        ),
    );
    expect(await scene.pulumi("preview", "--diff")).toMatch(/~ azure-native:network:VirtualNetwork: \(update\)/);
    scene.program(network('extra: "10.20.16.0/29", location: "northeurope",'));
    expect(await scene.pulumi("preview", "--diff")).toMatch(/VirtualNetwork: \(replace\)/);
    scene.program(
        network('extra: "10.20.16.0/29",').replace("addressSpace:", "flowTimeoutInMinutes: 5, addressSpace:"),
    );
    const unknown = await scene.pulumi("preview", "--diff");
    expect(unknown).toContain("what a change of flowTimeoutInMinutes does is unknown: confirm with a real preview");
    expect(unknown).toMatch(/VirtualNetwork: \(replace\)/);
});

test("what Azure refuses to change fails in the update, as it does there, and leaves everything as it was", async () => {
    scene.program(network('extra: "10.20.16.0/29", zones: ["2"],'));
    expect(await scene.pulumi("preview", "--diff")).toMatch(/PublicIPAddress: \(update\)/);
    expect(await scene.failure()).toContain("Azure does not let zones change");
    scene.program(network('extra: "10.20.16.0/29", range: "10.20.0.0/20",'));
    expect(await scene.failure()).toContain("10.20.16.0/29 is not inside the network");
    scene.program(network('extra: "10.20.16.0/29",'));
    await scene.pulumi("preview", "--expect-no-changes");
});

test("nothing goes while something else uses it", async () => {
    const without = (name: string) =>
        scene.pulumi("state", "delete", `urn:pulumi:dev::program::${name}`, "--yes", "--force");
    // A program that forgets a dependency deletes in the wrong order: here the state forgets the subnet.
    await without("azure-native:network:Subnet::nodes");
    scene.program(
        network('extra: "10.20.16.0/29",')
            .replace(/const nodes[\s\S]*?\}\);\n/, "const nodes = { id: '' };\n")
            .replace(/const rules.*\n/, ""),
    );
    expect(await scene.failure()).toMatch(
        /NetworkSecurityGroup .*cannot be deleted: still in use by azure-native:network:Subnet .*subnets\/nodes/,
    );
    scene.program("");
    const failure = await scene.failure("destroy", "--yes", "--skip-preview");
    expect(failure).toMatch(/natGateways\/egress cannot be deleted: still in use by .*subnets\/nodes/);
});
