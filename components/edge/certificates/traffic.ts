import type { ClusterHandle } from "../../cloud/contract";
import {
    fromApiServer,
    fromMonitoring,
    inNamespace,
    planCallers,
    planCalls,
    type TrafficPolicy,
    tcp,
    toApiServer,
    toCredentials,
    toInternet,
} from "../../kubernetes/traffic";
import { challengeLabels, challengePort, gatewayPods, type Proof, type ProofAtGateway } from "./proof";
import { metricsPort, podsOf, release, webhookPort } from "./values";

type Plans = Readonly<Record<string, TrafficPolicy>>;

/** What cert-manager's pods may do beside asking for names, by the name of the policy. */
export function planTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    proof: Proof | undefined,
): Plans {
    return {
        "api-server": planCalls(everyPart, toApiServer(cluster)),
        webhook: planCallers(podsOf("webhook"), [fromApiServer(cluster, webhookPort)]),
        metrics: planCallers(everyPart, [fromMonitoring(cluster, metricsPort)]),
        ...(proof === undefined ? {} : { acme: planCalls(podsOf("controller"), proofCalls(proof)) }),
    };
}

const everyPart = { "app.kubernetes.io/instance": release } as const;

/** The controller calls the ACME server and the cloud's name service, and looks whether what it put there can be seen. */
function proofCalls(proof: Proof) {
    switch (proof.kind) {
        case "http01": {
            const { gateway } = proof;
            // A call to a name that leads to this cluster need not leave it: it goes straight to the gateway's pods.
            return [
                toInternet(80, 443),
                { to: [inNamespace(gateway.namespace, gatewayPods(gateway))], ports: tcp(80) },
            ];
        }
        case "dns01":
            return [toInternet(443), toCredentials];
    }
}

/** In the gateway's namespace: the way from the gateway to the pods that answer for names, at both ends. */
export function planChallengeTraffic({ gateway }: ProofAtGateway): Plans {
    const [callers, ports] = [gatewayPods(gateway), tcp(challengePort)];
    return {
        "acme-challenge-in": planCallers(challengeLabels, [
            { from: [{ podSelector: { matchLabels: callers } }], ports },
        ]),
        "acme-challenge-out": planCalls(callers, [{ to: [{ podSelector: { matchLabels: challengeLabels } }], ports }]),
    };
}
