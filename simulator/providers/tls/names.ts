import { isIP } from "node:net";
import type { Properties, Value } from "../properties";
import type { InputIssue } from "../protocol";
import type { InputRule } from "../resource";
import { encode, oid, sequence, tags } from "./der";

/** Attributes of a subject in the order of Go's crypto/x509/pkix, with their object identifiers (RFC 5280, appendix A). */
const attributes = [
    ["country", "2.5.4.6"],
    ["organization", "2.5.4.10"],
    ["organizationalUnit", "2.5.4.11"],
    ["locality", "2.5.4.7"],
    ["province", "2.5.4.8"],
    ["streetAddresses", "2.5.4.9"],
    ["postalCode", "2.5.4.17"],
    ["commonName", "2.5.4.3"],
    ["serialNumber", "2.5.4.5"],
    ["emailAddress", "1.2.840.113549.1.9.1"],
] as const;

/** Inputs that say whom a certificate or request is for. */
export const nameInputs = {
    subject: { type: "object" },
    dnsNames: { type: "strings" },
    ipAddresses: { type: "strings" },
    uris: { type: "strings" },
} as const satisfies Record<string, InputRule>;

export function checkNames(inputs: Properties): InputIssue[] {
    const known: readonly string[] = attributes.map(([name]) => name);
    const unknown = Object.keys(toProperties(inputs.subject)).filter((name) => !known.includes(name));
    const addresses = strings(inputs.ipAddresses).filter((address) => isIP(address) === 0);
    const uris = strings(inputs.uris).filter((uri) => !URL.canParse(uri));
    return [
        ...unknown.map((name) => ({ property: "subject", reason: `has no attribute ${name}` })),
        ...addresses.map((address) => ({ property: "ipAddresses", reason: `must hold IP addresses, got ${address}` })),
        ...uris.map((uri) => ({ property: "uris", reason: `must hold URIs, got ${uri}` })),
    ];
}

/** A distinguished name. */
export function encodeName(subject: Value | undefined): Buffer {
    const given = toProperties(subject);
    const parts = attributes.flatMap(([name, id]) => {
        const value = given[name];
        if (value === undefined || value === null) return [];
        const texts = name === "streetAddresses" ? strings(value) : [String(value)];
        return texts.length === 0
            ? []
            : [encode(tags.set, ...texts.map((text) => sequence(oid(id), encodeText(name, text))))];
    });
    return sequence(...parts);
}

/** The extension of alternative names, undefined when there are none; critical when nothing else names the subject (RFC 5280, 4.2.1.6). */
export function alternativeNames(inputs: Properties, subject: Buffer): Buffer | undefined {
    const names = [
        ...strings(inputs.dnsNames).map((name) => encode(tags.contextPrimitive(2), Buffer.from(name))),
        ...strings(inputs.ipAddresses).map((address) => encode(tags.contextPrimitive(7), addressBytes(address))),
        ...strings(inputs.uris).map((uri) => encode(tags.contextPrimitive(6), Buffer.from(uri))),
    ];
    if (names.length === 0) return undefined;
    return extension(extensionIds.alternativeNames, sequence(...names), subject.equals(sequence()));
}

export const extensionIds = {
    subjectKeyId: "2.5.29.14",
    keyUsage: "2.5.29.15",
    alternativeNames: "2.5.29.17",
    basicConstraints: "2.5.29.19",
    authorityKeyId: "2.5.29.35",
    extendedKeyUsage: "2.5.29.37",
} as const;

export function extension(id: string, value: Buffer, critical: boolean): Buffer {
    const mark = critical ? [encode(tags.boolean, Buffer.from([0xff]))] : [];
    return sequence(oid(id), ...mark, encode(tags.octetString, value));
}

function encodeText(name: string, text: string): Buffer {
    if (name === "emailAddress") return encode(tags.ia5String, Buffer.from(text));
    return encode(/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? tags.printableString : tags.utf8String, Buffer.from(text));
}

/** 4 bytes, or 16 from any form of an IPv6 address. */
function addressBytes(address: string): Buffer {
    if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
    // The URL parser gives the one form of RFC 5952, without an embedded IPv4 address.
    const [before = "", after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
    const groups = (text: string | undefined) => (text ? text.split(":") : []);
    const zeros = Array.from({ length: 8 - groups(before).length - groups(after).length }, () => "0");
    const all = [...groups(before), ...(after === undefined ? [] : zeros), ...groups(after)];
    return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}

export function strings(value: Value | undefined): string[] {
    return Array.isArray(value) ? value.map(String) : [];
}

function toProperties(value: Value | undefined): Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
