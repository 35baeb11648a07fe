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

/** A block of IPv4 addresses: the first, and how many. */
export interface Block {
    readonly first: number;
    readonly size: number;
}

const form = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The block that a text such as `10.0.0.0/16` names, whatever bits are set behind its prefix; undefined for any other text. */
export function blockOf(text: string): Block | undefined {
    const numbers = (form.exec(text) ?? []).slice(1).map(Number);
    const [a = 256, b = 0, c = 0, d = 0, prefix = 33] = numbers;
    if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
    const size = 2 ** (32 - prefix);
    const address = ((a * 256 + b) * 256 + c) * 256 + d;
    return { first: address - (address % size), size };
}

/** Whether an address is in both. */
export function overlap(a: Block, b: Block): boolean {
    return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Block, inner: Block): boolean {
    return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size;
}
