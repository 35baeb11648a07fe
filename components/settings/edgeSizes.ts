import type { EdgeSizes } from "../foundation/edge";
import type { Environment } from "./sizing";

/**
 * What the edge runs, by environment. Requests and limits of a gateway are those that Istio gives its proxies (values.yaml of istiod's chart,
 * 1.30.3); where people come in, it gets half a core from the start, with which a proxy carries 1,000 requests a second. The other figures are ours:
 * the rate limit service answers one small question a request, and the counters of a second are gone after minutes.
 *
 * @see https://istio.io/latest/docs/ops/deployment/performance-and-scalability/#data-plane-performance
 */
const small = {
    gateway: {
        replicas: { min: 1, max: 3 },
        surge: 1,
        requests: { cpu: "100m", memory: "128Mi" },
        limits: { cpu: "2", memory: "1Gi" },
        scratch: "512Mi",
    },
    ratelimit: {
        replicas: { min: 2, max: 4 },
        surge: 1,
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "500m", memory: "128Mi" },
        scratch: "128Mi",
    },
    counters: {
        replicas: { min: 1, max: 1 },
        surge: 1,
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "500m", memory: "128Mi" },
        scratch: "128Mi",
    },
} as const satisfies EdgeSizes;

export const edgeSizes = {
    dev: small,
    staging: {
        ...small,
        gateway: { ...small.gateway, replicas: { min: 2, max: 4 } },
    },
    production: {
        ...small,
        gateway: {
            ...small.gateway,
            // One in each zone.
            replicas: { min: 3, max: 10 },
            requests: { cpu: "500m", memory: "512Mi" },
        },
    },
} as const satisfies Record<Environment, EdgeSizes>;
