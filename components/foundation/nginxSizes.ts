import type { Copies } from "./copies";
import type { EdgeSizes } from "./edge";
import { type Load, systemRoles } from "./loads";
import { bytes, formatBytes } from "./quantities";
import type { Size } from "./workloads";

/**
 * What the control plane of NGINX Gateway Fabric gets. Its chart names no figures (`resources: {}` in values.yaml at v2.6.7); these are ours, for one
 * gateway and the objects of two namespaces, which it keeps in memory.
 */
export function nginxControllerSize({ controllers }: Copies): Size {
    return {
        replicas: { min: controllers, max: controllers },
        surge: 1,
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
        scratch: "64Mi",
    };
}

/** What it needs room for, beside the applications. */
export function nginxControllerLoads(copies: Copies): readonly Load[] {
    return [{ name: "nginx-gateway-fabric", size: nginxControllerSize(copies), roles: systemRoles }];
}

/** Bodies of the largest size that one pod holds at the same time. Ours. */
const heldBodies = 20;

/**
 * Sizes of an edge whose gateway is NGINX: it holds each body until all of it is there, in a file where it is long.
 *
 * @param requestBytes largest body of a request
 * @see https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_request_buffering
 */
export function withHeldBodies(sizes: EdgeSizes, requestBytes: string): EdgeSizes {
    const { gateway } = sizes;
    const scratch = formatBytes(bytes(gateway.scratch) + heldBodies * bytes(requestBytes));
    return { ...sizes, gateway: { ...gateway, scratch } };
}
