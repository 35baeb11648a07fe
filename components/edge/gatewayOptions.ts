import type { Entrance, NodePool } from "../cloud/contract";
import type { Bytes } from "../foundation/quantities";
import type { Size } from "../foundation/workloads";
import { planProxyOptions } from "../kubernetes/proxyOptions";
import { gateway } from "./identity";

export interface GatewayOptions {
    readonly size: Size;
    readonly nodes: NodePool;
    readonly entrance: Entrance;
}

/**
 * Ours: sockets, certificates and the bootstrap configuration take kilobytes, downloaded keys little more.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml
 */
const volumes = {
    "workload-socket": "1Mi",
    "credential-socket": "1Mi",
    "workload-certs": "1Mi",
    "istio-envoy": "16Mi",
    "istio-data": "64Mi",
} as const satisfies Readonly<Record<string, Bytes>>;

/** Options of the gateway at the edge. */
export function planGatewayOptions({ size, nodes, entrance }: GatewayOptions): Readonly<Record<string, string>> {
    const { front, externalTrafficPolicy } = entrance;
    // A Service that nobody calls from outside has no such policy.
    const service = front === undefined ? { spec: { externalTrafficPolicy } } : undefined;
    return planProxyOptions({ size, nodes, podLabels: gateway.podLabels, volumes, service });
}
