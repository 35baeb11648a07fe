import type { input } from "@pulumi/azure-native/types";
import { hubsPort } from "./hubsPlan";
import type { BySubnet, SubnetPurpose } from "./plan";

type SecurityRule = input.network.SecurityRuleArgs;

/** What a rule is about; everything else of it follows from its place in the list. */
interface Allowed {
    readonly name: string;
    readonly from: readonly string[];
    readonly to: readonly string[];
    readonly protocol: "Tcp" | "Udp" | "*";
    readonly ports: readonly string[];
}

export interface Ranges {
    /** With one for balancers where an application gateway stands before the gateway. */
    readonly subnets: BySubnet<string>;
    readonly pods: string;
    /** Whether a database stands among the endpoints. */
    readonly hasDatabase: boolean;
    /** Whether topics of Event Hubs are called there. */
    readonly hasHubs: boolean;
    /** Service tag of those who may come to the gateway. */
    readonly callers: string;
}

interface Traffic {
    readonly inbound: readonly Allowed[];
    readonly outbound: readonly Allowed[];
}

/**
 * What each subnet lets through. Pods have addresses of their own, which Azure's rules see as they are.
 *
 * Nodes and pods reach each other, their API server and the outside (AKS pulls images and reports over TCP 443, keeps time over UDP 123);
 * the API server reaches kubelets and webhooks, and the vault's endpoint for the key of its secrets; its load balancer probes 9988. Callers
 * come to the gateway with their own address, to that of its load balancer: nodes get the packets as they are.
 *
 * @see https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
 * @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration#network-security-group-nsg-security-rules
 * @see https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations
 * @see https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
 */
function trafficOf({ subnets, pods, callers, hasDatabase, hasHubs }: Ranges): Readonly<Record<SubnetPurpose, Traffic>> {
    const { apiServer, endpoints, nodes } = subnets;
    const inside = [nodes, pods];
    const ways = subnets.balancers === undefined ? openWays : guardedWays;
    const { callersOfNodes, ...front } = ways({ subnets, inside, callers });
    const https = { protocol: "Tcp", ports: ["443"] } as const;
    return {
        nodes: {
            inbound: [
                { name: "nodes-and-pods", from: inside, to: inside, ...all },
                { name: "api-server", from: [apiServer], to: inside, ...all },
                ...callersOfNodes,
            ],
            outbound: [
                { name: "nodes-and-pods", from: inside, to: inside, ...all },
                { name: "networks", from: inside, to: ["VirtualNetwork"], ...all },
                { name: "web", from: inside, to: ["Internet"], protocol: "Tcp", ports: ["80", "443"] },
                { name: "time", from: inside, to: ["Internet"], protocol: "Udp", ports: ["123"] },
            ],
        },
        apiServer: {
            inbound: [
                { name: "nodes-and-pods", from: inside, to: [apiServer], protocol: "Tcp", ports: ["443", "4443"] },
                { name: "networks", from: ["VirtualNetwork"], to: [apiServer], ...https },
                { name: "load-balancer", from: ["AzureLoadBalancer"], to: [apiServer], ...all },
            ],
            outbound: [
                { name: "nodes-and-pods", from: [apiServer], to: inside, ...all },
                { name: "endpoints", from: [apiServer], to: [endpoints], ...https },
            ],
        },
        endpoints: {
            inbound: [
                { name: "networks", from: ["VirtualNetwork"], to: [endpoints], ...https },
                { name: "pods", from: [pods], to: [endpoints], ...https },
                ...(hasDatabase ? [queries(inside, endpoints)] : []),
                ...(hasHubs ? [events(inside, endpoints)] : []),
            ],
            outbound: [],
        },
        ...front,
    };
}

/** From nodes and pods to a database of PostgreSQL. */
function queries(inside: readonly string[], endpoints: string): Allowed {
    return { name: "queries", from: inside, to: [endpoints], protocol: "Tcp", ports: ["5432"] };
}

/** The same to topics of Event Hubs, as Kafka's clients call them. */
function events(inside: readonly string[], endpoints: string): Allowed {
    return { name: "events", from: inside, to: [endpoints], protocol: "Tcp", ports: [`${hubsPort}`] };
}

const all = { protocol: "*", ports: ["*"] } as const;
const balancerProbes: Allowed = { name: "load-balancer", from: ["AzureLoadBalancer"], to: ["*"], ...all };

