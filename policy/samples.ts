import { isMapping } from "./reading/value";
import type { Resource, Sample } from "./rule";

type Mapping = Readonly<Record<string, unknown>>;

const compliantContainer: Mapping = {
    name: "app",
    image: "registry.k8s.io/sample/app:1.0.0",
    resources: {
        requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "100Mi" },
        limits: { memory: "128Mi", "ephemeral-storage": "100Mi" },
    },
    securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
    },
};

const compliantPod: Mapping = {
    serviceAccountName: "app",
    automountServiceAccountToken: false,
    priorityClassName: "tars-serving",
    securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [compliantContainer],
};

/** A Kubernetes resource as the engine would register it. */
export function kubernetesResource(module: string, kind: string, inputs: Mapping, name = kind.toLowerCase()): Resource {
    const type = `kubernetes:${module}:${kind}`;
    return { urn: `urn:pulumi:sample::sample::${type}::${name}`, type, name, inputs };
}

/** A Deployment that no rule objects to. */
export function compliantDeployment(namespace: string): Resource {
    return deployment(compliantPod, namespace);
}

/** A resource of a cloud as the engine would register it, by its type token. */
export function cloudResource(type: string, inputs: Mapping, name = "sample"): Resource {
    return { urn: `urn:pulumi:sample::sample::${type}::${name}`, type, name, inputs };
}

/** A sample made of whole resources. */
export function sampleOf(...resources: readonly Resource[]): Sample {
    return { kind: "resources", resources };
}

/** The resources of a sample. */
export function resourcesOf(sample: Sample): readonly Resource[] {
    if (sample.kind === "stacks") return sample.stacks.flatMap(({ resources }) => resources);
    return sample.kind === "resources" ? sample.resources : [deployment(podOf(sample), "sample")];
}

/** The pod spec of a sample about a pod or a container. */
export function podOf(sample: Extract<Sample, { kind: "pod" | "container" }>): Mapping {
    if (sample.kind === "pod") return merge(compliantPod, sample.set);
    return { ...compliantPod, containers: [merge(compliantContainer, sample.set)] };
}

function deployment(pod: Mapping, namespace: string): Resource {
    return kubernetesResource("apps/v1", "Deployment", {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "app", namespace },
        spec: { selector: { matchLabels: { app: "app" } }, template: { metadata: {}, spec: pod } },
    });
}

/** `base` with what `change` sets; a null takes a property away, a list replaces. */
export function merge(base: Mapping, change: Mapping): Mapping {
    const merged = new Map(Object.entries(base));
    for (const [key, value] of Object.entries(change)) {
        if (value === null) merged.delete(key);
        else merged.set(key, isMapping(value) ? merge(mappingOr(merged.get(key)), value) : value);
    }
    return Object.fromEntries(merged);
}

function mappingOr(value: unknown): Mapping {
    return isMapping(value) ? value : {};
}
