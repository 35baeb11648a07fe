import { cidr } from "../foundation/cidr";

/** Requests of one client address. */
export interface AddressLimit {
    /** Requests that one address may make in a second. */
    readonly requestsPerSecond: number;
    /** Blocks of addresses that no limit holds for. */
    readonly exempt: readonly string[];
    /** What becomes of requests while nobody counts them. */
    readonly onFailure: "allow" | "deny";
}

/** What the gateway asks about and the service answers about. */
export const limitDomain = "tars-gateway";

/** What the gateway says of a caller, in the words of Envoy. */
type Action =
    | { readonly masked_remote_address: { readonly v4_prefix_mask_len: number } }
    | { readonly remote_address: Readonly<Record<string, never>> };

/**
 * What the gateway says of each caller: its address, and before that the block that it is in for every size of block that is exempt. Envoy
 * takes the address that it trusts, which is the caller's by the entrance of the cloud.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto#config-route-v3-ratelimit-action
 */
export function planActions({ exempt }: Pick<AddressLimit, "exempt">): readonly Action[] {
    const blocks = prefixesOf(exempt).map((prefix) => ({ masked_remote_address: { v4_prefix_mask_len: prefix } }));
    return [...blocks, { remote_address: {} }];
}

/** A step of the service's answer: what is said of a caller, and what then holds or is asked next. */
export interface Descriptor {
    readonly key: "masked_remote_address" | "remote_address";
    /** Undefined for every value that has no step of its own. */
    readonly value?: string;
    readonly rate_limit?: { readonly unit: "second"; readonly requests_per_unit: number };
    readonly descriptors?: readonly Descriptor[];
}

/**
 * The service's answers, step by step in the order of the actions: an exempt block ends without a limit, any other goes on to the next size,
 * and an address that is in none has the limit for itself.
 *
 * @see https://github.com/envoyproxy/ratelimit/blob/30a4ce1a/src/config/config_impl.go (GetLimit)
 */
export function planLimits(limit: Pick<AddressLimit, "requestsPerSecond" | "exempt">) {
    return { domain: limitDomain, descriptors: planSteps(prefixesOf(limit.exempt), limit) };
}

function planSteps(
    [prefix, ...further]: readonly number[],
    limit: Pick<AddressLimit, "requestsPerSecond" | "exempt">,
): readonly Descriptor[] {
    if (prefix === undefined) {
        const rate = { unit: "second", requests_per_unit: limit.requestsPerSecond } as const;
        return [{ key: "remote_address", rate_limit: rate }];
    }
    const free = limit.exempt.filter((range) => cidr(range).prefix === prefix);
    return [
        ...free.map((value) => ({ key: "masked_remote_address", value }) as const),
        { key: "masked_remote_address", descriptors: planSteps(further, limit) },
    ];
}

/** Sizes of the exempt blocks, each once. */
function prefixesOf(exempt: readonly string[]): readonly number[] {
    return [...new Set(exempt.map((range) => cidr(range).prefix))].sort((a, b) => a - b);
}
