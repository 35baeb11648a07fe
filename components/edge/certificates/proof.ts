import type { DnsZone, Ground, WorkloadIdentity } from "../../cloud/contract";
import { identityOf } from "../../kubernetes/identities";

/** How a name is proven to an ACME server to be the platform's. */
export type Proof =
    | {
          /** By an answer at the name itself, which the gateway leads to a pod of cert-manager's. */
          readonly kind: "http01";
          readonly gateway: GatewayReference;
      }
    | {
          /** By a record in the zone of the name: works before anything answers there, and where nothing outside may call. */
          readonly kind: "dns01";
          readonly zone: DnsZone;
          /** Who may write such records: the controller's identity in the cloud. */
          readonly identity: WorkloadIdentity;
      };

export type ProofAtGateway = Extract<Proof, { readonly kind: "http01" }>;

/** A Gateway of the Gateway API, and where its pods are. */
export interface GatewayReference {
    readonly name: string;
    readonly namespace: string;
}

/** Port on which a pod answers for one name (acmeSolverListenPort in pkg/issuer/acme/http/http.go of cert-manager at v1.21.1). */
export const challengePort = 8089;

/** What such a pod bears (podLabels in pkg/issuer/acme/http/pod.go of cert-manager at v1.21.1). */
export const challengeLabels = { "acme.cert-manager.io/http01-solver": "true" } as const;

/** The service account that such pods run as: without one of their own they would share their namespace's. */
export const challengeAccount = "acme-challenge";

/** What pods of a Gateway bear, whoever runs it. @see https://gateway-api.sigs.k8s.io/geps/gep-1762/#resource-attachment */
export function gatewayPods({ name }: GatewayReference) {
    return { "gateway.networking.k8s.io/gateway-name": name };
}

/** Service account of the controller: the one whose identity writes records. */
const account = { namespace: "cert-manager", serviceAccount: "cert-manager" } as const;

/**
 * How the platform proves its names.
 *
 * @param solver as the stack chose it
 * @throws RangeError where the cloud keeps no zone or knows no identity for it, which the settings refuse
 */
export function planProof(solver: "http01" | "dns01", gateway: GatewayReference, ground: Ground | undefined): Proof {
    if (solver === "http01") return { kind: "http01", gateway };
    const identity = identityOf(ground?.identities ?? {}, account);
    const zone = ground?.dnsZone;
    if (zone === undefined || identity === undefined) throw new RangeError("dns01 without a zone that can be written");
    return { kind: "dns01", zone, identity };
}
