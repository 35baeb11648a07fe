/**
 * The few parts of ASN.1's distinguished encoding (ITU-T X.690) that certificates are made of. node:crypto signs and reads certificates but
 * does not make them.
 */

export interface Element {
    readonly tag: number;
    readonly content: Buffer;
    /** With tag and length. */
    readonly whole: Buffer;
}

export const tags = {
    boolean: 0x01,
    integer: 0x02,
    bitString: 0x03,
    octetString: 0x04,
    null: 0x05,
    oid: 0x06,
    utf8String: 0x0c,
    sequence: 0x30,
    set: 0x31,
    printableString: 0x13,
    ia5String: 0x16,
    utcTime: 0x17,
    generalizedTime: 0x18,
    /** [n], holding other elements. */
    context: (n: number) => 0xa0 + n,
    /** [n], holding a plain value. */
    contextPrimitive: (n: number) => 0x80 + n,
} as const;

export function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
    const content = Buffer.concat(contents);
    return Buffer.concat([Buffer.from([tag]), encodeLength(content.length), content]);
}

export const sequence = (...contents: readonly Uint8Array[]) => encode(tags.sequence, ...contents);

/** A whole number, not negative. */
export function integer(value: bigint): Buffer {
    const hex = value.toString(16);
    // A leading zero byte keeps the highest bit from being read as a sign.
    return encode(
        tags.integer,
        Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0").replace(/^(?=[89a-f])/, "00"), "hex"),
    );
}

export function oid(dotted: string): Buffer {
    const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
    return encode(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** @param unused - bits at the end that do not count */
export const bitString = (bytes: Uint8Array, unused = 0) => encode(tags.bitString, Buffer.from([unused]), bytes);

/** A time of RFC 5280, section 4.1.2.5: two digits of the year until 2049, four from 2050. */
export function time(date: Date): Buffer {
    const digits = `${date.toISOString().replace(/[-:T]|\.\d+/g, "")}`;
    return date.getUTCFullYear() < 2050
        ? encode(tags.utcTime, Buffer.from(digits.slice(2)))
        : encode(tags.generalizedTime, Buffer.from(digits));
}

/** The elements that follow each other in `bytes`. Throws when they do not end where `bytes` does. */
export function parse(bytes: Buffer): Element[] {
    const elements: Element[] = [];
    let at = 0;
    while (at < bytes.length) {
        const { start, length } = parseLength(bytes, at + 1);
        const end = start + length;
        if (end > bytes.length) throw new Error("the DER data ends too early");
        elements.push({
            tag: bytes.readUInt8(at),
            content: bytes.subarray(start, end),
            whole: bytes.subarray(at, end),
        });
        at = end;
    }
    return elements;
}

/** Elements inside the one that `bytes` holds. */
export function children(bytes: Buffer): Element[] {
    const [element] = parse(bytes);
    if (element === undefined) throw new Error("the DER data is empty");
    return parse(element.content);
}

function encodeLength(length: number): Buffer {
    if (length < 0x80) return Buffer.from([length]);
    const hex = length.toString(16);
    const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
    return Buffer.concat([Buffer.from([0x80 + bytes.length]), bytes]);
}

function parseLength(bytes: Buffer, at: number): { start: number; length: number } {
    const first = bytes.readUInt8(at);
    if (first < 0x80) return { start: at + 1, length: first };
    const size = first - 0x80;
    return { start: at + 1 + size, length: bytes.readUIntBE(at + 1, size) };
}

function base128(value: number): number[] {
    const low = value % 128;
    const high = Math.floor(value / 128);
    return high === 0 ? [low] : [...base128(high).slice(0, -1), (high % 128) + 128, low];
}
