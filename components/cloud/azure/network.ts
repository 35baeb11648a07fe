import {
    NatGateway,
    NetworkSecurityGroup,
    PublicIPAddress,
    RouteTable,
    Subnet,
    VirtualNetwork,
} from "@pulumi/azure-native/network";
import type { input } from "@pulumi/azure-native/types";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { SubnetPlan } from "../../foundation/subnets";
import { callers } from "./entrance";
import { type BySubnet, rangeIn, type SubnetPurpose, subnetNames } from "./plan";
import { keep } from "./protection";
import { securityRules } from "./securityRules";
import type { AzureSettings } from "./settings";
import { placeOf, type Site } from "./site";

export interface NetworkArgs {
    readonly site: Site;
    readonly settings: AzureSettings["network"];
    readonly plan: readonly SubnetPlan[];
    /** Whether a database is to stand among the endpoints. */
    readonly hasDatabase: boolean;
    /** Whether topics of Event Hubs are. */
    readonly hasHubs: boolean;
}

/** The virtual network: a subnet for each purpose, each behind rules of its own, and one way out for the nodes. */
export class Network extends TarsComponent {
    readonly network: VirtualNetwork;
    readonly subnets: BySubnet<Subnet>;

    constructor(
        name: string,
        args: NetworkArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Network", name, opts);
        const child = { parent: this, provider: opts.provider };
        this.network = createNetwork(name, args, child);
        const egress = createEgress(name, args, child);
        this.subnets = createSubnets(name, args, { network: this.network, egress }, child);
        this.registerOutputs({ network: this.network.id });
    }
}

function createNetwork(name: string, { site, settings }: NetworkArgs, child: ChildOptions): VirtualNetwork {
    return new VirtualNetwork(
        `${name}-virtual-network`,
        {
            ...placeOf(site),
            virtualNetworkName: site.naming("virtualNetwork"),
            addressSpace: { addressPrefixes: [settings.cidr] },
        },
        { ...child, ...keep("virtualNetwork", site.rules) },
    );
}

/** What a subnet with a way out has beside its rules. */
type Egress = Pick<input.network.SubnetArgs, "natGateway" | "routeTable">;

function createEgress(name: string, { site, settings: { egress } }: NetworkArgs, child: ChildOptions): Egress {
    switch (egress.kind) {
        case "natGateway":
            return { natGateway: { id: createNatGateway(name, site, child).id } };
        case "firewall":
            return { routeTable: { id: createRoutes(name, site, egress.nextHop, child).id } };
    }
}

function createNatGateway(name: string, site: Site, child: ChildOptions): NatGateway {
    const address = new PublicIPAddress(
        `${name}-egress-address`,
        {
            ...placeOf(site),
            publicIpAddressName: site.naming("networkPart", "egress"),
            sku: { name: "Standard" },
            publicIPAllocationMethod: "Static",
            zones: [...site.zones],
        },
        child,
    );
    return new NatGateway(
        `${name}-nat-gateway`,
        {
            ...placeOf(site),
            natGatewayName: site.naming("networkPart", "egress"),
            // One gateway of this kind stands in a zone that Azure chooses, and its address in all of them.
            sku: { name: "Standard" },
            publicIpAddresses: [{ id: address.id }],
            idleTimeoutInMinutes: 4,
        },
        child,
    );
}

function createRoutes(name: string, site: Site, nextHop: string, child: ChildOptions): RouteTable {
    return new RouteTable(
        `${name}-routes`,
        {
            ...placeOf(site),
            routeTableName: site.naming("networkPart", "egress"),
            disableBgpRoutePropagation: true,
            routes: [
                {
                    name: "outside",
                    addressPrefix: "0.0.0.0/0",
                    nextHopType: "VirtualAppliance",
                    nextHopIpAddress: nextHop,
                },
            ],
        },
        child,
    );
}

interface Surroundings {
    readonly network: VirtualNetwork;
    readonly egress: Egress;
}

/** One after the other: Azure refuses a change to a network while another one is under way. */
function createSubnets(name: string, args: NetworkArgs, { network, egress }: Surroundings, child: ChildOptions) {
    const ranges = {
        subnets: rangesOf(args.plan),
        pods: args.settings.podCidr,
        callers: callers[args.site.exposure],
        hasDatabase: args.hasDatabase,
        hasHubs: args.hasHubs,
    };
    const made: Subnet[] = [];
    const create = (purpose: SubnetPurpose): Subnet => {
        const words = subnetNames[purpose];
        const group = new NetworkSecurityGroup(
            `${name}-rules-${words}`,
            {
                ...placeOf(args.site),
                networkSecurityGroupName: args.site.naming("networkPart", words),
                securityRules: [...securityRules(purpose, ranges)],
            },
            child,
        );
        const subnet = new Subnet(
            `${name}-subnet-${words}`,
            {
                resourceGroupName: args.site.group.name,
                virtualNetworkName: network.name,
                subnetName: words,
                addressPrefix: rangeIn(args.plan, purpose),
                networkSecurityGroup: { id: group.id },
                defaultOutboundAccess: false,
                ...particulars(egress)[purpose],
            },
            { ...child, dependsOn: made.slice(-1) },
        );
        made.push(subnet);
        return subnet;
    };
    return {
        apiServer: create("apiServer"),
        endpoints: create("endpoints"),
        gateways: create("gateways"),
        nodes: create("nodes"),
        // The last, so that each of the others waits for whom it always waited for.
        balancers: ranges.subnets.balancers === undefined ? undefined : create("balancers"),
    };
}

/** All that there are. */
export function subnetsOf({ balancers, ...standing }: BySubnet<Subnet>): Subnet[] {
    return [...Object.values(standing), ...(balancers === undefined ? [] : [balancers])];
}

function rangesOf(plan: readonly SubnetPlan[]): BySubnet<string> {
    return {
        apiServer: rangeIn(plan, "apiServer"),
        endpoints: rangeIn(plan, "endpoints"),
        gateways: rangeIn(plan, "gateways"),
        nodes: rangeIn(plan, "nodes"),
        balancers: plan.find(({ name }) => name === "balancers")?.cidr,
    };
}

function particulars(egress: Egress): Readonly<Record<SubnetPurpose, Partial<input.network.SubnetArgs>>> {
    return {
        apiServer: { delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }] },
        // Without it Azure would leave the rules of this subnet out for the endpoints in it.
        endpoints: { privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled" },
        balancers: {},
        gateways: {},
        nodes: egress,
    };
}
