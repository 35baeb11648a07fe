/** IPv6 gives a site a /48 where IPv4 gives it a /24 (RFC 6177): a bound for the one is that many bits longer for the other. */
const longerInV6 = 24;

/** Prefixes up to which a range counts as everyone: half of IPv4, and 2000::/3, which is the whole public IPv6 network. */
const everyone = { v4: 1, v6: 3 } as const;

/**
 * Whether a range holds more addresses than an IPv4 range of the prefix. An address without a prefix is one address; what is no range
 * counts as wider than any.
 */
export function isWiderThan(cidr: string, prefix: number): boolean {
    const range = rangeOf(cidr);
    return range === undefined || range.prefix < prefix + (range.family === "v6" ? longerInV6 : 0);
}

/** Whether a range is everyone, or so much that a second one of its size is. */
export function isEverywhere(cidr: string): boolean {
    const range = rangeOf(cidr);
    return range !== undefined && range.prefix <= everyone[range.family];
}

interface Range {
    readonly family: "v4" | "v6";
    readonly prefix: number;
}

function rangeOf(cidr: string): Range | undefined {
    const [address = "", length, ...rest] = cidr.trim().split("/");
    const family = /^\d{1,3}(\.\d{1,3}){3}$/.test(address)
        ? "v4"
        : /^[\da-f:.]*:[\da-f:.]*$/i.test(address)
          ? "v6"
          : undefined;
    const longest = family === "v4" ? 32 : 128;
    if (family === undefined || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length)))
        return undefined;
    const prefix = length === undefined ? longest : Number(length);
    return prefix > longest ? undefined : { family, prefix };
}
