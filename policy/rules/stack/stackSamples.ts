import type { Resource } from "../../rule";
import { kubernetesResource, podOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

/** The namespace and the labels that samples about a stack share. */
export const shop = "shop";
export const web = { app: "web" } as const;
const place = { name: "web", namespace: shop } as const;

/** The namespace itself. */
export const shopNamespace: Resource = kubernetesResource("core/v1", "Namespace", { metadata: { name: shop } });

/** A Deployment or StatefulSet of pods labelled app=web, with more in its spec and in that of its pods. */
export function webPods(
    spec: Mapping = {},
    pod: Mapping = {},
    kind: "Deployment" | "StatefulSet" = "Deployment",
): Resource {
    return kubernetesResource("apps/v1", kind, {
        metadata: place,
        spec: {
            selector: { matchLabels: web },
            ...spec,
            template: { metadata: { labels: web }, spec: podOf({ kind: "pod", set: pod }) },
        },
    });
}

/** A Service of these pods. */
export function webService(spec: Mapping = {}, name = "web"): Resource {
    const whole = { selector: web, ports: [{ port: 80, targetPort: "http" }], ...spec };
    return kubernetesResource("core/v1", "Service", { metadata: { ...place, name }, spec: whole }, name);
}

/** An autoscaler of the Deployment. */
export function webAutoscaler(spec: Mapping = {}, name = "web"): Resource {
    return kubernetesResource(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        {
            metadata: { ...place, name },
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
                minReplicas: 2,
                maxReplicas: 4,
                ...spec,
            },
        },
        name,
    );
}

/** The same by KEDA. */
export function webScaledObject(spec: Mapping = {}): Resource {
    return kubernetesResource("keda.sh/v1alpha1", "ScaledObject", {
        metadata: place,
        spec: { scaleTargetRef: { name: "web" }, minReplicaCount: 2, ...spec },
    });
}

/** A PodDisruptionBudget of these pods. */
export function webBudget(spec: Mapping, name = "web"): Resource {
    const whole = { selector: { matchLabels: web }, ...spec };
    return kubernetesResource("policy/v1", "PodDisruptionBudget", { metadata: { ...place, name }, spec: whole }, name);
}

/** A NetworkPolicy of the namespace. */
export function shopPolicy(spec: Mapping, name = "paths"): Resource {
    return kubernetesResource(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        { metadata: { name, namespace: shop }, spec },
        name,
    );
}
