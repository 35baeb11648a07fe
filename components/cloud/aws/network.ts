import {
    DefaultSecurityGroup,
    Eip,
    InternetGateway,
    NatGateway,
    Route,
    RouteTable,
    RouteTableAssociation,
    Subnet,
    Vpc,
} from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { everywhere } from "../../foundation/ranges";
import type { SubnetPlan } from "../../foundation/subnets";
import { createAccessLists } from "./accessLists";
import type { AwsAccount } from "./account";
import { createEndpoints } from "./endpoints";
import { createFlowLog } from "./flowLogs";
import type { Logs } from "./logs";
import { planNetwork, type SubnetPurpose } from "./plan";
import type { PlacedSubnet, PlacedSubnets, Site } from "./site";

export interface NetworkArgs {
    readonly account: AwsAccount;
    readonly logs: Logs;
}

/** A VPC over the stack's zones: a subnet for each purpose in every zone, ways out for nodes, none for data, and a record of who talked to whom. */
export class Network extends TarsComponent {
    readonly id: pulumi.Output<string>;
    readonly subnets: Readonly<Record<SubnetPurpose, readonly pulumi.Output<string>[]>>;

    constructor(name: string, { account, logs }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Network", name, opts);
        const site: Site = { name, account, parent: this };
        const vpc = createVpc(site);
        const subnets = createSubnets(site, vpc);
        const tables = createRoutes(site, vpc, subnets);
        createAccessLists(site, vpc, subnets);
        createEndpoints(site, vpc, { subnets: subnets.nodes, tables });
        createFlowLog(site, vpc, logs);
        this.id = vpc.id;
        this.subnets = { public: ids(subnets.public), data: ids(subnets.data), nodes: ids(subnets.nodes) };
        this.registerOutputs({ id: this.id, subnets: this.subnets });
    }
}

/** The group that AWS gives to what names none lets nothing through. */
function createVpc({ name, account, parent }: Site): Vpc {
    const { name: stack, network } = account.section;
    const vpc = new Vpc(
        `${name}-vpc`,
        {
            cidrBlock: network.cidr,
            enableDnsSupport: true,
            // Private endpoints, the API server's among them, are found by name.
            enableDnsHostnames: true,
            tags: account.tags(stack),
        },
        account.kept("vpc", parent),
    );
    const closed = { vpcId: vpc.id, ingress: [], egress: [], tags: account.tags(`${stack}-closed`) };
    new DefaultSecurityGroup(`${name}-closed`, closed, account.child(parent));
    return vpc;
}

function createSubnets(site: Site, vpc: Vpc): PlacedSubnets {
    const planned = planNetwork(site.account.section);
    if (!planned.fits) throw new RangeError("subnets that do not fit passed the check");
    const of = (purpose: SubnetPurpose) =>
        planned.subnets.flatMap((plan) => (plan.name === purpose ? [createSubnet(site, vpc, purpose, plan)] : []));
    return { public: of("public"), data: of("data"), nodes: of("nodes") };
}

/** By these tags load balancers find their subnets. @see https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html */
const purposeTags = {
    public: { "kubernetes.io/role/elb": "1" },
    data: {},
    nodes: { "kubernetes.io/role/internal-elb": "1" },
} as const satisfies Readonly<Record<SubnetPurpose, Readonly<Record<string, string>>>>;

function createSubnet(
    { name, account, parent }: Site,
    vpc: Vpc,
    purpose: SubnetPurpose,
    { cidr, zone = "" }: SubnetPlan,
): PlacedSubnet {
    const physical = `${account.section.name}-${purpose}-${zone}`;
    const subnet = new Subnet(
        `${name}-${purpose}-${zone}`,
        {
            vpcId: vpc.id,
            cidrBlock: cidr,
            availabilityZone: zone,
            mapPublicIpOnLaunch: false,
            tags: { ...account.tags(physical), ...purposeTags[purpose] },
        },
        account.kept("subnet", parent),
    );
    return { zone, subnet };
}

/** @returns the tables of nodes, which the way to S3 is written into; data subnets have no way out at all, and their access list would block it */
function createRoutes(site: Site, vpc: Vpc, subnets: PlacedSubnets): readonly RouteTable[] {
    const { name, account, parent } = site;
    const tags = account.tags(account.section.name);
    const gateway = new InternetGateway(`${name}-internet`, { vpcId: vpc.id, tags }, account.child(parent));
    const open = createTable(site, vpc, "public", subnets.public);
    const wayOut = { routeTableId: open.id, destinationCidrBlock: everywhere, gatewayId: gateway.id };
    const opened = new Route(`${name}-public-out`, wayOut, account.child(parent));
    const ways = createWaysOut(site, subnets.public, opened);
    const nodes = subnets.nodes.map(({ zone, subnet }, index) => {
        const table = createTable(site, vpc, `nodes-${zone}`, [{ zone, subnet }]);
        const natGatewayId = (ways[index] ?? ways[0])?.id;
        if (natGatewayId === undefined) throw new RangeError("nodes without a way out");
        const out = { routeTableId: table.id, destinationCidrBlock: everywhere, natGatewayId };
        new Route(`${name}-nodes-${zone}-out`, out, account.child(parent));
        return table;
    });
    createTable(site, vpc, "data", subnets.data);
    return nodes;
}

function createTable(
    { name, account, parent }: Site,
    vpc: Vpc,
    purpose: string,
    subnets: readonly PlacedSubnet[],
): RouteTable {
    const tags = account.tags(`${account.section.name}-${purpose}`);
    const table = new RouteTable(`${name}-${purpose}-routes`, { vpcId: vpc.id, tags }, account.child(parent));
    for (const { zone, subnet } of subnets) {
        const args = { routeTableId: table.id, subnetId: subnet.id };
        const base = purpose.endsWith(zone) ? purpose : `${purpose}-${zone}`;
        new RouteTableAssociation(`${name}-${base}-routes`, args, account.child(parent));
    }
    return table;
}

/** A gateway works once its own subnet has a way out. */
function createWaysOut(
    { name, account, parent }: Site,
    subnets: readonly PlacedSubnet[],
    opened: Route,
): readonly NatGateway[] {
    const { name: stack, network } = account.section;
    const used = network.natGateways === "single" ? subnets.slice(0, 1) : subnets;
    return used.map(({ zone, subnet }) => {
        const tags = account.tags(`${stack}-${zone}`);
        const address = new Eip(`${name}-out-${zone}`, { domain: "vpc", tags }, account.child(parent));
        const args = { allocationId: address.id, subnetId: subnet.id, tags };
        return new NatGateway(`${name}-nat-${zone}`, args, { ...account.child(parent), dependsOn: [opened] });
    });
}

function ids(subnets: readonly PlacedSubnet[]): readonly pulumi.Output<string>[] {
    return subnets.map(({ subnet }) => subnet.id);
}
