import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";
import { place } from "./cluster.samples";

type Mapping = Readonly<Record<string, unknown>>;

const compliant = {
    accountName: "sample",
    kind: "StorageV2",
    minimumTlsVersion: "TLS1_2",
    enableHttpsTrafficOnly: true,
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    networkRuleSet: { defaultAction: "Deny" },
    encryption: { keySource: "Microsoft.Keyvault" },
} as const;

const kept = {
    accountName: "sample",
    deleteRetentionPolicy: { enabled: true, days: 30 },
    containerDeleteRetentionPolicy: { enabled: true, days: 30 },
} as const;

const storage = (kind: string, inputs: Mapping): Resource => cloudResource(`azure-native:storage:${kind}`, inputs);
const account = (change: Mapping = {}) => storage("StorageAccount", merge(compliant, change));
const service = (change: Mapping = {}) => storage("BlobServiceProperties", merge(kept, change));
const container = (publicAccess: string) =>
    storage("BlobContainer", { accountName: "sample", containerName: "sample", publicAccess });
const immutable = storage("BlobContainerImmutabilityPolicy", {
    accountName: "sample",
    containerName: "sample",
    immutabilityPeriodSinceCreationInDays: 30,
});
const accountId = `${place}/Microsoft.Storage/storageAccounts/sample`;
const flowLog = cloudResource("azure-native:network:FlowLog", { storageId: accountId });
const setting = cloudResource("azure-native:monitor:DiagnosticSetting", { storageAccountId: accountId });

const withAccount = (change: Mapping): Sample => sampleOf(account(change), service());

const failing: readonly FailingSample[] = [
    { sample: withAccount({ minimumTlsVersion: "TLS1_1" }), problem: "minimumTlsVersion is not TLS1_2 or TLS1_3" },
    // The API's own default is TLS1_0.
    { sample: withAccount({ minimumTlsVersion: null }), problem: "minimumTlsVersion is not set" },
    { sample: withAccount({ enableHttpsTrafficOnly: false }), problem: "enableHttpsTrafficOnly is false" },
    { sample: withAccount({ allowBlobPublicAccess: true }), problem: "allowBlobPublicAccess is true" },
    { sample: sampleOf(account(), service(), container("Blob")), problem: "publicAccess is not None" },
    // The API's own default is true.
    { sample: withAccount({ allowSharedKeyAccess: null }), problem: "allowSharedKeyAccess is not set" },
    { sample: withAccount({ networkRuleSet: null }), problem: "networkRuleSet.defaultAction is not set" },
    {
        sample: withAccount({ networkRuleSet: { defaultAction: "Allow" } }),
        problem: "networkRuleSet.defaultAction is not Deny",
    },
    { sample: withAccount({ encryption: null }), problem: "encryption.keySource is not set" },
    {
        sample: withAccount({ encryption: { keySource: "Microsoft.Storage" } }),
        problem: "encryption.keySource is not Microsoft.Keyvault",
    },
    { sample: sampleOf(account()), problem: "has no BlobServiceProperties that keep deleted blobs" },
    {
        sample: sampleOf(account(), service({ accountName: "other" })),
        problem: "has no BlobServiceProperties that keep deleted blobs",
    },
    {
        sample: sampleOf(account(), service({ deleteRetentionPolicy: null })),
        problem: "deleteRetentionPolicy.enabled is not set",
    },
    {
        sample: sampleOf(account(), service({ containerDeleteRetentionPolicy: { enabled: false } })),
        problem: "containerDeleteRetentionPolicy.enabled is false",
    },
    {
        sample: sampleOf(account(), service(), flowLog),
        problem: "receives logs, and no immutability policy keeps them",
    },
    {
        sample: sampleOf(account(), service(), setting),
        problem: "receives logs, and no immutability policy keeps them",
    },
];

export const storageSamples = {
    passing: [
        sampleOf(account(), service(), container("None"), flowLog, immutable),
        sampleOf(account({ immutableStorageWithVersioning: { enabled: true } }), service(), setting),
        sampleOf(account({ kind: "FileStorage" })),
    ],
    failing,
} as const;
