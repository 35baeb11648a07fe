import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type { ChildOptions } from "../foundation/component";
import { createCustomResource, type Operator } from "./customResource";
import type { Inside } from "./trafficPolicies";

/** What a certificate is for, and how long it lasts. */
export interface CertifiedPlan {
    /** What the resource is called, behind the service. */
    readonly role: string;
    readonly name: string;
    /** Secret with it, its key, and the certificate of who vouches for it (`ca.crt`). */
    readonly secret: string;
    /** What callers write, and what pods call each other. */
    readonly dnsNames: readonly string[];
    /** @default ["server auth"] */
    readonly usages?: readonly string[];
    /** @default three months, and a new one each two: programs read it again when it changes */
    readonly life?: Life;
}

/** How long a certificate lasts, and how long before its end there is a new one. */
export interface Life {
    readonly duration: string;
    readonly renewBefore: string;
}

export interface OwnAuthorityPlan {
    /** Name of the service, which the names of all objects begin with. */
    readonly service: string;
    readonly certificates: readonly CertifiedPlan[];
    /** Whether callers elsewhere read whom to believe from a Secret without the service's key (`trustOf`). @default false */
    readonly isToldElsewhere?: boolean;
}

/** Secret with the certificate that a service shows, its key, and the certificate of who vouches for it (`ca.crt`). */
export const certificateOf = (service: string): string => `${service}-tls`;

/** Secret for callers elsewhere: whoever may read it has `ca.crt`, and beside it a key that opens nothing. */
export const trustOf = (service: string): string => `${service}-trust`;

/** The one certificate of a service that has no other. */
export function serviceCertificate(service: string, dnsNames: readonly string[]): CertifiedPlan {
    return { role: "certificate", name: service, secret: certificateOf(service), dnsNames };
}

/** The authority's own certificate, and the Secret that holds its key. */
const authorityOf = (service: string): string => `${service}-authority`;

/**
 * Makes the certificates of a service, by an authority that signs for nobody else. The authority lives ten years, because who calls the service reads it when
 * he starts: a new one in the middle would have every caller refuse every pod.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */
export function createOwnAuthority(
    name: string,
    { service, certificates, isToldElsewhere = false }: OwnAuthorityPlan,
    certManager: Operator,
    { inside, child }: { readonly inside: Inside; readonly child: ChildOptions },
): readonly CustomResource[] {
    const create = (role: string, plan: { readonly kind: string; readonly name: string; readonly spec: object }) =>
        createCustomResource(
            `${name}-${role}`,
            { apiVersion: "cert-manager.io/v1", ...inside, ...plan },
            certManager,
            child,
        );
    const [selfSigned, authority, trust] = [`${service}-self-signed`, authorityOf(service), trustOf(service)];
    const told = { kind: "Certificate", name: trust, spec: planTrust(service) };
    return [
        create("self-signed", { kind: "Issuer", name: selfSigned, spec: { selfSigned: {} } }),
        create("authority", { kind: "Certificate", name: authority, spec: planAuthority(authority, selfSigned) }),
        create("issuer", { kind: "Issuer", name: service, spec: { ca: { secretName: authority } } }),
        ...certificates.map((plan) =>
            create(plan.role, { kind: "Certificate", name: plan.name, spec: planCertificate(service, plan) }),
        ),
        ...(isToldElsewhere ? [create("trust", told)] : []),
    ];
}

const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" } as const;

/** Renewed each two months, of three that it is good for. */
const renewal: Life = { duration: "2160h0m0s", renewBefore: "720h0m0s" };

const issuerOf = (name: string) => ({ group: "cert-manager.io", kind: "Issuer", name });

function planAuthority(authority: string, selfSigned: string) {
    return {
        isCA: true,
        commonName: authority,
        secretName: authority,
        duration: "87600h0m0s",
        renewBefore: "8760h0m0s",
        privateKey,
        issuerRef: issuerOf(selfSigned),
    };
}

function planCertificate(service: string, { name, secret, dnsNames, usages, life }: CertifiedPlan) {
    return {
        isCA: false,
        commonName: name,
        dnsNames: [...dnsNames],
        usages: [...(usages ?? ["server auth"])],
        secretName: secret,
        ...(life ?? renewal),
        privateKey,
        issuerRef: issuerOf(service),
    };
}

/** Nobody shows it: it names no host, and proves nobody to anybody. It is there for the `ca.crt` beside it. */
function planTrust(service: string) {
    const trust = trustOf(service);
    return {
        isCA: false,
        commonName: trust,
        usages: ["code signing"],
        secretName: trust,
        ...renewal,
        privateKey,
        issuerRef: issuerOf(service),
    };
}
