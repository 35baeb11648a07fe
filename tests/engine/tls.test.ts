import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import type { Properties } from "../../simulator/providers/properties";
import { checkInputs, type Made, type ResourceKind, withDefaults } from "../../simulator/providers/resource";
import { tlsProvider } from "../../simulator/providers/tls";
import { parse } from "../../simulator/providers/tls/der";

const provider = tlsProvider();

function kind(name: string, from = provider): ResourceKind {
    const found = Object.entries(from.kinds).find(([token]) => token.endsWith(`:${name}`))?.[1];
    if (!found) throw new Error(`no ${name}`);
    return found;
}

async function make(name: string, inputs: Properties, from = provider): Promise<Made> {
    const resource = kind(name, from);
    expect(checkInputs(resource, inputs)).toEqual([]);
    return resource.create(withDefaults(resource, inputs));
}

const text = (made: Made, output: string) => String(made.outputs[output]);

describe("private keys", () => {
    test.each([
        [{ algorithm: "RSA" }, "rsa", /^-----BEGIN RSA PRIVATE KEY/, "ssh-rsa"],
        [{ algorithm: "ECDSA", ecdsaCurve: "P256" }, "ec", /^-----BEGIN EC PRIVATE KEY/, "ecdsa-sha2-nistp256"],
        [{ algorithm: "ECDSA", ecdsaCurve: "P384" }, "ec", /^-----BEGIN EC PRIVATE KEY/, "ecdsa-sha2-nistp384"],
        [{ algorithm: "ECDSA", ecdsaCurve: "P521" }, "ec", /^-----BEGIN EC PRIVATE KEY/, "ecdsa-sha2-nistp521"],
        [{ algorithm: "ED25519" }, "ed25519", /^-----BEGIN PRIVATE KEY/, "ssh-ed25519"],
    ])("%j in all its forms is one key", async (inputs, type, header, ssh) => {
        const made = await make("PrivateKey", inputs);
        const key = createPrivateKey(text(made, "privateKeyPem"));
        expect(text(made, "privateKeyPem")).toMatch(header);
        expect(key.asymmetricKeyType).toBe(type);
        expect(createPrivateKey(text(made, "privateKeyPemPkcs8")).equals(key)).toBe(true);
        expect(createPublicKey(text(made, "publicKeyPem")).equals(createPublicKey(key))).toBe(true);
        const [name, blob] = text(made, "publicKeyOpenssh").trim().split(" ");
        expect(name).toBe(ssh);
        const digest = createHash("sha256")
            .update(Buffer.from(String(blob), "base64"))
            .digest("base64");
        expect(`${text(made, "publicKeyFingerprintSha256")}=`).toBe(`SHA256:${digest}`);
        expect(text(made, "publicKeyFingerprintMd5")).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    });

    test("an OpenSSH private key file holds its public key and pads to 8 bytes", async () => {
        const made = await make("PrivateKey", { algorithm: "ED25519" });
        const file = Buffer.from(text(made, "privateKeyOpenssh").replace(/-----.*-----|\s/g, ""), "base64");
        const blob = Buffer.from(String(text(made, "publicKeyOpenssh").split(" ")[1]), "base64");
        expect(file.subarray(0, 15).toString()).toBe("openssh-key-v1\0");
        expect(file.includes(blob)).toBe(true);
        const raw = Buffer.from(
            String(createPrivateKey(text(made, "privateKeyPem")).export({ format: "jwk" }).d),
            "base64url",
        );
        expect(file.includes(raw)).toBe(true);
    });

    test("the rsaBits and curve asked for are those of the key", async () => {
        const rsa = createPrivateKey(
            text(await make("PrivateKey", { algorithm: "RSA", rsaBits: 3072 }), "privateKeyPem"),
        );
        expect(rsa.asymmetricKeyDetails?.modulusLength).toBe(3072);
        const ec = createPrivateKey(text(await make("PrivateKey", { algorithm: "ECDSA" }), "privateKeyPem"));
        expect(ec.asymmetricKeyDetails?.namedCurve).toBe("secp224r1");
    });

    test("an unknown algorithm is refused by name", () => {
        const issues = checkInputs(kind("PrivateKey"), { algorithm: "DSA" });
        expect(issues).toEqual([{ property: "algorithm", reason: "must be one of RSA, ECDSA, ED25519, got DSA" }]);
    });
});

