import type { networking } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle } from "../../cloud/contract";
import { planInternet } from "../../kubernetes/internet";
import { challengeLabels, challengePort, gatewayPods, type Proof, type ProofAtGateway } from "./proof";
import { metricsPort, podsOf, release, webhookPort } from "./values";

type Policy = networking.v1.NetworkPolicySpec;
type Plans = Readonly<Record<string, Policy>>;

/** What cert-manager's pods may do beside asking for names, by the name of the policy: whatever is not here stays closed. */
export function planTraffic(
    { apiRanges, monitoringNamespace }: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    proof: Proof | undefined,
): Plans {
    const api = apiRanges.map((cidr) => ({ ipBlock: { cidr } }));
    return {
        "api-server": {
            podSelector: { matchLabels: everyPart },
            policyTypes: ["Egress"],
            // The port of its Service, and the one behind it: some networks judge a call before they send it on, others after.
            egress: [{ to: api, ports: tcp(443, 6443) }],
        },
        webhook: {
            podSelector: { matchLabels: podsOf("webhook") },
            policyTypes: ["Ingress"],
            // Where the control plane stands outside the network, its calls come out of a tunnel that ends in kube-system.
            ingress: [{ from: [...api, inNamespace("kube-system")], ports: tcp(webhookPort) }],
        },
        metrics: {
            podSelector: { matchLabels: everyPart },
            policyTypes: ["Ingress"],
            ingress: [{ from: [inNamespace(monitoringNamespace)], ports: tcp(metricsPort) }],
        },
        ...(proof === undefined ? {} : { acme: planAcme(proof) }),
    };
}

const everyPart = { "app.kubernetes.io/instance": release } as const;

/** The controller calls the ACME server and the cloud's name service, and looks whether what it put there can be seen. */
function planAcme(proof: Proof): Policy {
    const select = { podSelector: { matchLabels: podsOf("controller") }, policyTypes: ["Egress"] };
    switch (proof.kind) {
        case "http01":
            return { ...select, egress: [planInternet([80, 443]), { to: [podsOfGateway(proof)], ports: tcp(80) }] };
        case "dns01":
            return { ...select, egress: [planInternet([443]), credentials] };
    }
}

/** Where EKS's pod identity agent gives out credentials: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const credentials = { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] };

/** A call to a name that leads to this cluster need not leave it: it goes straight to the gateway's pods. */
function podsOfGateway({ gateway }: ProofAtGateway): networking.v1.NetworkPolicyPeer {
    return { ...inNamespace(gateway.namespace), podSelector: { matchLabels: gatewayPods(gateway) } };
}

/** In the gateway's namespace: the way from the gateway to the pods that answer for names, at both ends. */
export function planChallengeTraffic({ gateway }: ProofAtGateway): Plans {
    const [callers, answers] = [{ matchLabels: gatewayPods(gateway) }, { matchLabels: challengeLabels }];
    const ports = tcp(challengePort);
    return {
        "acme-challenge-in": {
            podSelector: answers,
            policyTypes: ["Ingress"],
            ingress: [{ from: [{ podSelector: callers }], ports }],
        },
        "acme-challenge-out": {
            podSelector: callers,
            policyTypes: ["Egress"],
            egress: [{ to: [{ podSelector: answers }], ports }],
        },
    };
}

function inNamespace(name: string): networking.v1.NetworkPolicyPeer {
    return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function tcp(...ports: readonly number[]): networking.v1.NetworkPolicyPort[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}
