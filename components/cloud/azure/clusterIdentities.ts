import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { ClusterPlan } from "./clusterPlan";
import { grant, type Role } from "./roles";
import { placeOf, type Site } from "./site";

/** Who the cluster is in Azure, and what it waits for: the rights without which it would not come up. */
export interface ClusterIdentities {
    /** Of the control plane: makes nodes, load balancers and disks. */
    readonly control: UserAssignedIdentity;
    /** Of the nodes: pulls images. */
    readonly nodes: UserAssignedIdentity;
    readonly rights: readonly pulumi.Resource[];
}

export function createClusterIdentities(name: string, args: ClusterPlan, child: ChildOptions): ClusterIdentities {
    const { site, adminGroups } = args;
    const create = (role: string) =>
        new UserAssignedIdentity(
            `${name}-${role}`,
            { ...placeOf(site), resourceName: site.naming("identity", "cluster", role) },
            child,
        );
    const identities = { control: create("control"), nodes: create("nodes") };
    const rights = rightsOf(args, identities).map(({ words, principal, role, scope }) =>
        grant(`${name}-${words}`, site, { role, scope, principal, kind: "ServicePrincipal" }, child),
    );
    return { ...identities, rights: [...rights, ...allowAdministrators(name, site, adminGroups, child)] };
}

interface Right {
    readonly words: string;
    readonly principal: pulumi.Input<string>;
    readonly role: Role;
    readonly scope: pulumi.Input<string>;
}

/**
 * What AKS needs of a network, vault, registry and disk key that it did not make itself.
 *
 * @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration (both subnets)
 * @see https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption (both rights to a private vault)
 * @see https://learn.microsoft.com/azure/aks/private-clusters (the zone of the API server, which AKS links to the network even where it is linked)
 * @see https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys (the key of disks)
 * @see https://learn.microsoft.com/azure/aks/use-managed-identity (the identity of nodes)
 */
function rightsOf(
    { network, secrets, dns, registry, disks }: ClusterPlan,
    { control, nodes }: Pick<ClusterIdentities, "control" | "nodes">,
): readonly Right[] {
    const forControl = (words: string, role: Role, scope: pulumi.Input<string>): Right => ({
        words,
        principal: control.principalId,
        role,
        scope,
    });
    const { balancers } = network.subnets;
    const zone = dns.apiServer && [
        forControl("names", "privateDnsZoneContributor", dns.apiServer.id),
        forControl("links-names", "networkContributor", network.network.id),
    ];
    return [
        forControl("joins-nodes", "networkContributor", network.subnets.nodes.id),
        forControl("joins-api-server", "networkContributor", network.subnets.apiServer.id),
        ...(balancers === undefined ? [] : [forControl("joins-balancers", "networkContributor", balancers.id)]),
        forControl("finds-vault", "vaultContributor", secrets.vault.id),
        forControl("uses-key", "vaultCryptoUser", secrets.vault.id),
        forControl("reads-disk-key", "reader", disks.id),
        forControl("names-nodes", "managedIdentityOperator", nodes.id),
        ...(zone ?? []),
        { words: "pulls", principal: nodes.principalId, role: "imagePull", scope: registry.registry.id },
    ];
}

/**
 * Whoever deploys is in one of these groups, and needs both roles before the first object. They are given on the group of resources, which
 * holds no other cluster, and so before this one: it takes minutes to come up, and a new right gets around in that time.
 */
function allowAdministrators(
    name: string,
    site: Site,
    groups: readonly string[],
    child: ChildOptions,
): readonly pulumi.Resource[] {
    return groups.flatMap((principal) => {
        const right = { principal, kind: "Group", scope: site.group.id } as const;
        return [
            grant(`${name}-admins-${principal}`, site, { ...right, role: "clusterAdmin" }, child),
            grant(`${name}-users-${principal}`, site, { ...right, role: "clusterUser" }, child),
        ];
    });
}
