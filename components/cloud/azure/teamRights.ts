import type { ManagedCluster } from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { membersOf, type TeamRole, teamRoles } from "../common/teams";
import { grant, type Role } from "./roles";
import type { AzureSettings } from "./settings";
import type { Site } from "./site";

export interface TeamRightsArgs {
    readonly site: Site;
    readonly cluster: ManagedCluster;
    readonly access: AzureSettings["access"];
}

/**
 * What each role is given on the cluster in Azure. A login takes the first of them. What developers and viewers see in it is written in the
 * cluster: Azure's own roles cannot tell a pod's log from the pod (getResourceAndAction in authz/providers/azure/rbac of kubeguard/guard),
 * and the API server asks Kubernetes' roles as well, whose subjects are groups of Entra by their object ids.
 *
 * @see https://learn.microsoft.com/azure/aks/concepts-cluster-authorization ("You can use both models on the same cluster")
 * @see https://learn.microsoft.com/azure/aks/kubernetes-rbac-entra-id
 */
const rights = {
    breakGlass: ["clusterUser", "clusterAdmin"],
    developers: ["clusterUser"],
    viewers: ["clusterUser"],
} as const satisfies Record<TeamRole, readonly Role[]>;

/** Lets people log in to the cluster who do not deploy it, and whoever helps in an emergency do everything in it. */
export class TeamRights extends TarsComponent {
    constructor(
        name: string,
        { site, cluster, access }: TeamRightsArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "TeamRights", name, opts);
        const child = { parent: this, provider: opts.provider };
        for (const role of teamRoles) {
            for (const principal of membersOf(access, role)) {
                const right = { principal, kind: "Group", scope: cluster.id } as const;
                for (const given of rights[role])
                    grant(`${name}-${given}-${principal}`, site, { ...right, role: given }, child);
            }
        }
        this.registerOutputs({});
    }
}
