import { setTimeout as sleep } from "node:timers/promises";
import type { CloudKind, CloudRecord, CloudView, Subject } from "../../cloud/kind";
import { mapAt, textAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { replaces, updates } from "../changes";
import { exampleId, guidFrom, parentOf, sameId } from "../ids";
import { names } from "../names";
import { apiSources, pages, pluginSources } from "../sources";
import { tokens } from "../tokens";

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

export const identityKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.identity]: identity,
    [tokens.federatedCredential]: federatedCredential,
};
