import type { Copies } from "./copies";
import type { NodeAgent } from "./loads";
import type { MeshMode } from "./mesh";
import type { PodSize, Size } from "./workloads";

/**
 * What istiod gets. Its makers saw 1 core and 1.5 GB for 1,000 services with 2,000 proxies; a cluster of ours has a tenth of both at most. So
 * it is given room to burst when all proxies come back at once, and its autoscaler adds pods where that is not enough.
 *
 * @see https://istio.io/latest/docs/ops/deployment/performance-and-scalability/#control-plane-performance
 */
export function istiodSize({ controllers }: Copies): Size {
    return {
        replicas: { min: controllers, max: controllers === 1 ? 1 : 2 * controllers },
        surge: 1,
        requests: { cpu: "200m", memory: "512Mi" },
        limits: { cpu: "2", memory: "2Gi" },
        scratch: "128Mi",
    };
}

/**
 * The agent on each node that leads the traffic of its pods into the mesh. Requests are those of its chart; it works when pods start.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-cni/values.yaml
 */
export const cniAgentSize: PodSize = {
    requests: { cpu: "100m", memory: "100Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
    scratch: "128Mi",
};

/**
 * The proxy on each node that carries its pods' traffic. Its chart asks for 512Mi, which it calls enough for 200,000 pods or 100,000 open
 * connections: that is our limit, and half of it the request. Two cores are for bursts; the request is the chart's.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/ztunnel/values.yaml
 */
export const ztunnelSize: PodSize = {
    requests: { cpu: "200m", memory: "256Mi" },
    limits: { cpu: "2", memory: "512Mi" },
    scratch: "128Mi",
};

/**
 * The proxy in each pod. It takes half a core and about 50 MB for 1,000 requests a second; requests are those of istiod's chart, limits half and
 * a quarter of it. A gateway is the same program.
 *
 * @see https://istio.io/latest/docs/ops/deployment/performance-and-scalability/#data-plane-performance
 */
export const sidecarSize: PodSize = {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "256Mi" },
    scratch: "128Mi",
};

/**
 * The waypoint: proxies that answers of the vector store and the model pass. A proxy carries 1,000 requests a second with half a core; ours are several
 * hundred at most, so it starts as small as a sidecar, and its autoscaler adds pods.
 *
 * @see https://istio.io/latest/docs/ops/deployment/performance-and-scalability/#data-plane-performance
 */
export function waypointSize({ controllers }: Copies): Size {
    return {
        replicas: { min: controllers, max: controllers === 1 ? 1 : 2 * controllers },
        surge: 1,
        requests: sidecarSize.requests,
        limits: { cpu: "2", memory: "512Mi" },
        scratch: "256Mi",
    };
}

/** What the mesh runs on every node, by mode. */
export const meshAgents = {
    ambient: [
        { name: "istio-cni", ...cniAgentSize },
        { name: "ztunnel", ...ztunnelSize },
    ],
    sidecar: [{ name: "istio-cni", ...cniAgentSize }],
} as const satisfies Readonly<Record<MeshMode, readonly NodeAgent[]>>;

/** What the mesh adds to every pod, by mode; nothing where its proxies are on the nodes. */
export const meshSidecars: Readonly<Record<MeshMode, PodSize | undefined>> = {
    ambient: undefined,
    sidecar: sidecarSize,
};
