import type { Sample } from "../../rule";
import { compliantDeployment, kubernetesResource, merge, sampleOf } from "../../samples";

const deployment = compliantDeployment("shop");

/** The compliant Deployment with some of its `spec` set. */
export function scaledDeployment(spec: Readonly<Record<string, unknown>>) {
    return kubernetesResource("apps/v1", "Deployment", merge(Object(deployment.inputs), { spec }));
}

/** A Deployment with a number of its own, or none. */
export function withReplicas(replicas: number | null): Sample {
    return sampleOf(scaledDeployment({ replicas }));
}

/** A Deployment without a number, and the autoscaler that gives it one. */
export function autoscaled(module: string, kind: string, spec: Readonly<Record<string, unknown>>): Sample {
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "app" };
    return sampleOf(
        scaledDeployment({}),
        kubernetesResource(module, kind, {
            metadata: { name: "app", namespace: "shop" },
            spec: { scaleTargetRef, ...spec },
        }),
    );
}

/** A StatefulSet of an image, with so many pods. */
export function quorumOf(image: string, replicas: number): Sample {
    const containers = [{ name: "app", image }];
    const spec = { replicas, template: { spec: { containers } } };
    return sampleOf(
        kubernetesResource("apps/v1", "StatefulSet", { metadata: { name: "app", namespace: "shop" }, spec }),
    );
}

/** An object of an operator's that has pods by number. */
export function operated(module: string, kind: string, spec: Readonly<Record<string, unknown>>): Sample {
    return sampleOf(kubernetesResource(module, kind, { metadata: { name: "app", namespace: "shop" }, spec }));
}
