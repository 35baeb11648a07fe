import type { Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

const rbac = "rbac.authorization.k8s.io/v1";

/** Rights as a role gives them, in a core resource unless a group is named. */
export function right(resource: string, verbs: readonly string[], group = "") {
    return { apiGroups: [group], resources: [resource], verbs };
}

/** A ClusterRole with these rules. */
export function clusterRole(
    rules: readonly Readonly<Record<string, unknown>>[],
    labels: Readonly<Record<string, string>> = {},
): Sample {
    return sampleOf(kubernetesResource(rbac, "ClusterRole", { metadata: { name: "reader", labels }, rules }));
}

/** A Role with these rules. */
export function role(rules: readonly Readonly<Record<string, unknown>>[]): Sample {
    return sampleOf(kubernetesResource(rbac, "Role", { metadata: { name: "reader", namespace: "shop" }, rules }));
}

/** Whom a binding gives a role to. */
export function subject(kind: "Group" | "User" | "ServiceAccount", name: string) {
    return { kind, name, ...(kind === "ServiceAccount" ? { namespace: "shop" } : {}) };
}

/** A binding of a role to subjects, in a namespace or in the whole cluster. */
export function binding(
    kind: "RoleBinding" | "ClusterRoleBinding",
    to: { readonly kind: "Role" | "ClusterRole"; readonly name: string },
    ...subjects: readonly ReturnType<typeof subject>[]
): Sample {
    const place = kind === "RoleBinding" ? { namespace: "shop" } : {};
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", ...to };
    return sampleOf(kubernetesResource(rbac, kind, { metadata: { name: "readers", ...place }, roleRef, subjects }));
}