interface Front extends Pick<Ranges, "subnets" | "callers"> {
    /** Nodes and pods. */
    readonly inside: readonly string[];
}

/** How callers come to the gateway: what nodes let in for it, and the subnets of what may stand before it. */
interface Ways extends Readonly<Record<"gateways" | "balancers", Traffic>> {
    readonly callersOfNodes: readonly Allowed[];
}

/** To the nodes, with addresses of their own. The subnet of application gateways is empty. */
function openWays({ subnets: { gateways }, inside, callers }: Front): Ways {
    return {
        callersOfNodes: [
            { name: "gateways", from: [gateways], to: inside, protocol: "Tcp", ports: ["*"] },
            balancerProbes,
            { name: "callers", from: [callers], to: ["*"], protocol: "Tcp", ports: ["80", "443"] },
        ],
        gateways: {
            inbound: [balancerProbes],
            outbound: [{ name: "nodes-and-pods", from: [gateways], to: inside, protocol: "Tcp", ports: ["*"] }],
        },
        balancers: { inbound: [], outbound: [] },
    };
}

/**
 * To an application gateway, which alone calls the nodes. Azure itself calls it at ports of its own, and wants nothing refused of what it
 * calls: networks and the Internet are what a group without rules would let it reach.
 *
 * @see https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#network-security-groups
 */
function guardedWays({ subnets: { gateways, balancers }, inside, callers }: Front): Ways {
    const own = balancers === undefined ? [] : [balancers];
    return {
        callersOfNodes: [
            { name: "gateways", from: [gateways], to: [...inside, ...own], protocol: "Tcp", ports: ["443"] },
            balancerProbes,
        ],
        gateways: {
            inbound: [
                { name: "callers", from: [callers], to: [gateways], protocol: "Tcp", ports: ["80", "443"] },
                {
                    name: "gateway-manager",
                    from: ["GatewayManager"],
                    to: ["*"],
                    protocol: "Tcp",
                    ports: ["65200-65535"],
                },
                balancerProbes,
            ],
            outbound: [
                { name: "networks", from: [gateways], to: ["VirtualNetwork"], ...all },
                { name: "internet", from: [gateways], to: ["Internet"], ...all },
            ],
        },
        balancers: {
            inbound: [{ name: "gateways", from: [gateways], to: own, protocol: "Tcp", ports: ["443"] }, balancerProbes],
            outbound: [],
        },
    };
}

/** The rules of one subnet, in Azure's form: first what is allowed, then that nothing else is, both ways. */
export function securityRules(purpose: SubnetPurpose, ranges: Ranges): readonly SecurityRule[] {
    const { inbound, outbound } = trafficOf(ranges)[purpose];
    return [
        ...inbound.map((allowed, index) => ruleOf("Inbound", allowed, index)),
        denyAll("Inbound"),
        ...outbound.map((allowed, index) => ruleOf("Outbound", allowed, index)),
        denyAll("Outbound"),
    ];
}

type Direction = "Inbound" | "Outbound";

function ruleOf(direction: Direction, { name, from, to, protocol, ports }: Allowed, index: number): SecurityRule {
    return {
        name: `allow-${direction.toLowerCase()}-${name}`,
        // Azure takes 100 to 4096, the lowest first; tens leave room for a rule added by hand in an emergency.
        priority: 100 + 10 * index,
        direction,
        access: "Allow",
        protocol,
        sourcePortRange: "*",
        ...one("sourceAddressPrefix", from),
        ...one("destinationAddressPrefix", to),
        ...(ports.length === 1 ? { destinationPortRange: ports[0] } : { destinationPortRanges: [...ports] }),
    };
}

/** Azure has one property for a single range or service tag and another for several ranges. */
function one(property: "sourceAddressPrefix" | "destinationAddressPrefix", values: readonly string[]) {
    return values.length === 1 ? { [property]: values[0] } : { [`${property}es`]: [...values] };
}

function denyAll(direction: Direction): SecurityRule {
    return {
        name: `deny-${direction.toLowerCase()}-rest`,
        priority: 4096,
        direction,
        access: "Deny",
        protocol: "*",
        sourcePortRange: "*",
        sourceAddressPrefix: "*",
        destinationAddressPrefix: "*",
        destinationPortRange: "*",
    };
}
