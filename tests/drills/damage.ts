/** With a bit turned, as a broken disk does it. */
export function turned(data: Buffer, at: number): Buffer {
    const copy = Buffer.from(data);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
}

export function replaced(data: Buffer, from: string, to: string): Buffer {
    return Buffer.from(data.toString().replace(from, to));
}
