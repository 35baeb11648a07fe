import type { ClusterHandle } from "../../cloud/contract";
import {
    blocks,
    fromMonitoring,
    inNamespace,
    planCallers,
    planCalls,
    planTrafficOf,
    type TrafficPolicy,
    tcp,
    toApiServer,
} from "../../kubernetes/traffic";
import { gateway } from "../identity";
import { entry, meshTo, type TrafficPlan } from "../traffic";
import { controllerLabels, controllerNamespace, nginxPorts } from "./names";

/** Who talks to whom at an edge of NGINX: callers to the gateway, the gateway to the backend, its agents to the control plane. */
export function planNginxTraffic(plan: TrafficPlan): Readonly<Record<string, TrafficPolicy>> {
    const controller = inNamespace(controllerNamespace, controllerLabels);
    return {
        [gateway.name]: planTrafficOf(entry.labels, {
            ingress: [
                { from: blocks(plan.clients), ports: tcp(...entry.ports) },
                fromMonitoring(plan, nginxPorts.metrics),
            ],
            egress: [{ to: [controller], ports: tcp(nginxPorts.agents) }, meshTo(plan.backend, plan.mode)],
        }),
    };
}

/** The control plane calls the API server; agents and whoever gathers metrics call the control plane. */
export function planControllerTraffic(
    cluster: Pick<ClusterHandle, "apiRanges" | "monitoringNamespace">,
): Readonly<Record<string, TrafficPolicy>> {
    const agents = inNamespace(gateway.namespace, gateway.podLabels);
    return {
        "api-server": planCalls(controllerLabels, toApiServer(cluster)),
        agents: planCallers(controllerLabels, [{ from: [agents], ports: tcp(nginxPorts.agents) }]),
        metrics: planCallers(controllerLabels, [fromMonitoring(cluster, nginxPorts.metrics)]),
    };
}
