import type { Entrance, NodePool } from "../cloud/contract";
import type { Bytes } from "../foundation/quantities";
import type { Size } from "../foundation/workloads";
import { containerResources, runtimeDefault, spreadOf } from "../kubernetes/podParts";
import { priorityClassName } from "../kubernetes/priorities";
import { gateway } from "./identity";

export interface GatewayOptions {
    readonly size: Size;
    readonly nodes: NodePool;
    readonly entrance: Entrance;
}

/** Share of the requested cpu, over all pods, above which another pod is added. */
export const targetCpuPercent = 70;

/**
 * Seconds in which requests that are under way end once a pod is told to stop, and those after which it is gone at the latest. Load balancers
 * learn of a leaving pod later than the pod does.
 */
export const drain = { seconds: 30, graceSeconds: 45 } as const;

/**
 * Scratch volumes of Istio's template, and the most that each may take. Ours: sockets, certificates and the bootstrap configuration take
 * kilobytes, downloaded keys little more.
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

/**
 * What Istio makes of a Gateway, changed: each entry is merged into the object of its kind. An autoscaler and a disruption budget are only
 * made where there is an entry for them. JSON is YAML, which is what Istio reads.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
export function planGatewayOptions(options: GatewayOptions): Readonly<Record<string, string>> {
    const patches = {
        deployment: planDeployment(options),
        // A Service that nobody calls from outside has no such policy.
        ...(options.entrance.front === undefined && { service: planService(options.entrance) }),
        serviceAccount: { automountServiceAccountToken: false },
        horizontalPodAutoscaler: planAutoscaler(options.size),
        podDisruptionBudget: { spec: { maxUnavailable: 1 } },
    };
    return Object.fromEntries(Object.entries(patches).map(([kind, patch]) => [kind, JSON.stringify(patch, null, 2)]));
}

function planService({ externalTrafficPolicy }: Entrance) {
    return { spec: { externalTrafficPolicy } };
}

function planDeployment({ size, nodes }: GatewayOptions) {
    const pod = {
        // The proxy shows its control plane a token that is mounted by itself.
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        priorityClassName: priorityClassName("serving"),
        nodeSelector: nodes.labels,
        tolerations: nodes.tolerations,
        topologySpreadConstraints: spreadOf(gateway.podLabels),
        terminationGracePeriodSeconds: drain.graceSeconds,
        securityContext: { runAsNonRoot: true, seccompProfile: runtimeDefault },
        containers: [{ name: "istio-proxy", resources: containerResources(size) }],
        volumes: Object.entries(volumes).map(([name, sizeLimit]) => ({ name, emptyDir: { sizeLimit } })),
    };
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: size.surge, maxUnavailable: 0 } };
    return { spec: { strategy, template: { spec: pod } } };
}

function planAutoscaler({ replicas }: Size) {
    const target = { type: "Utilization", averageUtilization: targetCpuPercent };
    return {
        spec: {
            minReplicas: replicas.min,
            maxReplicas: replicas.max,
            metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
        },
    };
}
