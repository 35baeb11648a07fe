import type { CloudKind, CloudView } from "../../cloud/kind";
import { isTrue, textAt } from "../../cloud/values";
import type { Value } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { updates } from "../changes";
import { parentOf } from "../ids";
import { names } from "../names";
import { hasRole } from "../roles";
import { apiSources, pages } from "../sources";
import { tokens } from "../tokens";
import { staysInRegion } from "./network";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";

const diskEncryptionSet = armKind({
    path: `${group}/providers/Microsoft.Compute/diskEncryptionSets/{diskEncryptionSetName}`,
    apiVersion: "2024-03-02",
    name: names.disks,
    required: ["activeKey"],
    references: [
        { path: "identity.userAssignedIdentities", to: [tokens.identity] },
        { path: "activeKey.sourceVault.id", to: [tokens.vault], holds: false },
    ],
    changes: [
        staysInRegion,
        updates(
            apiSources.disks,
            "activeKey",
            "encryptionType",
            "identity",
            "rotationToLatestKeyVersionEnabled",
            "federatedClientId",
            "tags",
        ),
    ],
    computed: ["provisioningState", "lastKeyRotationTimestamp"],
    outputs: (_, before) => ({
        provisioningState: "Succeeded",
        lastKeyRotationTimestamp: before.lastKeyRotationTimestamp ?? new Date().toISOString(),
    }),
    judge: ({ inputs, cloud }) =>
        keyIssues(
            cloud,
            "activeKey.keyUrl",
            textAt(inputs, "activeKey.keyUrl"),
            textAt(inputs, "identity.userAssignedIdentities"),
        ),
});

/** Whether a key is there and an identity may wrap with it, as every service that encrypts with a customer's key needs. */
export function keyIssues(
    cloud: CloudView,
    property: string,
    uri: string | undefined,
    identityId: string | undefined,
): InputIssue[] {
    if (uri === undefined) return [];
    const found = cloud.find([tokens.key], "keyUriWithVersion", uri) ?? cloud.find([tokens.key], "keyUri", uri);
    if (found === undefined) return [{ property, reason: `names a key that does not exist: ${uri}` }];
    const owner = cloud.get(tokens.vault, parentOf(found.id));
    const principal = textAt(cloud.get(tokens.identity, identityId ?? "")?.outputs, "principalId");
    const purge = isTrue(owner?.outputs, "properties.enablePurgeProtection");
    const granted =
        principal === undefined ||
        !isTrue(owner?.outputs, "properties.enableRbacAuthorization") ||
        hasRole(cloud, principal, found.id, "cryptoServiceUser", "cryptoUser", "cryptoOfficer", "vaultAdministrator");
    return [
        ...(purge ? [] : [{ property, reason: `needs a vault with purge protection (${pages.softDelete})` }]),
        ...(granted
            ? []
            : [
                  {
                      property,
                      reason: `needs Key Vault Crypto Service Encryption User for ${identityId} on ${owner?.id} (${pages.roles})`,
                  },
              ]),
    ];
}

/** The same of a key that is named by its vault's address and its own name, as where a service takes the newest version by itself. */
export function namedKeyIssues(
    cloud: CloudView,
    property: string,
    named: Value | undefined,
    identityId: string | undefined,
): InputIssue[] {
    const [vault, key] = [textAt(named, "keyVaultUri"), textAt(named, "keyName")];
    if (vault === undefined || key === undefined) return [];
    return keyIssues(cloud, property, `${vault.replace(/\/$/, "")}/keys/${key}`, identityId);
}

export const encryptionKinds: Readonly<Record<string, CloudKind>> = { [tokens.diskEncryptionSet]: diskEncryptionSet };
