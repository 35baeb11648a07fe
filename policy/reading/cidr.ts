/** Bits of an address, by the mark that only one family has. */
const bitsOf = (cidr: string) => (cidr.includes(":") ? 128 : 32);

/**
 * Shortest prefixes that one organisation can hold: nobody is given more than a /8 of IPv4, or a /16 of IPv6. What is wider names strangers.
 *
 * @see https://www.iana.org/assignments/ipv4-address-space
 */
const widest: Readonly<Record<number, number>> = { 32: 8, 128: 16 };

/**
 * Whether a range has more addresses than an IPv4 range with this prefix, or is none at all. An address without a prefix is a range of one.
 *
 * @param prefix of IPv4; one of IPv6 is compared by the same number of host bits
 */
export function isWiderThan(cidr: string, prefix: number): boolean {
    return bitsOf(cidr) - prefixOf(cidr) > 32 - prefix;
}

/** Whether a range is so wide that it names the internet, `0.0.0.0/1` as well as `0.0.0.0/0`; or is none at all. */
export function isEverywhere(cidr: string): boolean {
    return prefixOf(cidr) < (widest[bitsOf(cidr)] ?? 0);
}

/** The prefix; -1 where there is no range to be read. */
function prefixOf(cidr: string): number {
    const found = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*)(?:\/(\d{1,3}))?$/i.exec(cidr);
    if (!found) return -1;
    const stated = Number(found[1] ?? bitsOf(cidr));
    return stated > bitsOf(cidr) ? -1 : stated;
}
