import type { networking } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle } from "../cloud/contract";
import { planInternet } from "../kubernetes/internet";

type Policy = networking.v1.NetworkPolicySpec;
type Peer = networking.v1.NetworkPolicyPeer;
type Reached = Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">;
type Labels = Readonly<Record<string, string>>;

/** All pods of a namespace call the API server: the port of its Service, and the one behind it, because networks judge before or after. */
export function planApiCalls({ apiRanges }: Reached): Policy {
    return egress({}, [{ to: blocks(apiRanges), ports: tcp(443, 6443) }]);
}

/**
 * All pods of a namespace call registries: those of the network itself, and what lies in the stack's ranges or, where it names none, anywhere on the
 * Internet, because a NetworkPolicy knows no names of hosts.
 *
 * @param ranges blocks of addresses that the stack names
 */
export function planRegistryCalls({ apiRanges }: Reached, ranges: readonly string[]): Policy {
    const own = { to: blocks(apiRanges), ports: tcp(443) };
    const outside = ranges.length === 0 ? planInternet([443]) : { to: blocks(ranges), ports: tcp(443) };
    return egress({}, [own, outside, toCredentials]);
}

/** Where EKS's pod identity agent gives out credentials: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const toCredentials = { to: blocks(["169.254.170.23/32"]), ports: tcp(80) };

/** The API server asks a webhook. Where the control plane stands outside the network, its calls come out of a tunnel that ends in kube-system. */
export function planWebhookCalls({ apiRanges }: Reached, pods: Labels, port: number): Policy {
    return ingress(pods, [{ from: [...blocks(apiRanges), namespaceNamed("kube-system")], ports: tcp(port) }]);
}

/** Whoever gathers metrics asks all pods of a namespace. */
export function planScrapes({ monitoringNamespace }: Reached, port: number): Policy {
    return ingress({}, [{ from: [namespaceNamed(monitoringNamespace)], ports: tcp(port) }]);
}

/** Pods of one namespace, every one to those with these labels. */
export function planInnerCalls(pods: Labels, port: number): Readonly<Record<"in" | "out", Policy>> {
    const called = { podSelector: { matchLabels: pods } };
    return {
        in: ingress(pods, [{ from: [{ podSelector: {} }], ports: tcp(port) }]),
        out: egress({}, [{ to: [called], ports: tcp(port) }]),
    };
}

function egress(pods: Labels, rules: networking.v1.NetworkPolicyEgressRule[]): Policy {
    return { podSelector: selectorFor(pods), policyTypes: ["Egress"], egress: rules };
}

function ingress(pods: Labels, rules: networking.v1.NetworkPolicyIngressRule[]): Policy {
    return { podSelector: selectorFor(pods), policyTypes: ["Ingress"], ingress: rules };
}

/** No labels select every pod of the namespace. */
function selectorFor(pods: Labels) {
    return Object.keys(pods).length === 0 ? {} : { matchLabels: pods };
}

function blocks(ranges: readonly string[]): Peer[] {
    return ranges.map((cidr) => ({ ipBlock: { cidr } }));
}

function namespaceNamed(name: string): Peer {
    return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function tcp(...ports: readonly number[]): networking.v1.NetworkPolicyPort[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}
