import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { type Labels, type Ownership, platformLabels } from "../foundation/labels";
import { createRights, subjectOf } from "./rights";

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
        createAccess(name, plan, platformLabels(ownership), child);
        this.registerOutputs({});
    }
}

function createAccess(
    name: string,
    { namespace, serviceAccount, role, resources }: NamespaceRole,
    labels: Labels,
    child: ChildOptions,
): void {
    const inside = { namespace, labels };
    const metadata = { ...inside, name: serviceAccount };
    const account = new ServiceAccount(`${name}-account`, { metadata, automountServiceAccountToken: false }, child);
    const rules = [{ apiGroups: [""], resources: [...resources], verbs }];
    const subjects = [subjectOf({ namespace, serviceAccount })];
    createRights(`${name}-role`, { ...inside, name: role, rules, subjects, accounts: [account] }, child);
}
