/** A block of RFC 7468: 64 characters a line, ending with a newline, as Go's encoding/pem writes it. */
export function toPem(label: string, der: Uint8Array): string {
    const lines =
        Buffer.from(der)
            .toString("base64")
            .match(/.{1,64}/g) ?? [];
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Contents of the first block; throws when it is not a `label`. */
export function fromPem(label: string, text: string): Buffer {
    const block = /-----BEGIN ([^-]+)-----([^-]+)-----END \1-----/.exec(text);
    if (block?.[1] !== label)
        throw new Error(`expected PEM of type "${label}", got ${block ? `"${block[1]}"` : "no PEM"}`);
    return Buffer.from(block[2] ?? "", "base64");
}
