import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, mapAt, numberAt, textAt, valuesAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { guidFrom, idAt, isWithin, parentOf, sameId } from "../ids";
import { names } from "../names";
import { apiSources, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { keyIssues } from "./vault";

const accountPath =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}";
const apiVersion = "2024-01-01";

const storageAccount = armKind({
    path: accountPath,
    apiVersion,
    name: names.storageAccount,
    required: ["kind", "sku"],
    references: [
        { path: "identity.userAssignedIdentities", to: [tokens.identity] },
        { path: "encryption.encryptionIdentity.encryptionUserAssignedIdentity", to: [tokens.identity] },
    ],
    changes: [
        replaces(pluginSources.table, "isHnsEnabled", "location"),
        // What the body of a PATCH of an account may hold (`StorageAccountUpdateParameters`).
        updates(
            apiSources.storage,
            ...[
                "tags",
                "sku",
                "identity",
                "kind",
                "encryption",
                "accessTier",
                "networkRuleSet",
                "allowBlobPublicAccess",
            ],
            ...["minimumTlsVersion", "allowSharedKeyAccess", "publicNetworkAccess", "allowCrossTenantReplication"],
            ...[
                "enableHttpsTrafficOnly",
                "defaultToOAuthAuthentication",
                "keyPolicy",
                "sasPolicy",
                "isLocalUserEnabled",
            ],
            ...["isSftpEnabled", "allowedCopyScope", "routingPreference", "largeFileSharesState", "dnsEndpointType"],
        ),
        refuses(
            "https://learn.microsoft.com/azure/storage/common/infrastructure-encryption-enable",
            "encryption.requireInfrastructureEncryption",
        ),
    ],
    computed: ["primaryEndpoints", "primaryLocation", "creationTime", "provisioningState", "statusOfPrimary"],
    outputs: ({ inputs }, before) => ({
        primaryEndpoints: endpointsOf(String(inputs.accountName)),
        primaryLocation: textAt(inputs, "location") ?? "",
        creationTime: before.creationTime ?? new Date().toISOString(),
        provisioningState: "Succeeded",
        statusOfPrimary: "available",
    }),
    judge: ({ id, inputs, cloud }) => [
        ...(id === undefined && cloud.find([tokens.storageAccount], "name", String(inputs.accountName)) !== undefined
            ? [{ property: "accountName", reason: `StorageAccountAlreadyTaken: ${String(inputs.accountName)}` }]
            : []),
        ...encryptionIssues(inputs, cloud),
    ],
});

/** @see https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-endpoints */
function endpointsOf(name: string): Readonly<Record<string, string>> {
    const parts = ["blob", "dfs", "file", "queue", "table"].map((part) => [
        part,
        `https://${name}.${part}.core.windows.net/`,
    ]);
    return Object.fromEntries([...parts, ["web", `https://${name}.z6.web.core.windows.net/`]]);
}

/** A customer's key is named by its vault's address and its own name. */
function encryptionIssues(inputs: Subject["inputs"], cloud: CloudView): InputIssue[] {
    const { keyVaultUri, keyName } = mapAt(inputs, "encryption.keyVaultProperties");
    if (keyVaultUri === undefined || keyName === undefined) return [];
    const uri = `${String(keyVaultUri).replace(/\/$/, "")}/keys/${String(keyName)}`;
    const identity = textAt(inputs, "encryption.encryptionIdentity.encryptionUserAssignedIdentity");
    return keyIssues(cloud, "encryption.keyVaultProperties", uri, identity);
}

const blobService = armKind({
    path: `${accountPath}/blobServices/{blobServicesName}`,
    apiVersion,
    name: names.default,
    defaults: { blobServicesName: "default" },
    changes: [
        updates(
            apiSources.blobs,
            ...["isVersioningEnabled", "deleteRetentionPolicy", "containerDeleteRetentionPolicy", "changeFeed", "cors"],
            ...[
                "restorePolicy",
                "lastAccessTimeTrackingPolicy",
                "defaultServiceVersion",
                "automaticSnapshotPolicyEnabled",
            ],
        ),
    ],
    check: restoreIssues,
});

