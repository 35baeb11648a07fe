import { addressesIn, cidr, cidrOf, contains, overlap } from "../../../../components/foundation/cidr";
import type { CloudView } from "../../cloud/kind";
import { numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { sameId } from "../ids";
import { tokens } from "../tokens";

/**
 * Of every subnet Azure keeps the first four addresses and the last one, and /29 is the smallest.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
 */
const kept = 5;
const longestPrefix = 29;

/** A subnet that is there and the addresses it has. */
export interface Occupied {
    readonly id: string;
    readonly ranges: readonly string[];
}

/** Ranges of a network or subnet. */
export function prefixesOf(properties: Properties): readonly string[] {
    return [
        ...textsAt(properties, "addressSpace.addressPrefixes"),
        ...textsAt(properties, "addressPrefixes"),
        ...textsAt(properties, "addressPrefix"),
    ];
}

/** What is wrong with a subnet's addresses within a network, beside its other subnets. */
export function addressIssues(subnet: Properties, network: Properties, others: readonly Occupied[]): InputIssue[] {
    const property = "addressPrefix" in subnet ? "addressPrefix" : "addressPrefixes";
    const own = prefixesOf(subnet);
    if (own.length === 0) return [{ property, reason: "must have a range" }];
    return own.flatMap((text) => {
        const range = cidrOf(text);
        if (range === undefined)
            return [{ property, reason: `must be an IPv4 range without bits beyond its prefix, got "${text}"` }];
        const inside = prefixesOf(network).some((outer) => contains(cidr(outer), range));
        const taken = others.filter(({ ranges }) => ranges.some((other) => overlap(cidr(other), range)));
        return [
            ...(range.prefix > longestPrefix
                ? [{ property, reason: `must be /${longestPrefix} or larger, got ${text}` }]
                : []),
            ...(inside
                ? []
                : [{ property, reason: `${text} is not inside the network (${prefixesOf(network).join(", ")})` }]),
            ...taken.map(({ id, ranges }) => ({ property, reason: `${text} overlaps ${id} (${ranges.join(", ")})` })),
        ];
    });
}

/** Addresses of a subnet that machines and load balancers can have. */
export function roomIn(subnet: Properties): number {
    return prefixesOf(subnet).reduce((sum, text) => sum + addressesIn(cidr(text)) - kept, 0);
}

/** A pool's claim on a subnet: one address a node, and one more for each node that an upgrade adds. */
export function addressesFor(pool: Properties, podsToo: boolean): number {
    const most = numberAt(pool, "maxCount") ?? numberAt(pool, "count") ?? 1;
    const surge = textAt(pool, "upgradeSettings.maxSurge") ?? "10%";
    const extra = surge.endsWith("%")
        ? Math.ceil((most * Number.parseInt(surge, 10)) / 100)
        : Number.parseInt(surge, 10);
    return (most + extra) * (podsToo ? (numberAt(pool, "maxPods") ?? 30) + 1 : 1);
}

/** Everything that has addresses in a subnet: pools by what they may grow to, private endpoints by one each. */
export function takenIn(subnetId: string, cloud: CloudView): number {
    const pools = cloud
        .all(tokens.pool)
        .concat(cloud.all(tokens.cluster))
        .flatMap(({ outputs }) => (Array.isArray(outputs.agentPoolProfiles) ? outputs.agentPoolProfiles : [outputs]))
        .filter((pool) => sameId(textAt(pool, "vnetSubnetID") ?? "", subnetId))
        .reduce((sum: number, pool) => sum + (isProperties(pool) ? addressesFor(pool, false) : 0), 0);
    const endpoints = cloud
        .all(tokens.privateEndpoint)
        .filter(({ outputs }) => sameId(textAt(outputs, "subnet.id") ?? "", subnetId));
    return pools + endpoints.length;
}

const isProperties = (value: unknown): value is Properties =>
    typeof value === "object" && value !== null && !Array.isArray(value);
