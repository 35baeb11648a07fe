import { createHash, type KeyObject, randomBytes } from "node:crypto";
import type { Properties } from "../properties";
import type { InputIssue } from "../protocol";
import type { InputRule, Made, ResourceKind } from "../resource";
import { bitString, encode, integer, oid, sequence, tags, time } from "./der";
import { algorithmOf, publicKeyInfo, readPrivateKey, signer, subjectKeyId } from "./keys";
import { alternativeNames, checkNames, encodeName, extension, extensionIds, nameInputs, strings } from "./names";
import { toPem } from "./pem";
import { extensionRequest, type Requested, readAuthority, readRequest } from "./reading";

/** Bit of each use in the key usage extension (RFC 5280, section 4.2.1.3). */
const keyUses: readonly string[] = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "cert_signing",
    "crl_signing",
    "encipher_only",
    "decipher_only",
];

/** Object identifiers of Go's crypto/x509, which the official plugin takes them from. */
const extendedUses: Readonly<Record<string, string>> = {
    any_extended: "2.5.29.37.0",
    server_auth: "1.3.6.1.5.5.7.3.1",
    client_auth: "1.3.6.1.5.5.7.3.2",
    code_signing: "1.3.6.1.5.5.7.3.3",
    email_protection: "1.3.6.1.5.5.7.3.4",
    ipsec_end_system: "1.3.6.1.5.5.7.3.5",
    ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
    ipsec_user: "1.3.6.1.5.5.7.3.7",
    timestamping: "1.3.6.1.5.5.7.3.8",
    ocsp_signing: "1.3.6.1.5.5.7.3.9",
    microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
    netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
    microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
    microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
};

const certificateInputs = {
    allowedUses: { type: "strings", required: true },
    validityPeriodHours: { type: "integer", required: true, atLeast: 0 },
    earlyRenewalHours: { type: "integer", default: 0, atLeast: 0, change: "update" },
    isCaCertificate: { type: "boolean", default: false },
    maxPathLength: { type: "integer", atLeast: 0 },
    setSubjectKeyId: { type: "boolean", default: false },
} as const satisfies Record<string, InputRule>;

const computed = ["certPem", "readyForRenewal", "validityEndTime", "validityStartTime"] as const;

const hourMs = 3_600_000;

export type Clock = () => Date;

/** The three kinds of certificate resources; `now` decides validity and renewal. */
export function certificateKinds(now: Clock): {
    selfSigned: ResourceKind;
    request: ResourceKind;
    locallySigned: ResourceKind;
} {
    const renewal = {
        stale: (state: Properties, inputs: Properties) => (isDue(state, inputs, now()) ? "readyForRenewal" : undefined),
        refresh: (state: Properties) => (isDue(state, state, now()) ? { ...state, readyForRenewal: true } : state),
    };
    return {
        selfSigned: {
            inputs: {
                ...certificateInputs,
                ...nameInputs,
                privateKeyPem: { type: "string", required: true },
                setAuthorityKeyId: { type: "boolean", default: false },
            },
            computed: [...computed, "keyAlgorithm"],
            secrets: ["privateKeyPem"],
            check: (inputs) => [...checkCertificate(inputs), ...checkNames(inputs), ...checkSubject(inputs)],
            create: (inputs) => createSelfSigned(inputs, now()),
            ...renewal,
        },
        request: {
            inputs: { ...nameInputs, privateKeyPem: { type: "string", required: true } },
            computed: ["certRequestPem", "keyAlgorithm"],
            secrets: ["privateKeyPem"],
            check: checkNames,
            create: createRequest,
        },
        locallySigned: {
            inputs: {
                ...certificateInputs,
                certRequestPem: { type: "string", required: true },
                caCertPem: { type: "string", required: true },
                caPrivateKeyPem: { type: "string", required: true },
            },
            computed: [...computed, "caKeyAlgorithm"],
            secrets: ["caPrivateKeyPem"],
            check: checkCertificate,
            create: (inputs) => createLocallySigned(inputs, now()),
            ...renewal,
        },
    };
}

function isDue(state: Properties, inputs: Properties, now: Date): boolean {
    const end = Date.parse(String(state.validityEndTime));
    return end - Number(inputs.earlyRenewalHours ?? 0) * hourMs <= now.getTime();
}

function checkCertificate(inputs: Properties): InputIssue[] {
    const unknown = strings(inputs.allowedUses).filter((use) => !keyUses.includes(use) && !(use in extendedUses));
    const issues = unknown.map((use) => ({ property: "allowedUses", reason: `has no use ${use}` }));
    if (inputs.maxPathLength !== undefined && inputs.isCaCertificate !== true) {
        issues.push({ property: "maxPathLength", reason: "is for a certificate authority only: set isCaCertificate" });
    }
    return issues;
}

function checkSubject(inputs: Properties): InputIssue[] {
    if (inputs.isCaCertificate !== true || encodeName(inputs.subject).length > 2) return [];
    return [{ property: "subject", reason: "must name a certificate authority (RFC 5280, section 4.1.2.6)" }];
}

interface Template extends Requested {
    readonly issuer: Buffer;
    readonly issuerKey: KeyObject;
    readonly authorityKeyId: Buffer | undefined;
}