/** @see https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview */
function restoreIssues(inputs: Subject["inputs"]): InputIssue[] {
    if (!isTrue(inputs, "restorePolicy.enabled")) return [];
    const days = numberAt(inputs, "restorePolicy.days") ?? 0;
    const kept = numberAt(inputs, "deleteRetentionPolicy.days") ?? 0;
    const ready = isTrue(inputs, "isVersioningEnabled") && isTrue(inputs, "changeFeed.enabled");
    return ready && kept > days
        ? []
        : [
              {
                  property: "restorePolicy",
                  reason: "needs versioning, the change feed and a longer deleteRetentionPolicy",
              },
          ];
}

const containerPath = `${accountPath}/blobServices/default/containers/{containerName}`;

const container = armKind({
    path: containerPath,
    apiVersion,
    name: names.container,
    changes: [updates(apiSources.blobs, "metadata", "publicAccess", "enableNfsV3AllSquash", "enableNfsV3RootSquash")],
    computed: ["hasImmutabilityPolicy", "hasLegalHold", "leaseState", "etag"],
    outputs: ({ unique }) => ({
        hasImmutabilityPolicy: false,
        hasLegalHold: false,
        leaseState: "Available",
        etag: `"0x${unique.slice(0, 15).toUpperCase()}"`,
    }),
    judge: versioningIssues,
});

/** @see https://learn.microsoft.com/azure/storage/blobs/immutable-policy-configure-version-scope */
function versioningIssues({ inputs, cloud }: Subject): InputIssue[] {
    if (!isTrue(inputs, "immutableStorageWithVersioning.enabled")) return [];
    const account = parentOf(parentOf(idAt(containerPath, inputs)));
    const service = cloud.all(tokens.blobService).find(({ id }) => isWithin(account, id));
    return isTrue(service?.outputs, "isVersioningEnabled")
        ? []
        : [
              {
                  property: "immutableStorageWithVersioning",
                  reason: "needs blob versioning, which the account has not turned on yet",
              },
          ];
}

const immutability = armKind({
    path: `${containerPath}/immutabilityPolicies/{immutabilityPolicyName}`,
    apiVersion,
    name: names.default,
    defaults: { immutabilityPolicyName: "default" },
    changes: [
        updates(
            apiSources.blobs,
            ...["immutabilityPeriodSinceCreationInDays", "allowProtectedAppendWrites", "allowProtectedAppendWritesAll"],
        ),
    ],
    computed: ["state", "etag"],
    outputs: ({ unique }) => ({ state: "Unlocked", etag: `"${guidFrom(unique)}"` }),
    // https://learn.microsoft.com/azure/storage/blobs/immutable-time-based-retention-policy-overview: 1 to 146,000 days
    check: (inputs) => {
        const days = numberAt(inputs, "immutabilityPeriodSinceCreationInDays") ?? 0;
        return days >= 1 && days <= 146000
            ? []
            : [{ property: "immutabilityPeriodSinceCreationInDays", reason: `must be 1-146000, got ${days}` }];
    },
});

const managementPolicy = armKind({
    path: `${accountPath}/managementPolicies/{managementPolicyName}`,
    apiVersion,
    name: names.default,
    required: ["policy"],
    defaults: { managementPolicyName: "default" },
    changes: [updates(apiSources.storage, "policy")],
    computed: ["lastModifiedTime"],
    outputs: () => ({ lastModifiedTime: new Date().toISOString() }),
    judge: ({ inputs, cloud }) => policyIssues(inputs, cloud),
});

/** Rules about versions need versions; rules about last access need its tracking. */
function policyIssues(inputs: Subject["inputs"], cloud: CloudView): InputIssue[] {
    const service = cloud
        .all(tokens.blobService)
        .find(({ id }) => sameId(parentOf(id), parentOf(idAt(`${accountPath}/x/y`, inputs))));
    const tracked = isTrue(service?.outputs, "lastAccessTimeTrackingPolicy.enable");
    const text = JSON.stringify(valuesAt(inputs, "policy"));
    return text.includes("daysAfterLastAccessTimeGreaterThan") && !tracked
        ? [{ property: "policy", reason: "has a rule by last access, which the account's blob service does not track" }]
        : [];
}

export const storageKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.storageAccount]: storageAccount,
    [tokens.blobService]: blobService,
    [tokens.container]: container,
    [tokens.immutability]: immutability,
    [tokens.managementPolicy]: managementPolicy,
};