const uses = ["digital_signature", "key_encipherment", "server_auth"];

async function authority(algorithm: Properties = { algorithm: "ECDSA", ecdsaCurve: "P256" }) {
    const key = text(await make("PrivateKey", algorithm), "privateKeyPem");
    const made = await make("SelfSignedCert", {
        privateKeyPem: key,
        subject: { commonName: "Test CA", organization: "Tars" },
        allowedUses: ["cert_signing", "crl_signing"],
        isCaCertificate: true,
        maxPathLength: 0,
        validityPeriodHours: 24,
    });
    return { key, pem: text(made, "certPem"), certificate: new X509Certificate(text(made, "certPem")) };
}

describe("self-signed certificates", () => {
    test.each([
        [{ algorithm: "RSA" }],
        [{ algorithm: "ECDSA", ecdsaCurve: "P224" }],
        [{ algorithm: "ECDSA", ecdsaCurve: "P384" }],
        [{ algorithm: "ECDSA", ecdsaCurve: "P521" }],
        [{ algorithm: "ED25519" }],
    ])("with %j verify against their own key", async (algorithm) => {
        const key = text(await make("PrivateKey", algorithm), "privateKeyPem");
        const made = await make("SelfSignedCert", { privateKeyPem: key, allowedUses: uses, validityPeriodHours: 1 });
        const certificate = new X509Certificate(text(made, "certPem"));
        expect(certificate.verify(certificate.publicKey)).toBe(true);
        expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
        expect(made.outputs.keyAlgorithm).toBe(algorithm.algorithm);
        expect(BigInt(made.id)).toBe(BigInt(`0x${certificate.serialNumber}`));
    });

    test("names, times and uses are those asked for", async () => {
        const key = text(await make("PrivateKey", { algorithm: "RSA" }), "privateKeyPem");
        const made = await make("SelfSignedCert", {
            privateKeyPem: key,
            subject: {
                commonName: "tars.local",
                organization: "Társ",
                streetAddresses: ["One", "Two"],
                emailAddress: "a@b.example",
            },
            dnsNames: ["tars.local", "api.tars.local"],
            ipAddresses: ["127.0.0.1", "fd00::1:0:2"],
            uris: ["spiffe://tars/x"],
            allowedUses: uses,
            validityPeriodHours: 365 * 24,
        });
        const certificate = new X509Certificate(text(made, "certPem"));
        expect(certificate.subjectAltName).toBe(
            "DNS:tars.local, DNS:api.tars.local, IP Address:127.0.0.1, IP Address:FD00:0:0:0:0:1:0:2, URI:spiffe://tars/x",
        );
        expect(certificate.checkHost("api.tars.local")).toBe("api.tars.local");
        expect(certificate.subject).toContain("CN=tars.local");
        expect(certificate.subject).toContain("emailAddress=a@b.example");
        expect(certificate.subject.match(/street=/g)).toHaveLength(2);
        expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(365 * 24 * 3_600_000);
        expect(Date.parse(certificate.validTo)).toBe(Date.parse(text(made, "validityEndTime")));
        expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
        expect(certificate.ca).toBe(false);
    });

    test("all problems of the inputs are told at once", () => {
        const issues = checkInputs(kind("SelfSignedCert"), {
            privateKeyPem: "x",
            allowedUses: ["server_auth", "sever_auth"],
            validityPeriodHours: 1,
            maxPathLength: 1,
            ipAddresses: ["127.0.0.256"],
            subject: { commonname: "x" },
        });
        expect(issues.map(({ property }) => property).sort()).toEqual([
            "allowedUses",
            "ipAddresses",
            "maxPathLength",
            "subject",
        ]);
    });

    test("a private key that is none is refused without showing it", async () => {
        const inputs = { privateKeyPem: "canary", allowedUses: [], validityPeriodHours: 1 };
        await expect(make("SelfSignedCert", inputs)).rejects.toThrow(/^the private key is not PEM/);
    });
});

