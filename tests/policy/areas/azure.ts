import type { Area, Property } from "./area";

/** A switch that must be on, or off, and says so. */
const stated = (...path: readonly (string | number)[]): Property => ({ path, wrong: "yes", absent: "fails" });

/** A word of Azure's that must be there. */
const word = (...path: readonly (string | number)[]): Property => ({ path, wrong: 1, absent: "fails" });

/** A property whose default is right. */
const spared = (wrong: unknown, ...path: readonly (string | number)[]): Property => ({ path, wrong, absent: "passes" });

const known = "passes: it is set, to what does not matter";
/** A property that only has to be there: nobody knows its value before the first update. */
const present = (...path: readonly (string | number)[]): Property => ({
    path,
    wrong: undefined,
    absent: "fails",
    unknown: known,
});

const of = (resource: number, property: Property): Property => ({ ...property, resource });

const cluster = {
    stack: "prod-azure",
    type: "azure-native:containerservice:ManagedCluster",
    name: "aks-cluster",
} as const;

const pool = (...path: readonly string[]) => ["agentPoolProfiles", 0, ...path] as const;

export const azure: Area = {
    cases: {
        "AZ-01": {
            properties: [
                stated("apiServerAccessProfile", "enablePrivateCluster"),
                stated("apiServerAccessProfile", "enablePrivateClusterPublicFQDN"),
                stated("apiServerAccessProfile", "disableRunCommand"),
                { path: ["apiServerAccessProfile"], wrong: "private", absent: "fails" },
            ],
        },
        "AZ-02": {
            properties: [
                stated("disableLocalAccounts"),
                stated("aadProfile", "managed"),
                stated("aadProfile", "enableAzureRBAC"),
                spared("yes", "enableRBAC"),
            ],
        },
        "AZ-03": {
            properties: [
                { path: ["networkProfile"], wrong: "azure", absent: "fails" },
                word("networkProfile", "networkPlugin"),
                word("networkProfile", "networkDataplane"),
                word("networkProfile", "networkPolicy"),
            ],
        },
        "AZ-04": {
            base: 1,
            properties: [
                stated("oidcIssuerProfile", "enabled"),
                stated("securityProfile", "workloadIdentity", "enabled"),
                word("identity", "type"),
                spared(1, "servicePrincipalProfile", "clientId"),
            ],
        },
        "AZ-05": {
            properties: [
                stated("securityProfile", "azureKeyVaultKms", "enabled"),
                word("securityProfile", "azureKeyVaultKms", "keyVaultNetworkAccess"),
                stated(...pool("enableEncryptionAtHost")),
                present("diskEncryptionSetID"),
            ],
        },
        "AZ-06": {
            properties: [
                stated("securityProfile", "defender", "securityMonitoring", "enabled"),
                stated("securityProfile", "imageCleaner", "enabled"),
                stated("addonProfiles", "azurepolicy", "enabled"),
                { path: ["addonProfiles"], wrong: "all", absent: "fails" },
            ],
        },
        "AZ-07": {
            properties: [
                of(1, {
                    path: ["resourceUri"],
                    wrong: 1,
                    absent: "fails",
                }),
                of(1, { path: ["logs"], wrong: "all", absent: "fails" }),
                of(1, { path: ["logs", 0, "enabled"], wrong: "yes", absent: "fails" }),
                of(1, word("logs", 0, "category")),
                of(1, word("workspaceId")),
                of(2, { path: ["retentionInDays"], wrong: "365", absent: "fails" }),
            ],
        },
        "AZ-08": {
            base: 1,
            properties: [
                spared("no", ...pool("enableNodePublicIP")),
                word(...pool("securityProfile", "sshAccess")),
                { path: pool("availabilityZones"), wrong: "1", absent: "fails" },
                { path: [...pool("availabilityZones"), 0], wrong: 1, absent: "fails" },
                stated(...pool("enableAutoScaling")),
                present(...pool("minCount")),
                present(...pool("maxCount")),
                { path: pool("maxPods"), wrong: "250", absent: "fails" },
                { path: pool("nodeTaints"), wrong: "CriticalAddonsOnly", absent: "fails" },
                { path: [...pool("nodeTaints"), 0], wrong: 1, absent: "fails" },
                spared(1, ...pool("mode")),
            ],
        },
        "AZ-09": {
            properties: [
                word("autoUpgradeProfile", "upgradeChannel"),
                spared(1, "autoUpgradeProfile", "nodeOSUpgradeChannel"),
                spared(1, "kubernetesVersion"),
                word("sku", "tier"),
            ],
        },
        "AZ-10": {
            base: 2,
            properties: [
                word("networkProfile", "outboundType"),
                spared("yes", "addonProfiles", "azureKeyvaultSecretsProvider", "enabled"),
                word("addonProfiles", "azureKeyvaultSecretsProvider", "config", "enableSecretRotation"),
            ],
        },
        "AZ-11": {
            properties: [
                spared("no", "adminUserEnabled"),
                spared("no", "anonymousPullEnabled"),
                word("publicNetworkAccess"),
                word("sku", "name"),
                word("zoneRedundancy"),
                word("encryption", "status"),
                word("policies", "exportPolicy", "status"),
                word("policies", "retentionPolicy", "status"),
                word("policies", "quarantinePolicy", "status"),
            ],
        },
        "AZ-12": {
            properties: [
                stated("properties", "enablePurgeProtection"),
                stated("properties", "enableRbacAuthorization"),
                spared("yes", "properties", "enableSoftDelete"),
                word("properties", "publicNetworkAccess"),
            ],
        },
        "AZ-13": {
            properties: [
                word("minimumTlsVersion"),
                spared("yes", "enableHttpsTrafficOnly"),
                spared("no", "allowBlobPublicAccess"),
                stated("allowSharedKeyAccess"),
                word("networkRuleSet", "defaultAction"),
                word("encryption", "keySource"),
                of(1, {
                    path: ["accountName"],
                    wrong: 1,
                    absent: "fails",
                }),
                of(1, stated("deleteRetentionPolicy", "enabled")),
                of(1, stated("containerDeleteRetentionPolicy", "enabled")),
                of(2, spared(1, "publicAccess")),
                of(3, spared(1, "storageId")),
                of(4, {
                    path: ["accountName"],
                    wrong: 1,
                    absent: "fails",
                }),
            ],
        },
        "AZ-14": {
            properties: [
                word("network", "publicNetworkAccess"),
                word("authConfig", "activeDirectoryAuth"),
                word("authConfig", "passwordAuth"),
                word("dataEncryption", "type"),
                word("highAvailability", "mode"),
                word("backup", "geoRedundantBackup"),
            ],
        },
        "AZ-16": {
            properties: [
                spared("all", "securityRules"),
                spared(1, "securityRules", 0, "destinationPortRange"),
                of(1, present("networkSecurityGroup", "id")),
                of(1, { path: ["networkSecurityGroup"], wrong: "sample", absent: "fails" }),
            ],
        },
        "AZ-17": {
            properties: [
                of(1, {
                    path: ["privateLinkServiceConnections", 0, "privateLinkServiceId"],
                    wrong: 1,
                    absent: "fails",
                }),
                of(1, { path: ["privateLinkServiceConnections"], wrong: "vault", absent: "fails" }),
                of(2, {
                    path: ["privateEndpointName"],
                    wrong: 1,
                    absent: "fails",
                }),
                of(2, word("privateDnsZoneConfigs", 0, "privateDnsZoneId")),
                of(4, {
                    path: ["privateZoneName"],
                    wrong: 1,
                    absent: "fails",
                }),
                of(4, present("virtualNetwork", "id")),
            ],
        },
        "AZ-19": {
            properties: [
                word("sku", "tier"),
                present("firewallPolicy", "id"),
                spared("all", "httpListeners"),
                present("requestRoutingRules", 0, "redirectConfiguration", "id"),
                of(1, word("policySettings", "mode")),
                of(1, spared(1, "policySettings", "state")),
            ],
        },
        "AZ-18": {
            properties: [
                of(1, { path: ["scope"], wrong: 1, absent: "passes" }),
                of(1, spared(1, "roleDefinitionId")),
                of(1, spared(1, "principalType")),
                of(2, word("subject")),
                of(3, {
                    path: ["metadata", "name"],
                    wrong: 1,
                    absent: "fails",
                    wrongType: "passes: it may be any account",
                }),
            ],
            patch: "exempt: the ServiceAccount of a Patch is there for certain, those of Azure have no Patch",
        },
    },
    breaks: {
        "AZ-01": {
            ...cluster,
            change: { kind: "set", path: ["apiServerAccessProfile", "enablePrivateCluster"], value: false },
        },
        "AZ-02": { ...cluster, change: { kind: "set", path: ["disableLocalAccounts"], value: false } },
        "AZ-03": { ...cluster, change: { kind: "unset", path: ["networkProfile", "networkPolicy"] } },
        "AZ-04": { ...cluster, change: { kind: "unset", path: ["oidcIssuerProfile"] } },
        "AZ-05": { ...cluster, change: { kind: "unset", path: ["diskEncryptionSetID"] } },
        "AZ-06": {
            ...cluster,
            change: { kind: "set", path: ["securityProfile", "imageCleaner", "enabled"], value: false },
        },
        "AZ-07": {
            stack: "prod-azure",
            type: "azure-native:monitor:DiagnosticSetting",
            name: "aks-logs",
            change: { kind: "remove" },
            also: { "OBS-01": "records that nobody collects reach no archive" },
        },
        "AZ-08": {
            stack: "prod-azure",
            type: "azure-native:containerservice:AgentPool",
            name: "aks-pool-general",
            change: { kind: "set", path: ["enableNodePublicIP"], value: true },
        },
        "AZ-09": { ...cluster, change: { kind: "set", path: ["sku", "tier"], value: "Free" } },
        "AZ-10": {
            ...cluster,
            change: { kind: "set", path: ["networkProfile", "outboundType"], value: "loadBalancer" },
        },
        "AZ-11": {
            stack: "prod-azure",
            type: "azure-native:containerregistry:Registry",
            name: "registry-registry",
            change: { kind: "set", path: ["adminUserEnabled"], value: true },
        },
        "AZ-12": {
            stack: "prod-azure",
            type: "azure-native:keyvault:Vault",
            name: "secrets-vault",
            change: { kind: "set", path: ["properties", "enablePurgeProtection"], value: false },
        },
        "AZ-13": {
            stack: "prod-azure",
            type: "azure-native:storage:StorageAccount",
            name: "storage-account",
            change: { kind: "set", path: ["allowSharedKeyAccess"], value: true },
        },
        "AZ-16": {
            stack: "prod-azure",
            type: "azure-native:network:Subnet",
            name: "network-subnet-nodes",
            change: { kind: "unset", path: ["networkSecurityGroup"] },
        },
        "AZ-17": {
            stack: "prod-azure",
            type: "azure-native:network:PrivateDnsZoneGroup",
            name: "secrets-endpoint-name",
            change: { kind: "remove" },
        },
        "AZ-18": {
            stack: "prod-azure",
            type: "azure-native:managedidentity:FederatedIdentityCredential",
            name: "identities-team-app-trust",
            change: { kind: "set", path: ["subject"], value: "system:serviceaccount:team-app:*" },
        },
        "AZ-19": {
            stack: "prod-azure behind its firewall",
            type: "azure-native:network:WebApplicationFirewallPolicy",
            name: "firewall-policy",
            change: { kind: "set", path: ["policySettings", "mode"], value: "Detection" },
        },
    },
};
