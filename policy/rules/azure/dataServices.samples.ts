import type { FailingSample, Sample } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

interface Service {
    /** As rules name it. */
    readonly kind: string;
    /** A resource that the rule has nothing against, with a change; null takes a property away. */
    readonly with: (change?: Mapping) => Sample;
}

function service(group: string, kind: string, compliant: Mapping): Service {
    return {
        kind: `azure-native:${group}/${kind}`,
        with: (change = {}) => sampleOf(cloudResource(`azure-native:${group}:${kind}`, merge(compliant, change))),
    };
}

export const postgres = service("dbforpostgresql", "Server", {
    network: { publicNetworkAccess: "Disabled" },
    authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled" },
    dataEncryption: { type: "AzureKeyVault" },
    highAvailability: { mode: "ZoneRedundant" },
    backup: { geoRedundantBackup: "Enabled" },
});

export const cache = service("redis", "Redis", {
    publicNetworkAccess: "Disabled",
    disableAccessKeyAuthentication: true,
    minimumTlsVersion: "1.2",
    zones: ["1", "2", "3"],
});

export const cosmos = service("cosmosdb", "DatabaseAccount", {
    publicNetworkAccess: "Disabled",
    disableLocalAuth: true,
    keyVaultKeyUri: "https://sample.vault.azure.net/keys/sample",
    backupPolicy: { type: "Continuous" },
    enableAutomaticFailover: true,
});

export const events = service("eventhub", "Namespace", {
    publicNetworkAccess: "Disabled",
    disableLocalAuth: true,
    minimumTlsVersion: "1.2",
    encryption: { keySource: "Microsoft.KeyVault" },
    zoneRedundant: true,
});

export const search = service("search", "Service", {
    publicNetworkAccess: "Disabled",
    disableLocalAuth: true,
    encryptionWithCmk: { enforcement: "Enabled" },
    replicaCount: 2,
});

const services = [postgres, cache, cosmos, events, search] as const;

const inSubnet = postgres.with({ network: { publicNetworkAccess: null, delegatedSubnetResourceId: "sample" } });
const alone = postgres.with({ highAvailability: null, backup: null });
const inStaging: Sample = alone.kind === "resources" ? { ...alone, environment: "staging" } : alone;

const failing: readonly FailingSample[] = [
    { sample: postgres.with({ network: null }), problem: "network.publicNetworkAccess is not set" },
    { sample: postgres.with({ authConfig: null }), problem: "authConfig.activeDirectoryAuth is not set" },
    { sample: postgres.with({ authConfig: { passwordAuth: "Enabled" } }), problem: "passwordAuth is not Disabled" },
    { sample: postgres.with({ dataEncryption: null }), problem: "dataEncryption.type is not set" },
    {
        sample: postgres.with({ highAvailability: { mode: "Disabled" } }),
        problem: "mode is not ZoneRedundant or SameZone",
    },
    { sample: postgres.with({ backup: null }), problem: "backup.geoRedundantBackup is not set" },
    { sample: cache.with({ publicNetworkAccess: "Enabled" }), problem: "publicNetworkAccess is not Disabled" },
    { sample: cache.with({ disableAccessKeyAuthentication: null }), problem: "KeyAuthentication is not set" },
    { sample: cache.with({ minimumTlsVersion: "1.0" }), problem: "minimumTlsVersion is not 1.2" },
    { sample: cache.with({ enableNonSslPort: true }), problem: "enableNonSslPort is true" },
    { sample: cache.with({ zones: null }), problem: "zones is not set" },
    { sample: cosmos.with({ publicNetworkAccess: null }), problem: "publicNetworkAccess is not set" },
    { sample: cosmos.with({ disableLocalAuth: false }), problem: "disableLocalAuth is false" },
    { sample: cosmos.with({ keyVaultKeyUri: null }), problem: "keyVaultKeyUri is not set" },
    { sample: cosmos.with({ minimalTlsVersion: "Tls" }), problem: "minimalTlsVersion is not Tls12" },
    { sample: cosmos.with({ backupPolicy: { type: "Periodic" } }), problem: "backupPolicy.type is not Continuous" },
    { sample: cosmos.with({ enableAutomaticFailover: null }), problem: "enableAutomaticFailover is not set" },
    { sample: events.with({ publicNetworkAccess: null }), problem: "publicNetworkAccess is not set" },
    { sample: events.with({ disableLocalAuth: null }), problem: "disableLocalAuth is not set" },
    { sample: events.with({ minimumTlsVersion: "1.1" }), problem: "minimumTlsVersion is not 1.2 or 1.3" },
    { sample: events.with({ encryption: null }), problem: "encryption.keySource is not set" },
    { sample: events.with({ zoneRedundant: false }), problem: "zoneRedundant is false" },
    { sample: search.with({ publicNetworkAccess: null }), problem: "publicNetworkAccess is not set" },
    { sample: search.with({ disableLocalAuth: null }), problem: "disableLocalAuth is not set" },
    { sample: search.with({ encryptionWithCmk: null }), problem: "encryptionWithCmk.enforcement is not set" },
    { sample: search.with({ replicaCount: 1 }), problem: "replicaCount leaves a single replica" },
];

export const samples = {
    passing: [...services.map((each) => each.with()), inSubnet, inStaging],
    failing,
} as const;
