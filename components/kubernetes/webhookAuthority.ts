import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import type { Labels } from "../foundation/labels";
import { createCustomResource, type Operator } from "./customResource";

/** Who signs the certificate by which the API server knows the webhook: an authority of this namespace alone, as cert-manager's documentation sets one up. */
export const webhookIssuer = { group: "cert-manager.io", kind: "Issuer", name: "webhook" } as const;

/** The authority's own certificate, and the Secret that holds its key. */
const authority = "webhook-authority";

/** Lets the authority sign itself, and nothing else here. */
const selfSigned = "self-signed";

export interface WebhookAuthorityPlan {
    readonly namespace: pulumi.Input<string>;
    readonly labels: Labels;
    readonly certManager: Operator;
}

/**
 * Makes an authority that signs certificates of one namespace.
 *
 * @see https://cert-manager.io/docs/configuration/selfsigned/#bootstrapping-ca-issuers
 */
export function createWebhookAuthority(
    name: string,
    { certManager, ...place }: WebhookAuthorityPlan,
    child: ChildOptions,
): CustomResource[] {
    const kinds = { apiVersion: "cert-manager.io/v1", ...place };
    const create = (role: string, plan: { readonly kind: string; readonly name: string; readonly spec: object }) =>
        createCustomResource(`${name}-${role}`, { ...kinds, ...plan }, certManager, child);
    return [
        create("self-signed", { kind: "Issuer", name: selfSigned, spec: { selfSigned: {} } }),
        create("authority", { kind: "Certificate", name: authority, spec: planAuthority() }),
        create("issuer", { ...webhookIssuer, spec: { ca: { secretName: authority } } }),
    ];
}

/** It lives as long as what it signs; whatever it signed before stays trusted, because each certificate brings its authority along. */
function planAuthority() {
    return {
        isCA: true,
        commonName: authority,
        secretName: authority,
        duration: "2160h0m0s",
        renewBefore: "720h0m0s",
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        issuerRef: { ...webhookIssuer, name: selfSigned },
    };
}
