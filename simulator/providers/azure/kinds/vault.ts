import type { CloudKind, CloudRecord, CloudView, Subject } from "../../cloud/kind";
import { isTrue, mapAt, numberAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, updates } from "../changes";
import { exampleId, guidFrom, nameOfId, parentOf } from "../ids";
import { names } from "../names";
import { deployerHas } from "../roles";
import { apiSources, pages, pluginSources } from "../sources";
import { deletedTokens, tokens } from "../tokens";
import { staysInRegion } from "./network";

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const vaultPath = `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}`;

const vault = armKind({
    path: vaultPath,
    apiVersion: "2024-11-01",
    name: names.vault,
    required: ["properties"],
    rules: { "properties.tenantId": { form: new RegExp(`^${exampleId}$`), says: "the tenant that the run is in" } },
    changes: [
        staysInRegion,
        refuses(pages.softDelete, "properties.softDeleteRetentionInDays"),
        updates(
            apiSources.vault,
            "tags",
            ...[
                "accessPolicies",
                "enabledForDeployment",
                "enabledForDiskEncryption",
                "enabledForTemplateDeployment",
                "networkAcls",
            ].map((name) => `properties.${name}`),
            ...[
                "enableRbacAuthorization",
                "enablePurgeProtection",
                "enableSoftDelete",
                "publicNetworkAccess",
                "sku.name",
            ].map((name) => `properties.${name}`),
        ),
    ],
    computed: ["properties"],
    outputs: ({ inputs }, before) => {
        refuseUnprotection(inputs, before);
        const vaultUri = `https://${String(inputs.vaultName)}.vault.azure.net/`;
        return { properties: { ...mapAt(inputs, "properties"), vaultUri, provisioningState: "Succeeded" } };
    },
    check: vaultIssues,
    judge: nameIssues,
    leaves: (record) => ({
        ...record,
        type: deletedTokens.vault,
        id: `/subscriptions/${exampleId}/providers/Microsoft.KeyVault/locations/${textAt(record.outputs, "location")}/deletedVaults/${nameOfId(record.id)}`,
    }),
});

function vaultIssues(inputs: Subject["inputs"]): InputIssue[] {
    const days = numberAt(inputs, "properties.softDeleteRetentionInDays");
    const off = mapAt(inputs, "properties").enableSoftDelete === false;
    return [
        ...(days === undefined || (days >= 7 && days <= 90)
            ? []
            : [{ property: "properties.softDeleteRetentionInDays", reason: `must be 7-90, got ${days}` }]),
        ...(off ? [{ property: "properties.enableSoftDelete", reason: `cannot be false (${pages.softDelete})` }] : []),
    ];
}

/** A vault's name is part of a public address; that of a deleted one stays taken until its retention is over. */
function nameIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    if (id !== undefined) return [];
    const name = textAt(inputs, "vaultName") ?? "";
    const there = cloud.find([tokens.vault], "name", name);
    if (there !== undefined) return [{ property: "vaultName", reason: `VaultAlreadyExists: ${there.id}` }];
    const deleted = cloud.find([deletedTokens.vault], "name", name);
    if (deleted === undefined || textAt(inputs, "properties.createMode") === "recover") return [];
    const purge = isTrue(deleted.outputs, "properties.enablePurgeProtection")
        ? "it is purge-protected, so take another name or recover it (createMode recover)"
        : "purge it or recover it (createMode recover)";
    return [
        { property: "vaultName", reason: `is that of a deleted vault, ${deleted.id}: ${purge} (${pages.softDelete})` },
    ];
}

/** Once it is on, purge protection stays. */
function refuseUnprotection(inputs: Properties, before: Properties): void {
    if (!isTrue(before, "properties.enablePurgeProtection") || isTrue(inputs, "properties.enablePurgeProtection"))
        return;
    throw new Error(`properties.enablePurgeProtection cannot be taken back (${pages.softDelete})`);
}

const key = armKind({
    path: `${vaultPath}/keys/{keyName}`,
    apiVersion: "2024-11-01",
    name: names.key,
    required: ["properties"],
    special: "service",
    // A PUT on a key that exists returns it "without any write operations being performed".
    changes: [refuses(apiSources.keys, "properties", "tags")],
    computed: ["keyUri", "keyUriWithVersion"],
    outputs: ({ inputs, unique }, before) => {
        const uri = `https://${String(inputs.vaultName)}.vault.azure.net/keys/${String(inputs.keyName)}`;
        const { kty, keySize, keyOps } = mapAt(inputs, "properties");
        const shown = Object.entries({ kty, keySize, keyOps }).filter(([, value]) => value !== undefined);
        return {
            keyUri: uri,
            keyUriWithVersion: before.keyUriWithVersion ?? `${uri}/${guidFrom(unique).replaceAll("-", "")}`,
            ...Object.fromEntries(shown.map(([name, value]) => [name, value ?? null])),
        };
    },
    judge: ({ id, inputs, cloud }) => {
        const deleted = cloud
            .all(deletedTokens.key)
            .find(
                ({ outputs }) =>
                    textAt(outputs, "keyName") === inputs.keyName && textAt(outputs, "vaultName") === inputs.vaultName,
            );
        if (id !== undefined || deleted === undefined) return [];
        return [
            {
                property: "keyName",
                reason: `is that of a deleted key: recover it or take another name (${pages.softDelete})`,
            },
        ];
    },
    keep: keepKey,
    leaves: (record) => ({
        ...record,
        type: deletedTokens.key,
        id: `${parentOf(record.id)}/deletedKeys/${nameOfId(record.id)}`,
    }),
});

/** The plugin deletes a key as a user of the vault: being the owner of the subscription is not enough for that. */
function keepKey(record: CloudRecord, cloud: CloudView): string | undefined {
    const owner = cloud.get(tokens.vault, parentOf(record.id));
    if (owner === undefined || !isTrue(owner.outputs, "properties.enableRbacAuthorization")) return undefined;
    if (deployerHas(cloud, record.id, "cryptoOfficer", "vaultAdministrator")) return undefined;
    return `ForbiddenByRbac: who deploys needs Key Vault Crypto Officer on ${owner.id}, or the key is kept with retainOnDelete (${pluginSources.keys})`;
}

export const vaultKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.vault]: vault,
    [tokens.key]: key,
};
