import type { Resource, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

/** The control plane, as its chart renders it: enough to see that there is a mesh. */
export const istiod: Resource = kubernetesResource(
    "apps/v1",
    "Deployment",
    { metadata: { name: "istiod", namespace: "istio-system", labels: { app: "istiod" } } },
    "istiod",
);

/** An object with a spec. Its kind is part of its name, so that two kinds of one name are two resources. */
export function objectOf(
    [module, kind]: readonly [string, string],
    name: string,
    namespace: string,
    spec: Mapping,
): Resource {
    return kubernetesResource(module, kind, { metadata: { name, namespace }, spec }, `${kind}-${namespace}-${name}`);
}

export function peerAuthentication(name: string, namespace: string, spec: Mapping): Resource {
    return objectOf(["security.istio.io/v1", "PeerAuthentication"], name, namespace, spec);
}

export function authorizationPolicy(name: string, namespace: string, spec: Mapping): Resource {
    return objectOf(["security.istio.io/v1", "AuthorizationPolicy"], name, namespace, spec);
}

export function namespaceOfMesh(name: string, labels: Mapping = { "istio.io/dataplane-mode": "ambient" }): Resource {
    return kubernetesResource("core/v1", "Namespace", { metadata: { name, labels } }, `namespace-${name}`);
}

/** Resources beside a control plane. They come first, so that tests can change them by their place. */
export function meshWith(...resources: readonly Resource[]): Sample {
    return sampleOf(...resources, istiod);
}
