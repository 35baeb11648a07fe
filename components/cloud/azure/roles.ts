import { RoleAssignment } from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import { stableGuid } from "./names";
import type { Site } from "./site";

/**
 * Built-in roles that the platform gives, each the least that does its job.
 *
 * @see https://github.com/MicrosoftDocs/azure-docs/blob/00a583295ba737a5caf885472cb3bca3624e9cde/articles/role-based-access-control/built-in-roles.md
 */
export const roles = {
    networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
    privateDnsZoneContributor: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
    dnsZoneContributor: "befefa01-2a29-4197-83a8-272ff33ce314",
    managedIdentityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
    reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    clusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    clusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
    vaultContributor: "f25e0fa2-a7c8-4377-a976-54943a77a395",
    vaultCryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
    vaultEncryption: "e147488a-f6f5-4113-8e2d-b22465e65bf6",
    vaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
    blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    imagePull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    imageDelete: "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
    eventSender: "2b629674-e913-4c01-ae53-ef4638d8f975",
    eventReceiver: "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
} as const;
export type Role = keyof typeof roles;

/** A role of the stack's own, where each that Azure brings may do more than is needed. */
export interface OwnRole {
    readonly guid: string;
    /** Makes the role. */
    readonly definition: pulumi.Resource;
}

export interface Grant {
    readonly role: Role | OwnRole;
    readonly principal: pulumi.Input<string>;
    /** Azure looks a new principal up in Entra, where it may not be yet, unless it is told what the principal is. */
    readonly kind: "ServicePrincipal" | "Group";
    readonly scope: pulumi.Input<string>;
    /**
     * What must also be true of a request, in the language of role assignments.
     * @default undefined - nothing
     */
    readonly condition?: string;
    /** Seldom given; whose rights must stay where the data stays. */
    readonly options?: pulumi.CustomResourceOptions;
}

/** Gives a role; its name in Azure follows from the name here, so that the same right is never given twice. */
export function grant(name: string, site: Site, right: Grant, child: ChildOptions): RoleAssignment {
    const { role, principal, kind, scope, condition, options } = right;
    const { guid, after } = typeof role === "string" ? { guid: roles[role], after: {} } : madeRole(role);
    return new RoleAssignment(
        name,
        {
            roleAssignmentName: stableGuid(site.subscription, site.suffix, name),
            roleDefinitionId: `/subscriptions/${site.subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
            principalId: principal,
            principalType: kind,
            scope,
            ...(condition !== undefined && { condition, conditionVersion: "2.0" }),
        },
        // Azure takes one assignment of a name: the old one must go before its replacement comes.
        { ...child, ...options, ...after, deleteBeforeReplace: true },
    );
}

/** Azure takes no assignment of a role that is not there yet. */
function madeRole({ guid, definition }: OwnRole) {
    return { guid, after: { dependsOn: [definition] } };
}
