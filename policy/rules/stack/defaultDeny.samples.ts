import type { Resource, Sample } from "../../rule";
import { compliantDeployment, kubernetesResource } from "../../samples";

interface Situation {
    /** Directions that the namespace's one NetworkPolicy covers; none means that there is no policy. */
    readonly deny: readonly ("Ingress" | "Egress")[];
    /** @default true */
    readonly pods?: boolean;
    /** The policy's podSelector. @default {} - every pod */
    readonly selects?: Readonly<Record<string, unknown>>;
    /** Rules of the policy. @default none */
    readonly rules?: Readonly<Record<string, unknown>>;
}

/** Rules that look as if they named someone. */
export const allowAll = {
    ingress: [{ from: [{ namespaceSelector: {} }, { ipBlock: { cidr: "0.0.0.0/0" } }] }],
    egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/1" } }, { ipBlock: { cidr: "128.0.0.0/1" } }] }],
} as const;

/** A namespace, with or without pods and a default-deny. */
export function namespaceWithPods({ deny, pods = true, selects = {}, rules = {} }: Situation): Sample {
    const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop" } });
    const policy = kubernetesResource("networking.k8s.io/v1", "NetworkPolicy", {
        metadata: { name: "deny", namespace: "shop" },
        spec: { podSelector: selects, policyTypes: deny, ...rules },
    });
    const resources: readonly Resource[] = [
        namespace,
        ...(pods ? [compliantDeployment("shop")] : []),
        ...(deny.length > 0 ? [policy] : []),
    ];
    return { kind: "resources", resources };
}
