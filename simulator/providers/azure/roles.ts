import type { CloudView } from "../cloud/kind";
import { isTrue, textAt } from "../cloud/values";
import type { Properties } from "../properties";
import { isWithin } from "./ids";
import { tokens } from "./tokens";

/**
 * Built-in roles that something in Azure looks for.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const roles = {
    owner: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
    privateZoneContributor: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
    identityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
    vaultContributor: "f25e0fa2-a7c8-4377-a976-54943a77a395",
    vaultAdministrator: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
    cryptoOfficer: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
    cryptoUser: "12338af0-0e69-4776-bea7-57ae8d297424",
    cryptoServiceUser: "e147488a-f6f5-4113-8e2d-b22465e65bf6",
    reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    clusterAdministrator: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
} as const;
export type RoleName = keyof typeof roles;

/** Who runs the program, as the simulated directory knows them. */
export const deployer = {
    objectId: "11111111-1111-1111-1111-111111111111",
    clientId: "22222222-2222-2222-2222-222222222222",
} as const;

/** Whether an assignment is to whoever deploys; the simulated directory has them in every group. */
export function isOfDeployer(assignment: Properties): boolean {
    return assignment.principalType === "Group" || textAt(assignment, "principalId") === deployer.objectId;
}

/** Whether whoever deploys has one of these roles on something. */
export function deployerHas(cloud: CloudView, on: string, ...wanted: readonly RoleName[]): boolean {
    const assignments = cloud.all(tokens.roleAssignment).filter(({ outputs }) => isOfDeployer(outputs));
    return assignments.some(({ outputs }) => hasRole(cloud, textAt(outputs, "principalId") ?? "", on, ...wanted));
}

/** Whether somebody has one of these roles on something, by an assignment there or above it. */
export function hasRole(cloud: CloudView, principal: string, on: string, ...wanted: readonly RoleName[]): boolean {
    return cloud
        .all(tokens.roleAssignment)
        .some(
            ({ outputs, ready }) =>
                ready &&
                textAt(outputs, "principalId") === principal &&
                isWithin(textAt(outputs, "scope") ?? "", on) &&
                wanted.some((role) => textAt(outputs, "roleDefinitionId")?.toLowerCase().endsWith(roles[role])),
        );
}

/** Where the object ids of identities stand in the outputs of those who have one. */
const identityPaths = {
    [tokens.identity]: ["principalId"],
    [tokens.cluster]: ["identity.principalId", "identityProfile.kubeletidentity.objectId"],
    [tokens.registryTask]: ["identity.principalId"],
    [tokens.registry]: ["identity.principalId"],
    [tokens.diskEncryptionSet]: ["identity.principalId"],
    [tokens.storageAccount]: ["identity.principalId"],
} as const;

/** Whether the directory knows the object id of a service principal. */
export function isPrincipal(cloud: CloudView, objectId: string): boolean {
    if (objectId === deployer.objectId) return true;
    return Object.entries(identityPaths).some(([type, paths]) =>
        cloud.all(type).some(({ outputs }) => paths.some((path) => textAt(outputs, path) === objectId)),
    );
}

/** Whether whoever deploys gets into a cluster. With Azure's roles in charge it takes one, otherwise a local account or a group will do. */
export function mayEnter(cloud: CloudView, id: string, cluster: Properties): boolean {
    return !isTrue(cluster, "aadProfile.enableAzureRBAC") || deployerHas(cloud, id, "clusterAdministrator");
}
