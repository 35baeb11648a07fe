/** Where a fact about Azure, or about its official plugin, was read, at the revision that was read. */
export type Source = `https://${string}`;

const plugin = "https://github.com/pulumi/pulumi-azure-native/blob";
const specs = "https://github.com/Azure/azure-rest-api-specs/blob";
const aks = "https://github.com/MicrosoftDocs/azure-aks-docs/blob";
const docs = "https://github.com/MicrosoftDocs/azure-docs/blob";

/** What the official plugin does with a changed property. */
export const pluginSources = {
    /** Every parameter of the path of a resource replaces it. */
    path: `${plugin}/03707ff7fc10b70f7dd23ec847a3ce1e9264c124/provider/pkg/provider/diff.go`,
    /** So does what this table has ... */
    table: `${plugin}/1b7112af33c62b247daed1028686bf279f4d5e69/provider/pkg/gen/replacement.go`,
    /** ... and a property that the API says can be created but not updated (`x-ms-mutability`). Anything else it sends as an update. */
    mutability: `${plugin}/000c531859797e289e572f526c7e15f5e2127833/provider/pkg/gen/properties.go`,
    /** A key is deleted through the vault itself, not through Resource Manager. */
    keys: `${plugin}/006a62afe453b416e5d5c98d2d91c4c7281f52f9/provider/pkg/resources/customresources/custom_keyvault.go`,
} as const satisfies Record<string, Source>;

/** The API of each service in the version that the plugin uses by default: what an update may carry. */
export const apiSources = {
    network: `${specs}/4e8108cc8dd608db81c7d08502613e5917032ab7/specification/network/resource-manager/Microsoft.Network/stable/2024-05-01/virtualNetwork.json`,
    applicationGateways: `${specs}/e282d2fe9e6dd8f4fae51c1908ca1c71a4276f9f/specification/network/resource-manager/Microsoft.Network/stable/2024-05-01/applicationGateway.json`,
    firewallPolicies: `${specs}/bed389ea6ceb56335f95c29b7126f6fc656e6e87/specification/network/resource-manager/Microsoft.Network/stable/2024-05-01/webapplicationfirewall.json`,
    privateDns: `${specs}/e6eec14c0ec09830fb1cb25dcfc8b31f765215f0/specification/privatedns/resource-manager/Microsoft.Network/stable/2024-06-01/privatedns.json`,
    dns: `${specs}/db596d23d430350617646708d69a2fac1f672bab/specification/dns/resource-manager/Microsoft.Network/preview/2023-07-01-preview/dns.json`,
    trafficManager: `${specs}/11735f2c8c7bbd5a25f005c4673470a689f62628/specification/trafficmanager/resource-manager/Microsoft.Network/stable/2022-04-01/trafficmanager.json`,
    kubernetes: `${specs}/cd1a17dc3f61db6c461fbe5f952f872d98556b39/specification/containerservice/resource-manager/Microsoft.ContainerService/aks/stable/2025-09-01/managedClusters.json`,
    registry: `${specs}/467128b6bcddb635ffb7c840f5a1b110867fba85/specification/containerregistry/resource-manager/Microsoft.ContainerRegistry/preview/2023-01-01-preview/containerregistry.json`,
    registryTasks: `${specs}/4cbe4e641060f12dea6bcfa986cf61cb7d479eaa/specification/containerregistry/resource-manager/Microsoft.ContainerRegistry/preview/2019-06-01-preview/containerregistry_build.json`,
    identity: `${specs}/16c9ca7681ac3c81b41c6159d60e8bfabb32bc65/specification/msi/resource-manager/Microsoft.ManagedIdentity/stable/2023-01-31/ManagedIdentity.json`,
    workspace: `${specs}/c09d4df400a5d4c19b64b2fdb957eff3d23c50f5/specification/operationalinsights/resource-manager/Microsoft.OperationalInsights/stable/2023-09-01/Workspaces.json`,
    monitorWorkspace: `${specs}/8dbd2965681ecd50b45d26e5bdf5fcbdd75016e9/specification/monitor/resource-manager/Microsoft.Monitor/stable/2023-04-03/monitoringAccounts_API.json`,
    diagnostics: `${specs}/e3a946e7426f9308923f7b8663bfe2cff3d8265c/specification/monitor/resource-manager/Microsoft.Insights/preview/2021-05-01-preview/diagnosticsSettings_API.json`,
    subscriptionDiagnostics: `${specs}/0f0bdd9aacfe4f6119cf921cb3f7361dcf96af74/specification/monitor/resource-manager/Microsoft.Insights/preview/2021-05-01-preview/subscriptionDiagnosticsSettings_API.json`,
    vault: `${specs}/7eaa7f26cae7bb4865d7cfdc55677c8450719d10/specification/keyvault/resource-manager/Microsoft.KeyVault/stable/2024-11-01/keyvault.json`,
    keys: `${specs}/e816204e2ba6f8c19d4cba728c5e271cc64b76ab/specification/keyvault/resource-manager/Microsoft.KeyVault/stable/2024-11-01/keys.json`,
    storage: `${specs}/7e46f344b4a09a7ca67031a5d6d6cc4a51807d34/specification/storage/resource-manager/Microsoft.Storage/stable/2024-01-01/storage.json`,
    blobs: `${specs}/bb756a3644f7488f33d30643244dc51a9ba72577/specification/storage/resource-manager/Microsoft.Storage/stable/2024-01-01/blob.json`,
    disks: `${specs}/905cfe708def78b68f3e67801862982580720fe4/specification/compute/resource-manager/Microsoft.Compute/DiskRP/stable/2024-03-02/diskEncryptionSet.json`,
    roleAssignments: `${specs}/65ee5e20b40a1cdce2af21ef7605ee4de10dd78f/specification/authorization/resource-manager/Microsoft.Authorization/stable/2022-04-01/authorization-RoleAssignmentsCalls.json`,
    roleDefinitions: `${specs}/f5ec61419fff5b65e7a5f6a38782172d07b14ec4/specification/authorization/resource-manager/Microsoft.Authorization/preview/2022-05-01-preview/authorization-RoleDefinitionsCalls.json`,
    policyAssignments: `${specs}/7a147ede1e83998d089daadeaaa305cf18b2db6b/specification/resources/resource-manager/Microsoft.Authorization/policy/stable/2025-01-01/policyAssignments.json`,
    locks: `${specs}/186661d0fab465b7c146635af004b720ab5c70fd/specification/resources/resource-manager/Microsoft.Authorization/stable/2020-05-01/locks.json`,
    postgres: `${specs}/0f9798aa2720ac3b2299c448917356c18389ec41/specification/postgresql/resource-manager/Microsoft.DBforPostgreSQL/stable/2025-08-01/Servers.json`,
    postgresParameters: `${specs}/ca2bc853bea8cf0d5c56d75ae6d63a9a3b9861f4/specification/postgresql/resource-manager/Microsoft.DBforPostgreSQL/stable/2025-08-01/Configurations.json`,
    eventNamespaces: `${specs}/0e85c22bd4caf83914bfcfebf9198b8d90a0a61c/specification/eventhub/resource-manager/Microsoft.EventHub/stable/2024-01-01/namespaces.json`,
    eventHubs: `${specs}/1051a001400f4cdac5b0bb811b3f5d4d7422ab02/specification/eventhub/resource-manager/Microsoft.EventHub/stable/2024-01-01/eventhubs.json`,
    pricing: `${specs}/c7b7a742521aa0ef9971c28fb5380b198812b0ca/specification/security/resource-manager/Microsoft.Security/stable/2024-01-01/pricings.json`,
} as const satisfies Record<string, Source>;

