import type { networking } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle } from "../cloud/contract";

/** The way to the API server: 443 of its Service, and 443 or 6443 of the servers behind it, which is what some network plugins look at. */
export function planApiTraffic({ apiRanges }: Pick<ClusterHandle, "apiRanges">): networking.v1.NetworkPolicyEgressRule {
    const ports = [443, 6443].map((port) => ({ protocol: "TCP", port }));
    return { to: apiRanges.map((cidr) => ({ ipBlock: { cidr } })), ports };
}

/** The way from where metrics are kept to a port that shows some. */
export function planScrapes(
    { monitoringNamespace }: Pick<ClusterHandle, "monitoringNamespace">,
    ...ports: readonly number[]
): networking.v1.NetworkPolicyIngressRule {
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": monitoringNamespace } };
    return { from: [{ namespaceSelector }], ports: ports.map((port) => ({ protocol: "TCP", port })) };
}
