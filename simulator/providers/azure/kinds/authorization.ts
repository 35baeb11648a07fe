import { clusters } from "../../cloud/clusters";
import type { CloudKind, CloudRecord, CloudView, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { replaces, updates } from "../changes";
import { guidFrom, isSubscription, isWithin, nameOfId, sameId } from "../ids";
import { names } from "../names";
import { deployer, isOfDeployer, isPrincipal, mayEnter, roles } from "../roles";
import { apiSources, pages, pluginSources } from "../sources";
import { tokens } from "../tokens";

const roleAssignment = armKind({
    path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    apiVersion: "2022-04-01",
    name: names.guid,
    required: ["principalId", "roleDefinitionId"],
    rules: {
        roleDefinitionId: {
            form: /^(\/subscriptions\/[0-9a-f-]{36})?\/providers\/Microsoft\.Authorization\/roleDefinitions\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
            says: "the id of a role definition",
        },
    },
    changes: [
        replaces(pluginSources.table, "principalId", "scope"),
        updates(apiSources.roleAssignments, "condition", "conditionVersion", "description"),
    ],
    computed: ["createdOn", "updatedOn"],
    outputs: (_, before) => ({
        createdOn: before.createdOn ?? new Date().toISOString(),
        updatedOn: new Date().toISOString(),
    }),
    judge: assignmentIssues,
    effects: {
        created: async ({ inputs, cloud }) => {
            await openClusters(inputs, cloud, isOfDeployer(inputs));
            return {};
        },
        deleted: ({ inputs }, cloud) => openClusters(inputs, cloud, false),
    },
});

/** Lets whoever deploys into the clusters that an assignment is about, or out of them, when it is one of their administrators'. */
async function openClusters(assignment: Properties, cloud: CloudView, given: boolean): Promise<void> {
    if (!textAt(assignment, "roleDefinitionId")?.toLowerCase().endsWith(roles.clusterAdministrator)) return;
    const scope = textAt(assignment, "scope") ?? "";
    const clustersThere = cloud.all(tokens.cluster).filter(({ ready, id }) => ready && isWithin(scope, id));
    for (const { id, outputs } of clustersThere) {
        await clusters().setAccess(textAt(outputs, "resourceName") ?? "", given || mayEnter(cloud, id, outputs));
    }
}

function assignmentIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const principal = textAt(inputs, "principalId") ?? "";
    // Groups and people are in a directory that no cloud resource makes.
    const unknown = inputs.principalType === "ServicePrincipal" && !isPrincipal(cloud, principal);
    const same = cloud
        .all(tokens.roleAssignment)
        .filter((other) => other.id !== id)
        .find(
            ({ outputs }) =>
                textAt(outputs, "principalId") === principal &&
                sameId(textAt(outputs, "scope") ?? "", textAt(inputs, "scope") ?? "") &&
                sameId(textAt(outputs, "roleDefinitionId") ?? "", textAt(inputs, "roleDefinitionId") ?? ""),
        );
    return [
        ...(unknown
            ? [
                  {
                      property: "principalId",
                      reason: `PrincipalNotFound: the directory has no service principal ${principal}`,
                  },
              ]
            : []),
        ...(same === undefined
            ? []
            : [{ property: "principalId", reason: `RoleAssignmentExists: ${same.id} gives the role already` }]),
    ];
}

const roleDefinition = armKind({
    path: "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    apiVersion: "2022-05-01-preview",
    name: names.guid,
    required: ["roleName", "permissions", "assignableScopes"],
    changes: [
        updates(
            apiSources.roleDefinitions,
            ...["roleName", "description", "permissions", "assignableScopes", "roleType"],
        ),
    ],
    computed: ["createdOn", "updatedOn", "createdBy", "updatedBy"],
    outputs: (_, before) => ({
        createdOn: before.createdOn ?? new Date().toISOString(),
        updatedOn: new Date().toISOString(),
        createdBy: deployer.objectId,
        updatedBy: deployer.objectId,
    }),
    judge: definitionIssues,
    keep: keepAssigned,
});

function definitionIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const name = textAt(inputs, "roleName") ?? "";
    const same = cloud
        .all(tokens.roleDefinition)
        .find((other) => other.id !== id && textAt(other.outputs, "roleName") === name);
    return [
        ...(same === undefined
            ? []
            : [{ property: "roleName", reason: `RoleDefinitionWithSameNameExists: ${same.id} is called ${name}` }]),
        ...(textsAt(inputs, "assignableScopes").length > 0
            ? []
            : [{ property: "assignableScopes", reason: "must name where the role can be given" }]),
    ];
}

/** @see pages.customRoles */
function keepAssigned({ id }: CloudRecord, cloud: CloudView): string | undefined {
    const user = cloud
        .all(tokens.roleAssignment)
        .find(({ outputs }) => sameId(nameOfId(textAt(outputs, "roleDefinitionId") ?? ""), nameOfId(id)));
    return user && `RoleDefinitionHasAssignments: ${user.id} gives the role (${pages.customRoles})`;
}

const lock = armKind({
    path: "/{scope}/providers/Microsoft.Authorization/locks/{lockName}",
    apiVersion: "2020-05-01",
    name: names.lock,
    required: ["level"],
    rules: { level: { form: /^(CanNotDelete|ReadOnly)$/, says: "CanNotDelete or ReadOnly" } },
    changes: [updates(apiSources.locks, "level", "notes", "owners")],
});

const policyAssignment = armKind({
    path: "/{scope}/providers/Microsoft.Authorization/policyAssignments/{policyAssignmentName}",
    apiVersion: "2025-01-01",
    name: names.policyAssignment,
    required: ["policyDefinitionId"],
    changes: [
        updates(
            apiSources.policyAssignments,
            ...["displayName", "description", "enforcementMode", "parameters", "notScopes", "nonComplianceMessages"],
            ...["metadata", "identity", "resourceSelectors", "overrides"],
        ),
    ],
    computed: ["instanceId"],
    outputs: ({ unique }, before) => ({ instanceId: before.instanceId ?? guidFrom(unique) }),
});

const pricing = armKind({
    path: "/{scopeId}/providers/Microsoft.Security/pricings/{pricingName}",
    apiVersion: "2024-01-01",
    required: ["pricingTier"],
    rules: { pricingTier: { form: /^(Free|Standard)$/, says: "Free or Standard" } },
    changes: [updates(apiSources.pricing, "pricingTier", "subPlan", "extensions", "enforce")],
    computed: ["freeTrialRemainingTime", "enablementTime"],
    outputs: (_, before) => ({
        freeTrialRemainingTime: "PT0S",
        enablementTime: before.enablementTime ?? new Date().toISOString(),
    }),
    judge: ({ inputs }) =>
        isSubscription(`/${String(inputs.scopeId).replace(/^\/+/, "")}`)
            ? []
            : [
                  {
                      property: "scopeId",
                      reason: `must be the subscription that the run is in, got ${String(inputs.scopeId)}`,
                  },
              ],
});

export const authorizationKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.roleAssignment]: roleAssignment,
    [tokens.roleDefinition]: roleDefinition,
    [tokens.lock]: lock,
    [tokens.policyAssignment]: policyAssignment,
    [tokens.pricing]: pricing,
};
