import type { NodePool } from "../cloud/contract";
import type { Labels } from "../foundation/labels";
import type { Bytes } from "../foundation/quantities";
import type { Size } from "../foundation/workloads";
import { containerResources, runtimeDefault, spreadOf } from "./podParts";
import { priorityClassName } from "./priorities";

/** The pods of a Gateway that Istio makes: at the edge, or inside of the mesh. */
export interface ProxyOptions {
    readonly size: Size;
    readonly nodes: NodePool;
    readonly podLabels: Labels;
    /** Scratch volumes of Istio's template, and the most that each may take. @default {} - what the mesh says of all (components/mesh/proxyPods.ts) */
    readonly volumes?: Readonly<Record<string, Bytes>>;
    /** What its Service is to be like beside what Istio makes of it. @default undefined - nothing */
    readonly service?: object | undefined;
}

/** Share of the requested cpu, over all pods, above which another pod is added. */
export const targetCpuPercent = 70;

/**
 * Seconds in which requests that are under way end once a pod is told to stop, and those after which it is gone at the latest. Load balancers
 * learn of a leaving pod later than the pod does.
 */
export const drain = { seconds: 30, graceSeconds: 45 } as const;

/**
 * What Istio makes of a Gateway, changed: each entry is merged into the object of its kind. An autoscaler and a disruption budget are only
 * made where there is an entry for them. JSON is YAML, which is what Istio reads.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
export function planProxyOptions(options: ProxyOptions): Readonly<Record<string, string>> {
    const { service } = options;
    const patches = {
        deployment: planDeployment(options),
        ...(service === undefined ? {} : { service }),
        serviceAccount: { automountServiceAccountToken: false },
        horizontalPodAutoscaler: planAutoscaler(options.size),
        podDisruptionBudget: { spec: { maxUnavailable: 1 } },
    };
    return Object.fromEntries(Object.entries(patches).map(([kind, patch]) => [kind, JSON.stringify(patch, null, 2)]));
}

function planDeployment({ size, nodes, podLabels, volumes = {} }: ProxyOptions) {
    const pod = {
        // The proxy shows its control plane a token that is mounted by itself.
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        priorityClassName: priorityClassName("serving"),
        nodeSelector: nodes.labels,
        tolerations: nodes.tolerations,
        topologySpreadConstraints: spreadOf(podLabels),
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