describe("certificates signed by an authority", () => {
    test.each([[{ algorithm: "RSA" }], [{ algorithm: "ECDSA", ecdsaCurve: "P384" }], [{ algorithm: "ED25519" }]])(
        "of %j carry the request's names and verify",
        async (algorithm) => {
            const ca = await authority(algorithm);
            const key = text(await make("PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" }), "privateKeyPem");
            const names = { subject: { commonName: "leaf" }, dnsNames: ["leaf.example"] };
            const request = await make("CertRequest", { privateKeyPem: key, ...names });
            const made = await make("LocallySignedCert", {
                certRequestPem: text(request, "certRequestPem"),
                caCertPem: ca.pem,
                caPrivateKeyPem: ca.key,
                allowedUses: uses,
                validityPeriodHours: 1,
            });
            const leaf = new X509Certificate(text(made, "certPem"));
            expect(leaf.verify(ca.certificate.publicKey)).toBe(true);
            expect(leaf.checkIssued(ca.certificate)).toBe(true);
            expect(leaf.checkPrivateKey(createPrivateKey(key))).toBe(true);
            expect(leaf.subject).toBe("CN=leaf");
            expect(leaf.subjectAltName).toBe("DNS:leaf.example");
            expect(ca.certificate.ca).toBe(true);
        },
    );

    test("another authority's key is refused", async () => {
        const [ca, other] = [await authority(), await authority()];
        const request = await make("CertRequest", { privateKeyPem: other.key });
        const inputs = {
            certRequestPem: text(request, "certRequestPem"),
            caCertPem: ca.pem,
            caPrivateKeyPem: other.key,
            allowedUses: uses,
            validityPeriodHours: 1,
        };
        await expect(make("LocallySignedCert", inputs)).rejects.toThrow("is not the private key of caCertPem");
    });
});

describe("renewal", () => {
    const day = 24 * 3_600_000;
    let now = new Date("2026-01-01T00:00:00Z");
    const clocked = tlsProvider(() => now);

    test("a certificate within earlyRenewalHours of its end is replaced, not before", async () => {
        const key = text(await make("PrivateKey", { algorithm: "ED25519" }), "privateKeyPem");
        const inputs = { privateKeyPem: key, allowedUses: uses, validityPeriodHours: 48, earlyRenewalHours: 24 };
        const made = await make("SelfSignedCert", inputs, clocked);
        const resource = kind("SelfSignedCert", clocked);
        const state = { ...inputs, ...made.outputs };
        now = new Date(now.getTime() + day - 1000);
        expect(resource.stale?.(state, inputs)).toBeUndefined();
        now = new Date(now.getTime() + 1000);
        expect(resource.stale?.(state, inputs)).toBe("readyForRenewal");
        expect(resource.refresh?.(state).readyForRenewal).toBe(true);
    });

    test("a time from 2050 on has four digits of the year", async () => {
        now = new Date("2049-12-31T23:00:00Z");
        const key = text(await make("PrivateKey", { algorithm: "ED25519" }), "privateKeyPem");
        const made = await make(
            "SelfSignedCert",
            { privateKeyPem: key, allowedUses: [], validityPeriodHours: 2 },
            clocked,
        );
        const certificate = new X509Certificate(text(made, "certPem"));
        expect(new Date(certificate.validFrom)).toEqual(now);
        expect(new Date(certificate.validTo)).toEqual(new Date("2050-01-01T01:00:00Z"));
    });
});

test("DER that is cut short is refused", () => {
    expect(() => parse(Buffer.from([0x30, 0x05, 0x01]))).toThrow("too early");
});
