import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type { ChildOptions } from "../../foundation/component";
import { mostVectorPods, vectorStore } from "../../foundation/vectors";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { peersOf } from "../../kubernetes/workload";

const { store, namespace } = vectorStore;

/** Secret with the certificate that Qdrant shows, its key, and the certificate of who vouches for it (`ca.crt`). */
export const storeCertificate = `${store}-tls`;

/** The authority's own certificate, and the Secret that holds its key. */
const authority = `${store}-authority`;

/** Lets the authority sign itself. */
const selfSigned = `${store}-self-signed`;

/**
 * Makes the certificate of Qdrant's API, by an authority that signs nothing else. The authority lives ten years, because who calls Qdrant reads it when he
 * starts: a new one in the middle would have every caller refuse every pod.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */
export function createCertificates(name: string, certManager: Operator, inside: Inside, child: ChildOptions) {
    const create = (role: string, plan: { readonly kind: string; readonly name: string; readonly spec: object }) =>
        createCustomResource(
            `${name}-${role}`,
            { apiVersion: "cert-manager.io/v1", ...inside, ...plan },
            certManager,
            child,
        );
    const made: readonly CustomResource[] = [
        create("self-signed", { kind: "Issuer", name: selfSigned, spec: { selfSigned: {} } }),
        create("authority", { kind: "Certificate", name: authority, spec: planAuthority() }),
        create("issuer", { kind: "Issuer", name: store, spec: { ca: { secretName: authority } } }),
        create("certificate", { kind: "Certificate", name: store, spec: planCertificate() }),
    ];
    return made;
}

const privateKey = { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" } as const;

function planAuthority() {
    return {
        isCA: true,
        commonName: authority,
        secretName: authority,
        duration: "87600h0m0s",
        renewBefore: "8760h0m0s",
        privateKey,
        issuerRef: { group: "cert-manager.io", kind: "Issuer", name: selfSigned },
    };
}

function planCertificate() {
    return {
        isCA: false,
        commonName: store,
        dnsNames: [...certifiedNames()],
        usages: ["server auth"],
        secretName: storeCertificate,
        duration: "2160h0m0s",
        renewBefore: "720h0m0s",
        privateKey,
        issuerRef: { group: "cert-manager.io", kind: "Issuer", name: store },
    };
}

/**
 * The service, as pods here and elsewhere write it, and each pod as the others call it: all that there may ever be, so that another number of them asks for no
 * other certificate.
 */
export function certifiedNames(): readonly string[] {
    const service = [store, `${store}.${namespace}`, `${store}.${namespace}.svc`, storeHost];
    const pods = Array.from({ length: mostVectorPods }, (_, index) => `${store}-${index}.${peersOf(store)}`);
    return [...service, ...pods];
}

/** Host by which pods of any namespace reach the service. */
export const storeHost = `${store}.${namespace}.svc.cluster.local`;
