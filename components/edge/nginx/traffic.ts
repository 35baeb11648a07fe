import type { networking } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle } from "../../cloud/contract";
import { gateway } from "../identity";
import { both, entry, meshTo, namespaced, type Rules, type TrafficPlan, tcp } from "../traffic";
import { controllerLabels, controllerNamespace, nginxPorts } from "./names";

/** Who talks to whom at an edge of NGINX: callers to the gateway, the gateway to the backend, its agents to the control plane. */
export function planNginxTraffic(plan: TrafficPlan): Readonly<Record<string, Rules>> {
    const { clients, backend, monitoringNamespace, mode } = plan;
    const controller = {
        namespaceSelector: namespaced(controllerNamespace),
        podSelector: { matchLabels: controllerLabels },
    };
    return {
        [gateway.name]: {
            ...both(entry),
            ingress: [
                { from: clients.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(entry.ports) },
                { from: [{ namespaceSelector: namespaced(monitoringNamespace) }], ports: tcp([nginxPorts.metrics]) },
            ],
            egress: [{ to: [controller], ports: tcp([nginxPorts.agents]) }, meshTo(backend, mode)],
        },
    };
}

/** The control plane calls the API server, at its Service's port or at the one behind it; agents and whoever gathers metrics call the control plane. */
export function planControllerTraffic({
    apiRanges,
    monitoringNamespace,
}: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">): Readonly<
    Record<string, networking.v1.NetworkPolicySpec>
> {
    const podSelector = { matchLabels: controllerLabels };
    const agents = {
        namespaceSelector: namespaced(gateway.namespace),
        podSelector: { matchLabels: gateway.podLabels },
    };
    const calls = { to: apiRanges.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp([443, 6443]) };
    return {
        "api-server": { podSelector, policyTypes: ["Egress"], egress: [calls] },
        agents: {
            podSelector,
            policyTypes: ["Ingress"],
            ingress: [{ from: [agents], ports: tcp([nginxPorts.agents]) }],
        },
        metrics: {
            podSelector,
            policyTypes: ["Ingress"],
            ingress: [
                { from: [{ namespaceSelector: namespaced(monitoringNamespace) }], ports: tcp([nginxPorts.metrics]) },
            ],
        },
    };
}
