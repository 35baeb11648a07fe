import type { networking } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle } from "../cloud/contract";
import type { Labels } from "../foundation/labels";
import { credentialsAddress, everywhere } from "../foundation/ranges";

type Peer = networking.v1.NetworkPolicyPeer;
type Calls = networking.v1.NetworkPolicyEgressRule;
type Callers = networking.v1.NetworkPolicyIngressRule;

/** What some pods may do in the network: whatever no policy names stays closed. */
export type TrafficPolicy = networking.v1.NetworkPolicySpec;

/** @param pods labels of who calls; none for all pods of the namespace */
export function planCalls(pods: Labels, egress: Calls[]): TrafficPolicy {
    return { podSelector: selectorFor(pods), policyTypes: ["Egress"], egress };
}

/** @param pods labels of who is called; none for all pods of the namespace */
export function planCallers(pods: Labels, ingress: Callers[]): TrafficPolicy {
    return { podSelector: selectorFor(pods), policyTypes: ["Ingress"], ingress };
}

/** The same in both directions. */
export function planTrafficOf(
    pods: Labels,
    { ingress, egress }: { readonly ingress: Callers[]; readonly egress: Calls[] },
): TrafficPolicy {
    return { podSelector: selectorFor(pods), policyTypes: ["Ingress", "Egress"], ingress, egress };
}

function selectorFor(pods: Labels) {
    return Object.keys(pods).length === 0 ? {} : { matchLabels: pods };
}

export function tcp(...ports: readonly number[]): networking.v1.NetworkPolicyPort[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}

export function blocks(ranges: readonly string[]): Peer[] {
    return ranges.map((cidr) => ({ ipBlock: { cidr } }));
}

/** Pods of the policy's own namespace. */
export function here(pods: Labels): Peer {
    return { podSelector: { matchLabels: pods } };
}

/** @param pods labels of the pods that are meant; none for all pods of that namespace */
export function inNamespace(name: string, pods: Labels = {}): Peer {
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": name } };
    return Object.keys(pods).length === 0
        ? { namespaceSelector }
        : { namespaceSelector, podSelector: { matchLabels: pods } };
}

/** The way to the API server: 443 of its Service, and 443 or 6443 of the servers behind it, because some networks judge a call before they send it on, others after. */
export function toApiServer(cluster: Pick<ClusterHandle, "apiRanges">): Calls[] {
    const outside = cluster.apiRanges.includes(everywhere) ? [toInternet(443)] : [];
    return [...toNetwork(cluster, 443, 6443), ...outside];
}

/** The way to the network that the API server answers in. None where it does not: a rule that names nobody would lead to everybody. */
export function toNetwork(cluster: Pick<ClusterHandle, "apiRanges">, ...ports: readonly number[]): Calls[] {
    const to = blocks(networkOf(cluster));
    return to.length === 0 ? [] : [{ to, ports: tcp(...ports) }];
}

function networkOf({ apiRanges }: Pick<ClusterHandle, "apiRanges">): readonly string[] {
    return apiRanges.filter((range) => range !== everywhere);
}

/** The way from the API server to a webhook. Where the control plane stands outside the network, its calls come out of a tunnel that ends in kube-system. */
export function fromApiServer(cluster: Pick<ClusterHandle, "apiRanges">, port: number): Callers {
    return { from: [...blocks(networkOf(cluster)), inNamespace("kube-system")], ports: tcp(port) };
}

/** The way from where metrics are kept to ports that show some. */
export function fromMonitoring(
    { monitoringNamespace }: Pick<ClusterHandle, "monitoringNamespace">,
    ...ports: readonly number[]
): Callers {
    return { from: [inNamespace(monitoringNamespace)], ports: tcp(...ports) };
}

/** The way to where EKS's pod identity agent gives out credentials. */
export const toCredentials: Calls = { to: blocks([credentialsAddress]), ports: tcp(80) };

/**
 * What is not the Internet: private networks (RFC 1918), addresses shared behind carriers, which clouds also give to pods (RFC 6598), and those that
 * only a machine itself sees, its metadata service (RFC 3927) and Azure's host agent among them.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const notTheInternet = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "168.63.129.16/32",
] as const;

/**
 * Lets pods call servers whose addresses nobody can name beforehand, and nothing of the platform's own networks. The pack takes such a policy only
 * where it is listed with the reason (`internetCallers` of NS-05, policy/facts/networks.ts).
 *
 * @param ports TCP ports, of 80 and 443
 */
export function toInternet(...ports: readonly (80 | 443)[]): Calls {
    return { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...notTheInternet] } }], ports: tcp(...ports) };
}
