import { setTimeout as sleep } from "node:timers/promises";
import type { CloudKind, CloudRecord, CloudView, Subject } from "../../cloud/kind";
import { mapAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { replaces, updates } from "../changes";
import type { ControlPlane } from "../controlPlane";
import { exampleId, guidFrom, isSubscription, isWithin, parentOf, sameId } from "../ids";
import { names } from "../names";
import { isPrincipal, roles } from "../roles";
import { apiSources, pages, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { mayEnter } from "./cluster";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const identityPath = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;

const identity = armKind({
    path: identityPath,
    apiVersion: "2023-01-31",
    name: names.identity,
    changes: [replaces(pluginSources.mutability, "location"), updates(apiSources.identity, "tags")],
    computed: ["clientId", "principalId", "tenantId"],
    outputs: ({ unique }, before) => ({
        clientId: before.clientId ?? guidFrom(unique),
        principalId: before.principalId ?? guidFrom(unique, 9),
        tenantId: exampleId,
    }),
    keep: keepIdentity,
});

/** Azure would let it go, and the cluster would be without its rights from then on; so the simulator says it here. */
function keepIdentity({ id }: CloudRecord, cloud: CloudView): string | undefined {
    const user = cloud.all(tokens.cluster).find(({ outputs }) => {
        const [control] = Object.keys(mapAt(outputs, "identity.userAssignedIdentities"));
        return [control, textAt(outputs, "identityProfile.kubeletidentity.resourceId")].some((used) =>
            sameId(used ?? "", id),
        );
    });
    return user && `the cluster ${user.id} would lose its rights`;
}

/** Credentials that are being written, by identity. */
const writing = new Map<string, string>();
/** About as long as a write takes at least, so that two that a program does not put in order do meet. */
const writeMs = 60;

const federatedCredential = armKind({
    path: `${identityPath}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    apiVersion: "2023-01-31",
    required: ["issuer", "subject", "audiences"],
    changes: [updates(apiSources.identity, "issuer", "subject", "audiences")],
    judge: credentialIssues,
    effects: { created: (_, { id }) => writeAlone(id), deleted: async ({ id }) => void (await writeAlone(id)) },
});

/** The directory writes one credential of an identity at a time and refuses the second. @see pages.federation */
async function writeAlone(id: string): Promise<Record<string, never>> {
    const owner = parentOf(id).toLowerCase();
    const other = writing.get(owner);
    if (other !== undefined) {
        throw new Error(
            `ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity: ${other} is being written; let one depend on the other (${pages.federation})`,
        );
    }
    writing.set(owner, id);
    await sleep(writeMs).finally(() => writing.delete(owner));
    return {};
}

function credentialIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const owner = textAt(inputs, "resourceName");
    const others = cloud
        .all(tokens.federatedCredential)
        .filter((other) => other.id !== id && textAt(other.outputs, "resourceName") === owner);
    const same = others.find(
        ({ outputs }) => textAt(outputs, "issuer") === inputs.issuer && textAt(outputs, "subject") === inputs.subject,
    );
    return [
        ...(same === undefined
            ? []
            : [{ property: "subject", reason: `and issuer are those of ${same.id} (${pages.federation})` }]),
        ...(others.length < 20
            ? []
            : [{ property: "resourceName", reason: `has twenty credentials already (${pages.federation})` }]),
    ];
}

function roleAssignmentKind(controlPlane: ControlPlane): CloudKind {
    return armKind({
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
                await openClusters(controlPlane, inputs, cloud);
                return {};
            },
            deleted: ({ inputs }, cloud) => openClusters(controlPlane, inputs, cloud),
        },
    });
}

/** Lets whoever deploys into the clusters that an assignment is about, or out of them, when it is one of their administrators'. */
async function openClusters(controlPlane: ControlPlane, assignment: Properties, cloud: CloudView): Promise<void> {
    if (!textAt(assignment, "roleDefinitionId")?.toLowerCase().endsWith(roles.clusterAdministrator)) return;
    const scope = textAt(assignment, "scope") ?? "";
    for (const { id, outputs } of cloud
        .all(tokens.cluster)
        .filter((cluster) => cluster.ready && isWithin(scope, cluster.id))) {
        await controlPlane.setAccess(textAt(outputs, "resourceName") ?? "", mayEnter(cloud, id, outputs));
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
    changes: [],
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

export function identityKinds(controlPlane: ControlPlane): Readonly<Record<string, CloudKind>> {
    return {
        [tokens.identity]: identity,
        [tokens.federatedCredential]: federatedCredential,
        [tokens.roleAssignment]: roleAssignmentKind(controlPlane),
        [tokens.lock]: lock,
        [tokens.policyAssignment]: policyAssignment,
        [tokens.pricing]: pricing,
    };
}
