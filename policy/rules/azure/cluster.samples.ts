import type { Resource } from "../../rule";
import { cloudResource, merge } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

/** Where the resources of samples are in Azure. */
export const place = "/subscriptions/sample/resourceGroups/sample/providers";

const compliantPool: Mapping = {
    mode: "System",
    enableAutoScaling: true,
    minCount: 3,
    maxCount: 6,
    maxPods: 250,
    availabilityZones: ["1", "2", "3"],
    enableEncryptionAtHost: true,
    enableNodePublicIP: false,
    nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
    securityProfile: { sshAccess: "Disabled" },
};

const compliantCluster: Mapping = {
    resourceName: "sample",
    sku: { name: "Base", tier: "Standard" },
    kubernetesVersion: "1.36",
    identity: { type: "UserAssigned" },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    oidcIssuerProfile: { enabled: true },
    diskEncryptionSetID: `${place}/Microsoft.Compute/diskEncryptionSets/sample`,
    agentPoolProfiles: [{ name: "system", ...compliantPool }],
    apiServerAccessProfile: {
        enablePrivateCluster: true,
        enablePrivateClusterPublicFQDN: false,
        disableRunCommand: true,
    },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    networkProfile: {
        networkPlugin: "azure",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        outboundType: "userAssignedNATGateway",
    },
    securityProfile: {
        workloadIdentity: { enabled: true },
        imageCleaner: { enabled: true },
        defender: { securityMonitoring: { enabled: true } },
        azureKeyVaultKms: { enabled: true, keyVaultNetworkAccess: "Private" },
    },
    addonProfiles: { azurepolicy: { enabled: true } },
};

/** A cluster that no rule objects to, with a change; null takes a property away. */
export function cluster(change: Mapping = {}): Resource {
    return cloudResource("azure-native:containerservice:ManagedCluster", merge(compliantCluster, change));
}

/** A cluster whose one pool has a change. */
export function clusterWithPool(change: Mapping): Resource {
    return cluster({ agentPoolProfiles: [{ name: "system", ...merge(compliantPool, change) }] });
}

/** A pool of its own for pods of others, with a change. */
export function pool(change: Mapping = {}): Resource {
    const user = merge(compliantPool, { mode: "User", nodeTaints: null });
    return cloudResource("azure-native:containerservice:AgentPool", merge(user, change));
}
