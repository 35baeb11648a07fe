import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { mapAt, textAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { names } from "../names";
import { apiSources, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { namedKeyIssues } from "./encryption";

export const accountPath =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Storage/storageAccounts/{accountName}";
export const apiVersion = "2024-01-01";

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

function encryptionIssues(inputs: Subject["inputs"], cloud: CloudView): InputIssue[] {
    const property = "encryption.keyVaultProperties";
    const identity = textAt(inputs, "encryption.encryptionIdentity.encryptionUserAssignedIdentity");
    return namedKeyIssues(cloud, property, mapAt(inputs, property), identity);
}

export const storageKinds: Readonly<Record<string, CloudKind>> = { [tokens.storageAccount]: storageAccount };
