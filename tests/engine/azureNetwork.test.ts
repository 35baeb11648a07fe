import { beginning, openAzure, subscription } from "./azureProgram";
import type { CloudScene } from "./cloudScene";

/** The simulated Azure through the real engine: a network, its addresses, and what is in use. */

let scene: CloudScene;

jest.setTimeout(120_000);
beforeAll(async () => {
    scene = await openAzure();
}, 1_200_000);
afterAll(() => scene.close());

interface Choice {
    readonly location?: string;
    readonly ranges?: readonly string[];
    readonly zones?: readonly string[];
    /** A second subnet. */
    readonly extra?: string;
    readonly more?: Readonly<Record<string, unknown>>;
}

/** A network with a subnet for nodes behind a NAT gateway. */
const network = ({
    location = "westeurope",
    ranges = ["10.20.0.0/16"],
    zones = ["1"],
    extra,
    more,
}: Choice) => `${beginning}
const network = new azure.network.VirtualNetwork("network", { ...place, location: "${location}", virtualNetworkName: "tars",
    addressSpace: { addressPrefixes: ${JSON.stringify(ranges)} }, ...${JSON.stringify(more ?? {})} });
const rules = new azure.network.NetworkSecurityGroup("rules", { ...place, networkSecurityGroupName: "nodes", securityRules: [] });
const address = new azure.network.PublicIPAddress("address", { ...place, publicIpAddressName: "egress", sku: { name: "Standard" },
    publicIPAllocationMethod: "Static", zones: ${JSON.stringify(zones)} });
const nat = new azure.network.NatGateway("nat", { ...place, natGatewayName: "egress", sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id }] });
const subnet = (name, addressPrefix, more) => new azure.network.Subnet(name, { resourceGroupName: group.name, virtualNetworkName: network.name,
    subnetName: name, addressPrefix, ...more });
const nodes = subnet("nodes", "10.20.0.0/20", { networkSecurityGroup: { id: rules.id }, natGateway: { id: nat.id } });
${extra === undefined ? "" : `nodes.id.apply(() => 0); new azure.network.Subnet("extra", { resourceGroupName: group.name, virtualNetworkName: network.name, subnetName: "extra", addressPrefix: "${extra}" }, { dependsOn: nodes });`}
exports.subnet = nodes.id;
exports.address = address.ipAddress;`;

test("ids have Azure's form, what Azure makes is unknown before, and nothing is to do afterwards", async () => {
    scene.program(network({}));
    expect(await scene.pulumi("preview")).toMatch(/address: \[unknown\]/);
    expect(await scene.up()).not.toContain("warning");
    const made = await scene.outputs();
    const path = "resourceGroups/tars/providers/Microsoft.Network/virtualNetworks/tars/subnets/nodes";
    expect(made).toEqual({
        subnet: `${subscription}/${path}`,
        address: expect.stringMatching(/^203\.0\.113\.\d+$/),
    });
    await scene.pulumi("preview", "--expect-no-changes");
    await scene.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});

test.each([
    ["10.20.8.0/21", /addressPrefix 10\.20\.8\.0\/21 overlaps .*subnets\/nodes \(10\.20\.0\.0\/20\)/],
    ["10.21.0.0/24", /10\.21\.0\.0\/24 is not inside the network \(10\.20\.0\.0\/16\)/],
    ["10.20.16.0/30", /must be \/29 or larger/],
])("a subnet of %s is refused", async (extra, reason) => {
    scene.program(network({ extra }));
    expect(await scene.refused(scene.up())).toMatch(reason);
});

test("what the plugin replaces, what it sends as an update, and what nobody knows are three things", async () => {
    const preview = async (choice: Choice) => {
        scene.program(network(choice));
        return scene.pulumi("preview", "--diff");
    };
    expect(await preview({ ranges: ["10.20.0.0/16", "10.30.0.0/16"] })).toMatch(/VirtualNetwork: \(update\)/);
    expect(await preview({ location: "northeurope" })).toMatch(/VirtualNetwork: \(replace\)/);
    const unknown = await preview({ more: { flowTimeoutInMinutes: 5 } });
    expect(unknown).toContain("what a change of flowTimeoutInMinutes does is unknown: confirm with a real preview");
    expect(unknown).toMatch(/VirtualNetwork: \(replace\)/);
});

test("what Azure refuses to change looks like an update, fails as one, and leaves everything as it was", async () => {
    scene.program(network({ zones: ["2"] }));
    expect(await scene.pulumi("preview", "--diff")).toMatch(/PublicIPAddress: \(update\)/);
    expect(await scene.refused(scene.up())).toContain("Azure does not let zones change");
    scene.program(network({ ranges: ["10.21.0.0/16"] }));
    expect(await scene.refused(scene.up())).toContain("10.20.0.0/20 is not inside the network (10.21.0.0/16)");
    scene.program(network({}));
    await scene.pulumi("preview", "--expect-no-changes");
});

test("nothing goes while something else uses it", async () => {
    // As after a run that lost its state: the engine no longer knows what the subnet uses.
    await scene.pulumi("state", "delete", "urn:pulumi:dev::program::azure-native:network:Subnet::nodes", "--yes");
    const failure = await scene.refused(scene.destroy());
    expect(failure).toMatch(/natGateways\/egress cannot be deleted: still in use by .*subnets\/nodes/);
});
