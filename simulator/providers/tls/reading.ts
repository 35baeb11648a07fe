import { createPublicKey } from "node:crypto";
import { children, oid, parse, tags } from "./der";
import { publicKeyInfo } from "./keys";
import { extensionIds } from "./names";
import { fromPem } from "./pem";

/** Attribute of a request that holds the extensions it asks for (RFC 2985, section 5.4.2). */
export const extensionRequest = oid("1.2.840.113549.1.9.14");

/** Whom a certificate is for, all in DER. */
export interface Requested {
    readonly subject: Buffer;
    readonly publicKey: Buffer;
    /** The whole extension. */
    readonly alternativeNames: Buffer | undefined;
}

/** Whom a certificate request is for; throws when it is not one. */
export function readRequest(pem: string): Requested {
    const [body] = children(fromPem("CERTIFICATE REQUEST", pem));
    const [, subject, publicKey, attributes] = parse(body?.content ?? Buffer.alloc(0));
    if (!subject || !publicKey) throw new Error("the certificate request is incomplete");
    const requested = parse(attributes?.content ?? Buffer.alloc(0)).flatMap(({ content }) => {
        const [type, values] = parse(content);
        return values && type?.whole.equals(extensionRequest) ? children(values.content) : [];
    });
    const id = oid(extensionIds.alternativeNames);
    const names = requested.find(({ content }) => content.subarray(0, id.length).equals(id));
    return { subject: subject.whole, publicKey: publicKey.whole, alternativeNames: names?.whole };
}

/** Name, key and key id of an authority's certificate; throws when it is not one. */
export function readAuthority(pem: string): { subject: Buffer; publicKey: Buffer; keyId: Buffer | undefined } {
    const [body] = children(fromPem("CERTIFICATE", pem));
    const fields = parse(body?.content ?? Buffer.alloc(0));
    // The version, [0], is left out of a version 1 certificate.
    const [, , , , subject, publicKey, ...rest] = fields[0]?.tag === tags.context(0) ? fields.slice(1) : fields;
    if (!subject || !publicKey) throw new Error("the authority's certificate is incomplete");
    const list = rest.find(({ tag }) => tag === tags.context(3));
    const id = oid(extensionIds.subjectKeyId);
    const own = (list ? children(list.content) : []).find(({ content }) => content.subarray(0, id.length).equals(id));
    const value = own && parse(own.content).at(-1)?.content;
    const keyId = value && parse(value)[0]?.content;
    // Read and written again, so that two encodings of one key compare equal.
    const spki = createPublicKey({ key: publicKey.whole, format: "der", type: "spki" });
    return { subject: subject.whole, publicKey: publicKeyInfo(spki), keyId };
}
