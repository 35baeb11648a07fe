import type { Sample } from "../../rule";
import { kubernetesResource, merge, podOf, sampleOf } from "../../samples";

export const alive = { httpGet: { path: "/health", port: 8080 }, failureThreshold: 6 } as const;
export const ready = { httpGet: { path: "/health", port: 8080 } } as const;

/** A Deployment whose container has these probes. */
export function probed(probes: Readonly<Record<string, unknown>>): Sample {
    const base = { livenessProbe: alive, readinessProbe: ready };
    return workloadOf("Deployment", podOf({ kind: "container", set: merge(base, probes) }));
}

export function workloadOf(kind: string, pod: unknown): Sample {
    const metadata = { name: "app", namespace: "shop" };
    return sampleOf(kubernetesResource("apps/v1", kind, { metadata, spec: { template: { spec: pod } } }));
}

/** Two programs in a pod: one that serves, and one beside it in an init container that stays. */
export function withSidecar(probes: Readonly<Record<string, unknown>>): Sample {
    const pod = podOf({ kind: "container", set: { livenessProbe: alive, readinessProbe: ready } });
    const init = [
        { name: "migrate", image: "registry.k8s.io/sample/app:1.0.0" },
        { name: "proxy", image: "registry.k8s.io/sample/app:1.0.0", restartPolicy: "Always", ...probes },
    ];
    return workloadOf("Deployment", { ...pod, initContainers: init });
}
