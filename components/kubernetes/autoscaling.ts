import type { Deployment } from "@pulumi/kubernetes/apps/v1";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import type { autoscaling } from "@pulumi/kubernetes/types/input";
import type { ChildOptions } from "../foundation/component";
import type { Size } from "../foundation/workloads";

export interface AutoscalerArgs {
    readonly target: Deployment;
    readonly size: Size;
    /** Share of the requested cpu, over all pods, above which another pod is added. */
    readonly targetCpuPercent: number;
}

/** Keeps the number of a Deployment's pods between the size's min and max. */
export function createAutoscaler(name: string, args: AutoscalerArgs, child: ChildOptions): HorizontalPodAutoscaler {
    const { metadata } = args.target;
    return new HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        {
            metadata: { name: metadata.name, namespace: metadata.namespace, labels: metadata.labels },
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: metadata.name },
                minReplicas: args.size.replicas.min,
                maxReplicas: args.size.replicas.max,
                metrics: [planCpuMetric(args.targetCpuPercent)],
            },
        },
        child,
    );
}

function planCpuMetric(percent: number): autoscaling.v2.MetricSpec {
    return {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percent } },
    };
}
