import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import type { autoscaling, meta } from "@pulumi/kubernetes/types/input";
import type { ChildOptions } from "../foundation/component";
import type { Size } from "../foundation/workloads";

export interface AutoscalerArgs {
    /** The Deployment's own, as the program states it: what the cluster answers is not known before there is one. */
    readonly target: meta.v1.ObjectMeta & { readonly name: string };
    readonly size: Size;
    /** Share of the requested cpu, over all pods, above which another pod is added. */
    readonly targetCpuPercent: number;
}

/** Keeps the number of a Deployment's pods between the size's min and max. */
export function createAutoscaler(name: string, args: AutoscalerArgs, child: ChildOptions): HorizontalPodAutoscaler {
    const { target } = args;
    return new HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        {
            metadata: target,
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target.name },
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