/** Pages of Microsoft's documentation. */
export const pages = {
    names: `${docs}/0010dc26241bb4932e606b2add027c294bb110ae/articles/azure-resource-manager/management/resource-name-rules.md`,
    locks: `${docs}/03adcc30b28ecad9f81aba5638a15fb1930f5ec0/articles/azure-resource-manager/management/lock-resources.md`,
    softDelete: `${docs}/015ce189e22eb6cd35e85a11530334a3f42ec573/articles/key-vault/general/soft-delete-overview.md`,
    apiServerSubnet: `${aks}/0154c991f1f696b715919e3fe5230f2bd5d787d7/articles/aks/api-server-vnet-integration.md`,
    keyEncryption: `${aks}/00435f912f6d54c6f7420608df2d66b1672ddd1f/articles/aks/use-kms-etcd-encryption.md`,
    privateClusters: `${aks}/0126398a3219a2f0fc482da8dd3b9f6e435727f5/articles/aks/private-clusters.md`,
    roles: "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles",
    customRoles: "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
    regions: "https://learn.microsoft.com/azure/reliability/regions-list",
    federation: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
    gatewaySubnets: "https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure",
    gatewayZones: "https://learn.microsoft.com/azure/reliability/migrate-app-gateway-v2",
    gatewayCertificates: "https://learn.microsoft.com/azure/application-gateway/key-vault-certs",
    alias: `${docs}/013b7316ff4bc02cb2f1e97f62af8615c1494c70/articles/dns/dns-alias.md`,
    records: "https://learn.microsoft.com/azure/dns/dns-zones-records#cname-records",
    probes: `${docs}/030ef88d1f9042168e09e07783329811a28fcce8/articles/traffic-manager/traffic-manager-monitoring.md`,
    trafficManager: `${docs}/0010dc26241bb4932e606b2add027c294bb110ae/articles/traffic-manager/traffic-manager-FAQs.md`,
    databaseEncryption: "https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-data-encryption",
    databaseNetwork: "https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private",
    eventKeys: `${docs}/0aa2b14aec0e5cae30883a8e96f8eafafc88767f/articles/event-hubs/configure-customer-managed-key.md`,
    eventLimits: `${docs}/014bcff1b6be45da9d913bb24e2aa4d1d823fee5/articles/event-hubs/includes/event-hubs-tier-limits.md`,
    eventUnits: `${docs}/086a23812a7fc86266271865b755b089a586739e/articles/event-hubs/configure-processing-units-premium-namespace.md`,
    eventProperties: "https://learn.microsoft.com/azure/event-hubs/configure-event-hub-properties",
    eventZones: "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.EventHub.AvailabilityZone",
    flowLogs: "https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-migrate",
} as const satisfies Record<string, Source>;

/**
 * What AKS refuses to change in a pool that exists: another vendor's plugin makes a new pool for each of these.
 */
export const poolRotation: Source =
    "https://github.com/hashicorp/terraform-provider-azurerm/blob/028a6fd9c051e27d08e7d316ea643efb7abe6d07/internal/services/containers/kubernetes_cluster_node_pool_resource.go";

/** The same plugin makes a new profile of Traffic Manager for another name below trafficmanager.net. */
export const profileRotation: Source =
    "https://github.com/hashicorp/terraform-provider-azurerm/blob/01216d9fc9906a42751df58d3fdaa422ba2385d4/internal/services/trafficmanager/traffic_manager_profile_resource.go";
