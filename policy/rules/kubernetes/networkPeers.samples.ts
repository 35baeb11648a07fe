import { gatewayLabel } from "../../facts/networks";
import type { Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

interface Named {
    readonly name: string;
    readonly namespace: string;
}

type Rules = readonly Readonly<Record<string, unknown>>[];

/** The cluster's name service. */
export const nameService = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
} as const;

/** Every pod of every namespace. */
export const everyPod = { namespaceSelector: {} } as const;

/** A policy that lets these in. */
export function ingress(rules: Rules): Sample {
    return policy({ policyTypes: ["Ingress"], ingress: rules });
}

/** A policy that lets these in to the pods of a Gateway. */
export function gatewayIngress(rules: Rules): Sample {
    const podSelector = { matchLabels: { [gatewayLabel]: "edge" } };
    return policy({ podSelector, policyTypes: ["Ingress"], ingress: rules });
}

/** A policy that lets its pods out to these. */
export function egress(rules: Rules, metadata?: Named): Sample {
    return policy({ policyTypes: ["Egress"], egress: rules }, metadata);
}

function policy(rules: Readonly<Record<string, unknown>>, metadata: Named = paths): Sample {
    const spec = { podSelector: { matchLabels: { app: "app" } }, ...rules };
    return sampleOf(
        kubernetesResource("networking.k8s.io/v1", "NetworkPolicy", {
            metadata: { name: metadata.name, namespace: metadata.namespace },
            spec,
        }),
    );
}

const paths: Named = { name: "paths", namespace: "shop" };
