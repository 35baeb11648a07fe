import type { Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

const rbac = "rbac.authorization.k8s.io/v1";
const metadata = { name: "reader", namespace: "shop" };

interface Situation {
    /** @default the Role of the stack */
    readonly role?: { readonly kind: "Role" | "ClusterRole"; readonly name: string };
    /** @default the service account of the stack */
    readonly subject?: Readonly<Record<"kind" | "name", string>> & { readonly namespace?: string };
}

const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop" } });
const account = kubernetesResource("core/v1", "ServiceAccount", { metadata });
const role = kubernetesResource(rbac, "Role", { metadata, rules: [] });

function binding({
    role: to = { kind: "Role", name: "reader" },
    subject = { kind: "ServiceAccount", name: "reader", namespace: "shop" },
}: Situation) {
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", ...to };
    return kubernetesResource(rbac, "RoleBinding", { metadata, roleRef, subjects: [subject] });
}

/** A binding beside the one Role and the one ServiceAccount of its namespace. */
export function bound(situation: Situation): Sample {
    return sampleOf(binding(situation), namespace, account, role);
}

/** A binding and its role, without the service account. */
export function roleOnly(): Sample {
    return sampleOf(binding({}), namespace, role);
}
