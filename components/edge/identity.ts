import type { EdgeController } from "../foundation/edge";

/**
 * The gateway as others know it. Istio names what it makes of a Gateway by it and its class, and its pods run under a service account of that name.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go (GetDefaultName)
 */
export const gateway = {
    name: "tars-gateway",
    namespace: "istio-ingress",
    className: "istio",
    serviceAccount: "tars-gateway-istio",
    /** What its pods are told from others by. */
    podLabels: { "gateway.networking.k8s.io/gateway-name": "tars-gateway" },
} as const;

export type GatewayIdentity = Omit<typeof gateway, "className" | "serviceAccount"> & {
    readonly className: EdgeController;
    readonly serviceAccount: `tars-gateway-${EdgeController}`;
};

/**
 * The same by who makes it. NGINX Gateway Fabric names what it makes as Istio does, and its pods have the same label.
 *
 * @see https://github.com/nginx/nginx-gateway-fabric/blob/v2.6.7/internal/framework/controller/resource.go
 * @see https://github.com/nginx/nginx-gateway-fabric/blob/v2.6.7/internal/controller/provisioner/objects.go (buildLabelsAndAnnotations)
 */
export function gatewayOf(controller: EdgeController): GatewayIdentity {
    return { ...gateway, className: controller, serviceAccount: `${gateway.name}-${controller}` };
}

/** A Gateway of another class is another Gateway: what was made of it would otherwise stay, its load balancer among it. */
export const anewForClass = { replaceOnChanges: ["spec.gatewayClassName"], deleteBeforeReplace: true };

/** The Gateway as policies and filters of its namespace name it: what is bound to it by a reference holds for its pods alone. */
export const gatewayReference = {
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    name: gateway.name,
} as const;

/** Ports of the gateway: its pods listen on them too. */
export const gatewayPorts = { http: 80, https: 443 } as const;

/** Where the pods say whether they are ready, in plain HTTP: Istio puts the port into their Service beside those of the listeners. */
export const healthPort = 15_021;

/**
 * Name of the listener of each of the application's hosts, or of the one for all hosts, of each dashboard's, and of the plain one. Routes name the listeners
 * that they are for. A dashboard's goes by the dashboard: another that comes or goes leaves it as it is.
 */
export const listenerNames = {
    http: "http",
    https: (index: number) => `https-${index}`,
    dashboard: (name: string) => `dashboard-${name}`,
} as const;
