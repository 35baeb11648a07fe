import { StorageAccount } from "@pulumi/azure-native/storage";
import type { ChildOptions } from "../../foundation/component";
import { keep } from "./protection";
import type { Secrets } from "./secrets";
import { placeOf, type Site } from "./site";
import { asStated } from "./stated";

export interface AccountPlan {
    readonly site: Site;
    readonly secrets: Secrets;
    /** Data of the platform, or records of what flowed in its network. */
    readonly purpose: "data" | "flows";
}

/** A storage account without keys, without a public way in, encrypted with the platform's own key. */
export function createAccount(
    name: string,
    { site, secrets, purpose }: AccountPlan,
    child: ChildOptions,
): StorageAccount {
    const isData = purpose === "data";
    const encryption = encryptionWith(secrets);
    return new StorageAccount(
        `${name}-account`,
        {
            ...placeOf(site),
            accountName: site.naming("storageAccount").slice(0, 10).concat(purpose, site.suffix),
            kind: "StorageV2",
            sku: { name: isData ? site.rules.redundancy : "Standard_ZRS" },
            accessTier: "Hot",
            minimumTlsVersion: "TLS1_2",
            enableHttpsTrafficOnly: true,
            allowBlobPublicAccess: false,
            allowSharedKeyAccess: false,
            defaultToOAuthAuthentication: true,
            allowCrossTenantReplication: false,
            isLocalUserEnabled: false,
            publicNetworkAccess: "Disabled",
            // Azure's own services go on writing what they were told to: flow logs, diagnostics.
            networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices" },
            identity: { type: "UserAssigned", userAssignedIdentities: [secrets.encryption.id] },
            encryption,
        },
        {
            ...child,
            ...keep(isData ? "dataStorage" : "flowStorage", site.rules),
            ...asStated({ encryption }),
        },
    );
}

function encryptionWith({ key, vault, encryption }: Secrets) {
    return {
        keySource: "Microsoft.Keyvault",
        // No version: Azure takes the newest by itself.
        keyVaultProperties: {
            keyName: key.name,
            keyVaultUri: vault.properties.apply(({ vaultUri }) => vaultUri),
        },
        encryptionIdentity: { encryptionUserAssignedIdentity: encryption.id },
        requireInfrastructureEncryption: true,
        services: { blob: { enabled: true, keyType: "Account" }, file: { enabled: true, keyType: "Account" } },
    };
}
