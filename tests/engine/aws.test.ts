import { CloudScene } from "./cloudScene";

/** Through the real engine: the simulated AWS account, and nothing else. */

let scene: CloudScene;

jest.setTimeout(120_000);
beforeAll(async () => {
    scene = await CloudScene.open("aws");
}, 1_200_000);
afterAll(() => scene.close());
afterEach(async () => {
    scene.write("cloud/faults.json", "[]");
    await scene.destroy();
});

const beginning = `
const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
const config = new pulumi.Config();
const provider = new aws.Provider("aws", { region: "eu-central-1", allowedAccountIds: ["123456789012"] });
const opts = { provider };
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: config.get("range") ?? "10.20.0.0/16", enableDnsHostnames: true, tags: { Name: "vpc" } }, opts);
const subnet = (name, cidrBlock, zone, more) => new aws.ec2.Subnet(name, { vpcId: vpc.id, cidrBlock, availabilityZone: "eu-central-1" + zone, ...more }, opts);
`;

const account = async () => JSON.parse(scene.read("cloud/aws.json"));

test("a network: ids and ARNs in AWS's form, unknown before, the same at the second preview, gone after", async () => {
    scene.program(`${beginning}
const a = subnet("a", "10.20.0.0/20", "a");
const gateway = new aws.ec2.InternetGateway("gateway", { vpcId: vpc.id }, opts);
const eip = new aws.ec2.Eip("eip", { domain: "vpc" }, { ...opts, dependsOn: gateway });
const nat = new aws.ec2.NatGateway("nat", { subnetId: a.id, allocationId: eip.id }, { ...opts, dependsOn: gateway });
const table = new aws.ec2.RouteTable("table", { vpcId: vpc.id }, opts);
new aws.ec2.Route("route", { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id }, opts);
new aws.ec2.RouteTableAssociation("association", { routeTableId: table.id, subnetId: a.id }, opts);
const closed = new aws.ec2.DefaultSecurityGroup("closed", { vpcId: vpc.id }, opts);
const group = new aws.ec2.SecurityGroup("group", { vpcId: vpc.id, name: "group", description: "of a test" }, opts);
new aws.vpc.SecurityGroupIngressRule("rule", { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/8" }, opts);
module.exports = { vpc: vpc.id, arn: vpc.arn, zone: a.availabilityZoneId, tags: vpc.tagsAll, closed: closed.id, default: vpc.defaultSecurityGroupId };`);
    expect(await scene.pulumi("preview", "--diff")).toMatch(/arn\s*: \[unknown\]/);
    expect(await scene.up()).not.toContain("warning");
    const made = await scene.outputs();
    expect(made).toMatchObject({ zone: "euc1-az1", tags: { Name: "vpc", simulated: "true" } });
    expect(made.vpc).toMatch(/^vpc-0[0-9a-f]{16}$/);
    expect(made.arn).toBe(`arn:aws:ec2:eu-central-1:123456789012:vpc/${made.vpc}`);
    expect(made.closed).toBe(made.default);
    await scene.pulumi("preview", "--expect-no-changes");
    await scene.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await scene.destroy();
    expect((await account()).resources).toEqual([]);
});

test("what changes in place, what makes anew, and what nobody knows", async () => {
    const program = (range: string, more: string) =>
        `${beginning.replace('config.get("range") ?? "10.20.0.0/16"', `"${range}"`)}
subnet("a", "${range.replace(".0.0/16", ".0.0/20")}", "a", { mapPublicIpOnLaunch: ${range !== "10.20.0.0/16"}, ${more} });`;
    scene.program(program("10.20.0.0/16", ""));
    await scene.up();
    scene.program(program("10.20.0.0/16", "privateDnsHostnameTypeOnLaunch: 'ip-name'"));
    expect(await scene.pulumi("preview", "--diff")).toMatch(/~ aws:ec2\/subnet:Subnet: \(update\)/);
    scene.program(program("10.20.0.0/16", "customerOwnedIpv4Pool: 'pool'"));
    const unknown = await scene.pulumi("preview", "--diff");
    expect(unknown).toContain("what a change of customerOwnedIpv4Pool does is unknown: confirm with a real preview");
    expect(unknown).toMatch(/aws:ec2\/subnet:Subnet: \(replace\)/);
    scene.program(program("10.30.0.0/16", ""));
    expect(await scene.up()).toMatch(/Vpc +vpc (created )?replace/);
    expect(
        (await account()).resources.map(({ inputs }: { inputs: { cidrBlock: string } }) => inputs.cidrBlock),
    ).toEqual(["10.30.0.0/16", "10.30.0.0/20"]);
});

test("what cannot be is refused: of itself in the preview, given what else exists when it is made", async () => {
    scene.program(`${beginning} subnet("a", "10.20.0.0/20", "f");`);
    const zones = "must be one of eu-central-1a, eu-central-1b, eu-central-1c, got eu-central-1f";
    expect(await scene.refused(scene.pulumi("preview"))).toContain(zones);
    scene.program(`${beginning} subnet("a", "10.21.0.0/20", "a");`);
    await scene.pulumi("preview");
    expect(await scene.refused(scene.up())).toContain("10.21.0.0/20 is not within 10.20.0.0/16");
});

test("a type or function that the simulator does not have, and another account, are refused by name", async () => {
    scene.program(`${beginning} new aws.backup.Vault("v", {}, opts);`);
    expect(await scene.refused(scene.pulumi("preview"))).toContain("no resource type aws:backup/vault:Vault");
    scene.program(`${beginning} module.exports = aws.getBillingServiceAccount({}, opts);`);
    expect(await scene.refused(scene.pulumi("preview"))).toContain("no function aws:index/getBillingServiceAccount");
    scene.program(
        'new (require("@pulumi/aws").Provider)("other", { region: "eu-central-1", allowedAccountIds: ["210987654321"] });',
    );
    expect(await scene.refused(scene.pulumi("preview"))).toContain("does not have the simulated account");
});
