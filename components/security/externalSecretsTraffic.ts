import type { networking } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle, SecretProvider } from "../cloud/contract";
import { selectorOf } from "../foundation/labels";
import { ports, release } from "./externalSecretsValues";

/**
 * What its pods may call and who may call them, by name: as its makers advise, everybody calls the API server, which calls the webhook; the
 * controller alone calls the store; whoever gathers metrics calls both.
 *
 * @see https://github.com/external-secrets/external-secrets/blob/v2.9.0/docs/guides/security-best-practices.md (Network Traffic and Security)
 */
export function planTraffic(
    { apiRanges, monitoringNamespace }: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
    { reach }: Pick<SecretProvider, "reach">,
): Readonly<Record<string, networking.v1.NetworkPolicySpec>> {
    const all = { matchLabels: { "app.kubernetes.io/instance": release } };
    const apiServer = blocks(apiRanges);
    return {
        "api-server": egress(all, [{ to: apiServer, ports: tcp(443, 6443) }]),
        store: egress(
            podsOf("controller"),
            reach.map(({ ranges, port }) => ({ to: blocks(ranges), ports: tcp(port) })),
        ),
        // Where the control plane is not in the network it comes through a tunnel, which ends in pods of kube-system.
        webhook: ingress(podsOf("webhook"), [
            { from: [...apiServer, inNamespace("kube-system")], ports: tcp(ports.webhook) },
        ]),
        metrics: ingress(all, [{ from: [inNamespace(monitoringNamespace)], ports: tcp(ports.metrics) }]),
    };
}

const programs = { controller: release, webhook: `${release}-webhook` } as const;

/** The chart's own names of its pods. */
function podsOf(part: keyof typeof programs) {
    return { matchLabels: selectorOf(programs[part]) };
}

type Selector = networking.v1.NetworkPolicySpec["podSelector"];

function egress(podSelector: Selector, rules: networking.v1.NetworkPolicyEgressRule[]) {
    return { podSelector, policyTypes: ["Egress"], egress: rules };
}

function ingress(podSelector: Selector, rules: networking.v1.NetworkPolicyIngressRule[]) {
    return { podSelector, policyTypes: ["Ingress"], ingress: rules };
}

function blocks(ranges: readonly string[]): networking.v1.NetworkPolicyPeer[] {
    return ranges.map((cidr) => ({ ipBlock: { cidr } }));
}

function inNamespace(name: string): networking.v1.NetworkPolicyPeer {
    return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function tcp(...numbers: readonly number[]): networking.v1.NetworkPolicyPort[] {
    return numbers.map((port) => ({ protocol: "TCP", port }));
}