function createSelfSigned(inputs: Properties, now: Date): Made {
    const key = readPrivateKey(String(inputs.privateKeyPem));
    const subject = encodeName(inputs.subject);
    const publicKey = publicKeyInfo(key);
    const hasKeyId = inputs.setSubjectKeyId === true || inputs.isCaCertificate === true;
    if (inputs.setAuthorityKeyId === true && !hasKeyId) {
        throw new Error("setAuthorityKeyId needs a subject key id to point to: set setSubjectKeyId");
    }
    const authorityKeyId = inputs.setAuthorityKeyId === true ? subjectKeyId(publicKey) : undefined;
    const names = alternativeNames(inputs, subject);
    const template = { subject, publicKey, alternativeNames: names, issuer: subject, issuerKey: key, authorityKeyId };
    const made = issue(template, inputs, now);
    return { ...made, outputs: { ...made.outputs, keyAlgorithm: algorithmOf(key) } };
}

function createRequest(inputs: Properties): Made {
    const key = readPrivateKey(String(inputs.privateKeyPem));
    const subject = encodeName(inputs.subject);
    const names = alternativeNames(inputs, subject);
    const wanted = names ? [sequence(extensionRequest, encode(tags.set, sequence(names)))] : [];
    const body = sequence(integer(0n), subject, publicKeyInfo(key), encode(tags.context(0), ...wanted));
    const der = signed(body, key);
    return {
        id: createHash("sha1").update(der).digest("hex"),
        outputs: { certRequestPem: toPem("CERTIFICATE REQUEST", der), keyAlgorithm: algorithmOf(key) },
    };
}

function createLocallySigned(inputs: Properties, now: Date): Made {
    const request = readRequest(String(inputs.certRequestPem));
    const authority = readAuthority(String(inputs.caCertPem));
    const issuerKey = readPrivateKey(String(inputs.caPrivateKeyPem));
    if (!publicKeyInfo(issuerKey).equals(authority.publicKey)) {
        throw new Error("caPrivateKeyPem is not the private key of caCertPem");
    }
    const authorityKeyId = authority.subject.equals(request.subject) ? undefined : authority.keyId;
    const made = issue({ ...request, issuer: authority.subject, issuerKey, authorityKeyId }, inputs, now);
    return { ...made, outputs: { ...made.outputs, caKeyAlgorithm: algorithmOf(issuerKey) } };
}

/** TBSCertificate of RFC 5280, section 4.1, signed. */
function issue(template: Template, inputs: Properties, now: Date): Made {
    const start = new Date(Math.floor(now.getTime() / 1000) * 1000);
    const end = new Date(start.getTime() + Number(inputs.validityPeriodHours) * hourMs);
    const serial = BigInt(`0x${randomBytes(16).toString("hex")}`);
    const body = sequence(
        encode(tags.context(0), integer(2n)),
        integer(serial),
        signer(template.issuerKey).algorithm,
        template.issuer,
        sequence(time(start), time(end)),
        template.subject,
        template.publicKey,
        encode(tags.context(3), sequence(...extensions(template, inputs))),
    );
    const outputs = {
        certPem: toPem("CERTIFICATE", signed(body, template.issuerKey)),
        readyForRenewal: false,
        validityStartTime: rfc3339(start),
        validityEndTime: rfc3339(end),
    };
    return { id: serial.toString(), outputs };
}

const rfc3339 = (date: Date) => date.toISOString().replace(/\.\d+Z$/, "Z");

function signed(body: Buffer, key: KeyObject): Buffer {
    const { algorithm, sign } = signer(key);
    return sequence(body, algorithm, bitString(sign(body)));
}

function extensions(template: Template, inputs: Properties): Buffer[] {
    const uses = strings(inputs.allowedUses);
    const extended = uses.flatMap((use) => (extendedUses[use] ? [oid(extendedUses[use])] : []));
    const isCa = inputs.isCaCertificate === true;
    const hasKeyId = isCa || inputs.setSubjectKeyId === true;
    const keyId = encode(tags.octetString, subjectKeyId(template.publicKey));
    const { authorityKeyId } = template;
    return [
        ...keyUsage(uses),
        ...(extended.length > 0 ? [extension(extensionIds.extendedKeyUsage, sequence(...extended), false)] : []),
        extension(extensionIds.basicConstraints, basicConstraints(isCa, inputs), true),
        ...(hasKeyId ? [extension(extensionIds.subjectKeyId, keyId, false)] : []),
        ...(authorityKeyId
            ? [
                  extension(
                      extensionIds.authorityKeyId,
                      sequence(encode(tags.contextPrimitive(0), authorityKeyId)),
                      false,
                  ),
              ]
            : []),
        ...(template.alternativeNames ? [template.alternativeNames] : []),
    ];
}

function basicConstraints(isCa: boolean, inputs: Properties): Buffer {
    if (!isCa) return sequence();
    const length = inputs.maxPathLength === undefined ? [] : [integer(BigInt(Number(inputs.maxPathLength)))];
    return sequence(encode(tags.boolean, Buffer.from([0xff])), ...length);
}

function keyUsage(uses: readonly string[]): Buffer[] {
    const bits = uses.map((use) => keyUses.indexOf(use)).filter((bit) => bit >= 0);
    if (bits.length === 0) return [];
    const highest = Math.max(...bits);
    const bytes = Buffer.alloc(Math.floor(highest / 8) + 1);
    for (const bit of bits) bytes[Math.floor(bit / 8)] = (bytes[Math.floor(bit / 8)] ?? 0) | (0x80 >> (bit % 8));
    return [extension(extensionIds.keyUsage, bitString(bytes, 7 - (highest % 8)), true)];
}
