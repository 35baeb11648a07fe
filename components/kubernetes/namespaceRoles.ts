import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { type Ownership, platformLabels } from "../foundation/labels";

/** What the pods of one service may read of the namespace that they run in. */
export interface NamespaceRole {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly role: string;
    /** Kinds of the core API. */
    readonly resources: readonly string[];
}

/** Service accounts with their roles as requirements/003 names them (3.1, RBAC configuration); each may get, list and watch. */
export const namespaceRoles = [
    {
        namespace: "vector-store",
        serviceAccount: "pinecone-service",
        role: "pinecone-reader",
        resources: ["pods", "services"],
    },
    {
        namespace: "monitoring",
        serviceAccount: "monitoring-service",
        role: "metrics-reader",
        resources: ["pods", "services", "endpoints"],
    },
] as const satisfies readonly NamespaceRole[];

const verbs = ["get", "list", "watch"];

/** The rows of the namespaces that a stack makes. In a namespace of somebody else's the platform gives no rights. */
export function rolesIn(namespaces: readonly string[]): readonly NamespaceRole[] {
    return namespaceRoles.filter(({ namespace }) => namespaces.includes(namespace));
}

export interface ServiceRoleArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    readonly plan: NamespaceRole;
}

/** The account of a service that reads its own namespace, with that right. Its pods ask for a token themselves. */
export class ServiceRole extends TarsComponent {
    constructor(name: string, { cluster, ownership, plan }: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "ServiceRole", name, opts);
        const child = { parent: this, provider: cluster.provider };
        createRights(name, plan, platformLabels(ownership), child);
        this.registerOutputs({});
    }
}

function createRights(
    name: string,
    { namespace, serviceAccount, role, resources }: NamespaceRole,
    labels: Readonly<Record<string, string>>,
    child: ChildOptions,
): void {
    const inside = (object: string) => ({ name: object, namespace, labels });
    const rules = [{ apiGroups: [""], resources: [...resources], verbs }];
    const account = { metadata: inside(serviceAccount), automountServiceAccountToken: false };
    const dependsOn = [
        new ServiceAccount(`${name}-account`, account, child),
        new Role(`${name}-role`, { metadata: inside(role), rules }, child),
    ];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role };
    const subjects = [{ kind: "ServiceAccount", name: serviceAccount, namespace }];
    new RoleBinding(`${name}-role`, { metadata: inside(role), roleRef, subjects }, { ...child, dependsOn });
}
