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
