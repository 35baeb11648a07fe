import type { Sample } from "../../rule";
import { kubernetesResource, podOf, sampleOf } from "../../samples";

interface Situation {
    /** @default agent-sandbox */
    readonly name?: string;
    /** The label that says whether it is a sandbox. @default none */
    readonly mark?: "true" | "false";
    readonly runtimeClass?: string | undefined;
    /** Handler of the RuntimeClass, where the stack has one. @default the stack has none */
    readonly handler?: string;
    /** Egress rules of the policy; undefined for a policy that leaves egress open. */
    readonly egress?: readonly unknown[] | undefined;
    /** What the quota counts. */
    readonly hard?: Readonly<Record<string, string>>;
}

const closed = { name: "agent-sandbox", runtimeClass: "gvisor", egress: [] } as const;
const ceilings = { "limits.cpu": "4", "limits.memory": "8Gi", pods: "4" } as const;

/** A namespace for agents with a pod, a network policy and a quota; everything as it should be but what is said. */
export function sandbox(situation: Situation): Sample {
    const { name, mark, runtimeClass, handler, egress, hard }: Situation = { ...closed, hard: ceilings, ...situation };
    const labels = mark === undefined ? {} : { "tars-platform/sandbox": mark };
    const metadata = { name: "agent", namespace: name };
    const spec = podOf({ kind: "pod", set: runtimeClass === undefined ? {} : { runtimeClassName: runtimeClass } });
    const rules = egress === undefined ? { policyTypes: ["Ingress"] } : { policyTypes: ["Egress"], egress };
    const runtime = kubernetesResource("node.k8s.io/v1", "RuntimeClass", { metadata: { name: runtimeClass }, handler });
    return sampleOf(
        kubernetesResource("core/v1", "Namespace", { metadata: { name, labels } }),
        kubernetesResource("apps/v1", "Deployment", { metadata, spec: { template: { metadata: {}, spec } } }),
        kubernetesResource("networking.k8s.io/v1", "NetworkPolicy", { metadata, spec: { podSelector: {}, ...rules } }),
        kubernetesResource("core/v1", "ResourceQuota", { metadata, spec: { hard } }),
        ...(handler === undefined ? [] : [runtime]),
    );
}
