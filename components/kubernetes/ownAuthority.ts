import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type { ChildOptions } from "../foundation/component";
import { createCustomResource, type Operator } from "./customResource";
import type { Inside } from "./trafficPolicies";

export interface OwnAuthorityPlan {
    /** Name of the service, which the names of all objects begin with. */
    readonly service: string;
    /** What callers write, and what its pods call each other. */
    readonly dnsNames: readonly string[];
    /** Whether callers elsewhere read whom to believe from a Secret without the service's key (`trustOf`). @default false */
    readonly isToldElsewhere?: boolean;
}

/** Secret with the certificate that a service shows, its key, and the certificate of who vouches for it (`ca.crt`). */
export const certificateOf = (service: string): string => `${service}-tls`;

/** Secret for callers elsewhere: whoever may read it has `ca.crt`, and beside it a key that opens nothing. */
export const trustOf = (service: string): string => `${service}-trust`;

/** The authority's own certificate, and the Secret that holds its key. */
const authorityOf = (service: string): string => `${service}-authority`;

/**
 * Makes the certificate of a service, by an authority that signs for nobody else. The authority lives ten years, because who calls the service reads it when
 * he starts: a new one in the middle would have every caller refuse every pod.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */
export function createOwnAuthority(
    name: string,
    { service, dnsNames, isToldElsewhere = false }: OwnAuthorityPlan,
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
        create("certificate", { kind: "Certificate", name: service, spec: planCertificate(service, dnsNames) }),
        ...(isToldElsewhere ? [create("trust", told)] : []),
    ];
}

const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" } as const;

/** Renewed each two months, of three that it is good for. */
const renewal = { duration: "2160h0m0s", renewBefore: "720h0m0s" } as const;

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

function planCertificate(service: string, dnsNames: readonly string[]) {
    return {
        isCA: false,
        commonName: service,
        dnsNames: [...dnsNames],
        usages: ["server auth"],
        secretName: certificateOf(service),
        ...renewal,
        privateKey,
        issuerRef: issuerOf(service),
    };
}

/** Nobody shows it: it names no host, and nothing asks callers of the service for a certificate. It is there for the `ca.crt` beside it. */
function planTrust(service: string) {
    const trust = trustOf(service);
    return {
        isCA: false,
        commonName: trust,
        usages: ["client auth"],
        secretName: trust,
        ...renewal,
        privateKey,
        issuerRef: issuerOf(service),
    };
}
