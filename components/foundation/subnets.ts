import { addressesIn, type Cidr, cidr, endOf, formatCidr, prefixFor } from "./cidr";

/** Subnets that a network needs for one purpose. */
export interface SubnetRequest {
    readonly name: string;
    /** Hosts and pods that each subnet must hold at most, without the addresses that the cloud keeps. */
    readonly addresses: number;
    /** True for a subnet in each zone, false for one that spans them. */
    readonly zonal: boolean;
}

export interface SubnetPlan {
    readonly name: string;
    /** Undefined for a subnet that spans the zones. */
    readonly zone: string | undefined;
    readonly cidr: string;
}

/** What a cloud says about the subnets of its networks. */
export interface SubnetRules {
    /** Addresses of each subnet that hosts cannot have. */
    readonly kept: number;
    /** Longest prefix, that is the smallest subnet, that the cloud takes. */
    readonly longestPrefix: number;
    /** Zones that room is kept for in every plan, so that a zone added later moves nothing. */
    readonly zoneSlots: number;
}

export type SubnetsPlanned =
    | { readonly fits: true; readonly subnets: readonly SubnetPlan[] }
    | { readonly fits: false; readonly needed: number; readonly available: number };

/**
 * Places subnets in a network's range, in the order of the requests and each aligned to its own size. A plan only grows: a zone added
 * after the others, or a request added after the others, leaves every subnet where it was. A larger request moves those after it, so
 * a plan starts with room to spare.
 */
export function planSubnets(
    network: string,
    zones: readonly string[],
    requests: readonly SubnetRequest[],
    rules: SubnetRules,
): SubnetsPlanned {
    if (zones.length > rules.zoneSlots) throw new RangeError(`${zones.length} zones in room for ${rules.zoneSlots}`);
    const range = cidr(network);
    const slots = requests.flatMap((request) => slotsOf(request, zones, rules));
    let next = range.first;
    const placed = slots.map(({ prefix, ...slot }) => {
        const size = addressesIn({ prefix });
        const first = Math.ceil(next / size) * size;
        next = first + size;
        return { ...slot, range: { first, prefix } };
    });
    if (next > endOf(range)) return { fits: false, needed: next - range.first, available: addressesIn(range) };
    return {
        fits: true,
        subnets: placed.flatMap(({ used, name, zone, range: own }) => (used ? [plan(name, zone, own)] : [])),
    };
}

interface Slot {
    readonly name: string;
    readonly zone: string | undefined;
    readonly prefix: number;
    /** False for the room that is kept for a zone that may come. */
    readonly used: boolean;
}

function slotsOf(
    { name, addresses, zonal }: SubnetRequest,
    zones: readonly string[],
    rules: SubnetRules,
): readonly Slot[] {
    const prefix = Math.min(prefixFor(addresses + rules.kept), rules.longestPrefix);
    if (!zonal) return [{ name, zone: undefined, prefix, used: true }];
    return Array.from({ length: rules.zoneSlots }, (_, index) => ({
        name,
        zone: zones[index],
        prefix,
        used: index < zones.length,
    }));
}

function plan(name: string, zone: string | undefined, range: Cidr): SubnetPlan {
    return { name, zone, cidr: formatCidr(range) };
}
