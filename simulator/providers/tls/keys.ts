import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import type { Properties } from "../properties";
import type { Made, ResourceKind } from "../resource";
import { children, encode, oid, sequence, tags } from "./der";
import { toOpenssh } from "./openssh";

const curves: Readonly<Record<string, string>> = {
    P224: "secp224r1",
    P256: "prime256v1",
    P384: "secp384r1",
    P521: "secp521r1",
};

export const privateKey: ResourceKind = {
    inputs: {
        algorithm: { type: "string", required: true, oneOf: ["RSA", "ECDSA", "ED25519"] },
        ecdsaCurve: { type: "string", default: "P224", oneOf: Object.keys(curves) },
        rsaBits: { type: "integer", default: 2048, atLeast: 1024 },
    },
    computed: [
        "privateKeyOpenssh",
        "privateKeyPem",
        "privateKeyPemPkcs8",
        "publicKeyFingerprintMd5",
        "publicKeyFingerprintSha256",
        "publicKeyOpenssh",
        "publicKeyPem",
    ],
    secrets: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
    create: async (inputs) => describe(await generate(inputs)),
};

async function generate(inputs: Properties): Promise<KeyObject> {
    const make = promisify(generateKeyPair);
    switch (inputs.algorithm) {
        case "RSA":
            return (await make("rsa", { modulusLength: Number(inputs.rsaBits) })).privateKey;
        case "ECDSA":
            return (await make("ec", { namedCurve: curves[String(inputs.ecdsaCurve)] ?? "" })).privateKey;
        default:
            return (await make("ed25519")).privateKey;
    }
}

function describe(key: KeyObject): Made {
    const spki = publicKeyInfo(key);
    const pkcs8 = String(key.export({ format: "pem", type: "pkcs8" }));
    // The older form of each algorithm, as OpenSSL's genrsa and ecparam write them; Ed25519 has only the newer one.
    const older = { RSA: "pkcs1", ECDSA: "sec1" } as const;
    const algorithm = algorithmOf(key);
    const privateKeyPem =
        algorithm === "ED25519" ? pkcs8 : String(key.export({ format: "pem", type: older[algorithm] }));
    const publicKeyPem = String(createPublicKey(key).export({ format: "pem", type: "spki" }));
    return {
        id: createHash("sha1").update(spki).digest("hex"),
        outputs: { privateKeyPem, privateKeyPemPkcs8: pkcs8, publicKeyPem, ...toOpenssh(key) },
    };
}

export type Algorithm = "RSA" | "ECDSA" | "ED25519";

export function algorithmOf(key: KeyObject): Algorithm {
    const names: Readonly<Record<string, Algorithm>> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };
    const name = names[key.asymmetricKeyType ?? ""];
    if (name === undefined) throw new Error(`keys of type ${key.asymmetricKeyType} are not supported`);
    return name;
}

/** Reads a private key of any of the three PEM forms; what node says of a bad one never holds the key. */
export function readPrivateKey(pem: string): KeyObject {
    try {
        return createPrivateKey(pem);
    } catch {
        throw new Error("the private key is not PEM of type RSA PRIVATE KEY, EC PRIVATE KEY or PRIVATE KEY");
    }
}

/** SubjectPublicKeyInfo of RFC 5280 for a private or public key. */
export function publicKeyInfo(key: KeyObject): Buffer {
    const publicKey = key.type === "private" ? createPublicKey(key) : key;
    return publicKey.export({ format: "der", type: "spki" });
}

/** SHA-1 of the public key as the official plugin takes it: for Ed25519 wrapped in an octet string, else the key's own bytes. */
export function subjectKeyId(spki: Buffer): Buffer {
    const [algorithm, bits] = children(spki);
    const bytes = bits?.content.subarray(1) ?? Buffer.alloc(0);
    const isEd25519 = algorithm?.content.equals(oid("1.3.101.112")) ?? false;
    return createHash("sha1")
        .update(isEd25519 ? encode(tags.octetString, bytes) : bytes)
        .digest();
}

/** Signature algorithms that Go's crypto/x509 takes for a key, and so does the official plugin. */
const ecdsaBySize = {
    secp224r1: { hash: "sha256", id: "1.2.840.10045.4.3.2" },
    prime256v1: { hash: "sha256", id: "1.2.840.10045.4.3.2" },
    secp384r1: { hash: "sha384", id: "1.2.840.10045.4.3.3" },
    secp521r1: { hash: "sha512", id: "1.2.840.10045.4.3.4" },
} as const;

/** AlgorithmIdentifier and signature of `body` by `key`. */
export function signer(key: KeyObject): { readonly algorithm: Buffer; readonly sign: (body: Buffer) => Buffer } {
    const algorithm = algorithmOf(key);
    if (algorithm === "RSA") {
        const id = sequence(oid("1.2.840.113549.1.1.11"), encode(tags.null));
        return { algorithm: id, sign: (body) => sign("sha256", body, key) };
    }
    if (algorithm === "ED25519")
        return { algorithm: sequence(oid("1.3.101.112")), sign: (body) => sign(null, body, key) };
    const curve = Object.entries(ecdsaBySize).find(([name]) => name === key.asymmetricKeyDetails?.namedCurve)?.[1];
    if (curve === undefined) throw new Error(`the curve ${key.asymmetricKeyDetails?.namedCurve} is not supported`);
    return { algorithm: sequence(oid(curve.id)), sign: (body) => sign(curve.hash, body, key) };
}
