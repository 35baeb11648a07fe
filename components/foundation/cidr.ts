/**
 * IPv4 ranges as CIDR blocks (RFC 4632), with exact arithmetic: an address is a whole number from 0 to 2^32 - 1.
 */
export interface Cidr {
    /** First address of the range. */
    readonly first: number;
    /** Bits that all addresses of the range share, 0 to 32. */
    readonly prefix: number;
}

const form = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The range that `text` names; undefined when it is no IPv4 range, or has bits set beyond its prefix. */
export function cidrOf(text: string): Cidr | undefined {
    const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = (form.exec(text) ?? []).slice(1).map(Number);
    if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
    const range = { first: ((a * 256 + b) * 256 + c) * 256 + d, prefix };
    return range.first % addressesIn(range) === 0 ? range : undefined;
}

/** The same as `cidrOf` for a range that has been checked. @throws RangeError when it has not. */
export function cidr(text: string): Cidr {
    const range = cidrOf(text);
    if (range === undefined) throw new RangeError(`"${text}" is not an IPv4 range such as 10.0.0.0/16`);
    return range;
}

export function formatCidr({ first, prefix }: Cidr): string {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
    return `${octets.join(".")}/${prefix}`;
}

/** How many addresses a range has, those included that a network keeps for itself. */
export function addressesIn({ prefix }: Pick<Cidr, "prefix">): number {
    return 2 ** (32 - prefix);
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
    return inner.first >= outer.first && endOf(inner) <= endOf(outer);
}

/** Whether any address is in both. */
export function overlap(a: Cidr, b: Cidr): boolean {
    return a.first < endOf(b) && b.first < endOf(a);
}

/** The smallest range that has this many addresses. */
export function prefixFor(addresses: number): number {
    return 32 - Math.max(0, Math.ceil(Math.log2(addresses)));
}

/** The address after the last one. */
export function endOf(range: Cidr): number {
    return range.first + addressesIn(range);
}
