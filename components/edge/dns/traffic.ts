import type { networking } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle } from "../../cloud/contract";
import { planInternet } from "../../kubernetes/internet";
import { httpPort, pods } from "./values";

type Policy = networking.v1.NetworkPolicySpec;

/** What ExternalDNS may do beside asking for names, by the name of the policy: it calls the API server and its cloud, and nobody calls it but who gathers metrics. */
export function planTraffic({
    apiRanges,
    monitoringNamespace,
}: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">): Readonly<Record<string, Policy>> {
    const podSelector = { matchLabels: pods };
    const monitoring = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": monitoringNamespace } } };
    return {
        "api-server": {
            podSelector,
            policyTypes: ["Egress"],
            // The port of its Service, and the one behind it: some networks judge a call before they send it on, others after.
            egress: [{ to: apiRanges.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(443, 6443) }],
        },
        "name-service": { podSelector, policyTypes: ["Egress"], egress: [planInternet([443]), credentials] },
        metrics: {
            podSelector,
            policyTypes: ["Ingress"],
            ingress: [{ from: [monitoring], ports: tcp(httpPort) }],
        },
    };
}

/** Where EKS's pod identity agent gives out credentials: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const credentials = { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] };

function tcp(...ports: readonly number[]): networking.v1.NetworkPolicyPort[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}
