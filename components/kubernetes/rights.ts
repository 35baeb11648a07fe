import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type { rbac } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import type { Labels } from "../foundation/labels";
import { clusterWide } from "./clusterWide";
import type { Inside } from "./trafficPolicies";

export interface ClusterRightsPlan {
    /** Name of the role, and of what binds it. */
    readonly name: string;
    readonly labels: Labels;
    readonly rules: readonly rbac.v1.PolicyRule[];
    readonly subjects: readonly rbac.v1.Subject[];
    /** Accounts among them that the binding waits for. @default [] */
    readonly accounts?: readonly pulumi.Resource[];
}

export interface RightsPlan extends ClusterRightsPlan, Inside {}

/** API group of roles and of those who have them. */
export const rbacGroup = "rbac.authorization.k8s.io";

/** A role, and what binds it, which comes after it. */
interface Rights {
    readonly role: pulumi.Resource;
    readonly binding: pulumi.Resource;
}

/** Rights in one namespace. */
export function createRights(name: string, plan: RightsPlan, child: ChildOptions): Rights {
    const { rules, subjects, accounts = [], ...metadata } = plan;
    const role = new Role(name, { metadata, rules: [...rules] }, child);
    const roleRef = { apiGroup: rbacGroup, kind: "Role", name: metadata.name };
    const args = { metadata, roleRef, subjects: [...subjects] };
    return { role, binding: new RoleBinding(name, args, after([role, ...accounts], child)) };
}

/** The same in the whole cluster. */
export function createClusterRights(name: string, plan: ClusterRightsPlan, child: ChildOptions): Rights {
    const { rules, subjects, accounts = [] } = plan;
    const metadata = { name: plan.name, labels: clusterWide(plan.labels) };
    const role = new ClusterRole(name, { metadata, rules: [...rules] }, child);
    const roleRef = { apiGroup: rbacGroup, kind: "ClusterRole", name: plan.name };
    const args = { metadata, roleRef, subjects: [...subjects] };
    return { role, binding: new ClusterRoleBinding(name, args, after([role, ...accounts], child)) };
}

function after(made: readonly pulumi.Resource[], child: ChildOptions): ChildOptions {
    return { ...child, dependsOn: [...(child.dependsOn ?? []), ...made] };
}

interface Account {
    readonly namespace: pulumi.Input<string>;
    readonly serviceAccount: string;
}

/** Pods as bindings name them, by their service account. */
export function subjectOf({ namespace, serviceAccount }: Account): rbac.v1.Subject {
    return { kind: "ServiceAccount", name: serviceAccount, namespace };
}
