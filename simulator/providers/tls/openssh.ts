import { createHash, type KeyObject, randomBytes } from "node:crypto";
import { toPem } from "./pem";

/** A key in the forms of OpenSSH. Empty strings for a curve that OpenSSH does not know, as the official plugin gives. */
export interface OpensshForms {
    readonly privateKeyOpenssh: string;
    readonly publicKeyOpenssh: string;
    readonly publicKeyFingerprintMd5: string;
    readonly publicKeyFingerprintSha256: string;
}

/** Names of RFC 5656, section 6.1; P-224 has none. */
const curves: Readonly<Record<string, string>> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

export function toOpenssh(key: KeyObject): OpensshForms {
    const parts = split(key);
    if (parts === undefined) {
        return {
            privateKeyOpenssh: "",
            publicKeyOpenssh: "",
            publicKeyFingerprintMd5: "",
            publicKeyFingerprintSha256: "",
        };
    }
    const blob = Buffer.concat([field(parts.type), ...parts.public]);
    const md5 = createHash("md5").update(blob).digest("hex").match(/../g) ?? [];
    const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
    return {
        privateKeyOpenssh: toPem("OPENSSH PRIVATE KEY", container(blob, [field(parts.type), ...parts.private])),
        publicKeyOpenssh: `${parts.type} ${blob.toString("base64")}\n`,
        publicKeyFingerprintMd5: md5.join(":"),
        publicKeyFingerprintSha256: `SHA256:${sha256}`,
    };
}

/**
 * An unencrypted private key file.
 * @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
 */
function container(publicBlob: Buffer, privateFields: readonly Buffer[]): Buffer {
    const check = randomBytes(4);
    const section = Buffer.concat([check, check, ...privateFields, field("")]);
    const padding = Buffer.from(Array.from({ length: (8 - (section.length % 8)) % 8 }, (_, index) => index + 1));
    const count = Buffer.from([0, 0, 0, 1]);
    const head = [Buffer.from("openssh-key-v1\0"), field("none"), field("none"), field(""), count, field(publicBlob)];
    return Buffer.concat([...head, field(Buffer.concat([section, padding]))]);
}

interface Parts {
    readonly type: string;
    readonly public: readonly Buffer[];
    readonly private: readonly Buffer[];
}

function split(key: KeyObject): Parts | undefined {
    // P-224 has no JWK form either.
    if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
    const jwk: Readonly<Record<string, unknown>> = { ...key.export({ format: "jwk" }) };
    const part = (name: string) => Buffer.from(String(jwk[name] ?? ""), "base64url");
    if (jwk.kty === "RSA") {
        return {
            type: "ssh-rsa",
            public: [number(part("e")), number(part("n"))],
            private: ["n", "e", "d", "qi", "p", "q"].map((name) => number(part(name))),
        };
    }
    if (jwk.kty === "OKP") {
        const seedAndPublic = Buffer.concat([part("d"), part("x")]);
        return { type: "ssh-ed25519", public: [field(part("x"))], private: [field(part("x")), field(seedAndPublic)] };
    }
    const curve = curves[String(jwk.crv)];
    if (curve === undefined) return undefined;
    const point = field(Buffer.concat([Buffer.from([4]), part("x"), part("y")]));
    return {
        type: `ecdsa-sha2-${curve}`,
        public: [field(curve), point],
        private: [field(curve), point, number(part("d"))],
    };
}

/** `string` of RFC 4251, section 5. */
function field(value: string | Buffer): Buffer {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
}

/** `mpint` of RFC 4251, section 5: shortest form, a zero byte before a set highest bit. */
function number(bytes: Buffer): Buffer {
    const start = bytes.findIndex((byte) => byte !== 0);
    const short = start < 0 ? Buffer.alloc(0) : bytes.subarray(start);
    return field((short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}
