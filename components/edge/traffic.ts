import { type Labels, selectorOf } from "../foundation/labels";
import { hbonePort, type MeshMode } from "../foundation/mesh";
import { images } from "../kubernetes/images";
import { proxyMetricsPort, toControlPlane } from "../kubernetes/meshTraffic";
import { blocks, fromMonitoring, inNamespace, planTrafficOf, type TrafficPolicy, tcp } from "../kubernetes/traffic";
import { gateway, gatewayPorts, healthPort } from "./identity";
import { countersName, rateLimitName } from "./rateLimit";

/** Pods of one kind in one namespace. */
export interface Pods {
    readonly namespace: string;
    readonly labels: Labels;
    /** TCP ports that they serve. */
    readonly ports: readonly number[];
}

export interface TrafficPlan {
    /** Blocks of addresses that callers come from. */
    readonly clients: readonly string[];
    /** Whether those ask the gateway's pods for their health too. */
    readonly asksHealth: boolean;
    /** Pods that the gateway leads to. */
    readonly backend: Pods;
    /** Pods that it reaches for dashboards. @default [] */
    readonly dashboards?: readonly Pods[];
    /** Namespace that metrics are scraped from. */
    readonly monitoringNamespace: string;
    readonly mode: MeshMode;
}

const service: Pods = {
    namespace: gateway.namespace,
    labels: selectorOf(rateLimitName),
    ports: [images.rateLimit.ports.grpc],
};
const counters: Pods = {
    namespace: gateway.namespace,
    labels: selectorOf(countersName),
    ports: Object.values(images.redis.ports),
};
export const entry: Pods = {
    namespace: gateway.namespace,
    labels: gateway.podLabels,
    ports: Object.values(gatewayPorts),
};

/** Who talks to whom at the edge, pod by pod: callers to the gateway, the gateway to the backend and the rate limit, that to its counters. */
export function planTraffic(plan: TrafficPlan): Readonly<Record<string, TrafficPolicy>> {
    const { clients, asksHealth, backend, dashboards = [], mode } = plan;
    const asked = asksHealth ? [...entry.ports, healthPort] : entry.ports;
    return {
        [gateway.name]: planTrafficOf(entry.labels, {
            ingress: [{ from: blocks(clients), ports: tcp(...asked) }, fromMonitoring(plan, proxyMetricsPort)],
            egress: [toControlPlane, ...[backend, service, ...dashboards].map((pods) => meshTo(pods, mode))],
        }),
        [rateLimitName]: planTrafficOf(service.labels, {
            ingress: [meshFrom(entry, service, mode)],
            egress: [meshTo(counters, mode)],
        }),
        [countersName]: planTrafficOf(counters.labels, {
            ingress: [meshFrom(service, counters, mode)],
            egress: [],
        }),
    };
}

export function meshTo({ namespace, labels, ports }: Pods, mode: MeshMode) {
    return { to: [inNamespace(namespace, labels)], ports: tcp(...carried(ports, mode)) };
}

export function meshFrom({ namespace, labels }: Pods, to: Pods, mode: MeshMode) {
    return { from: [inNamespace(namespace, labels)], ports: tcp(...carried(to.ports, mode)) };
}

/** In ambient mode calls between pods of the mesh arrive at one port of the called pod, whichever they are for. */
function carried(ports: readonly number[], mode: MeshMode): readonly number[] {
    return mode === "ambient" ? [...ports, hbonePort] : ports;
}

/** The same in the mesh, which goes by service accounts: whom each of the edge's own services lets in. */
export function planInnerCallers() {
    return {
        [rateLimitName]: callersOf(service, gateway.serviceAccount),
        [countersName]: callersOf(counters, rateLimitName),
    };
}

/** Lets one account of the edge call pods at the ports that they serve. */
export function callersOf({ labels, ports }: Pods, account: string) {
    const source = { principals: [`cluster.local/ns/${gateway.namespace}/sa/${account}`] };
    return {
        selector: { matchLabels: labels },
        action: "ALLOW",
        rules: [{ from: [{ source }], to: [{ operation: { ports: ports.map(String) } }] }],
    };
}
