import { refuses, replaces, updates } from "../changes";
import { apiSources, pages, pluginSources, poolRotation } from "../sources";

const update = "https://learn.microsoft.com/cli/azure/aks#az-aks-update";

export const clusterChanges = [
    replaces(
        pluginSources.table,
        ...[
            "diskEncryptionSetID",
            "dnsPrefix",
            "fqdnSubdomain",
            "linuxProfile",
            "location",
            "nodeResourceGroup",
            "windowsProfile",
        ],
        ...[
            "serviceCidr",
            "serviceCidrs",
            "dnsServiceIP",
            "networkMode",
            "networkPlugin",
            "networkPluginMode",
            "podCidr",
        ].map(inNetwork),
        ...["networkDataplane", "networkPolicy", "outboundType"].map(inNetwork),
    ),
    updates(
        update,
        ...[
            "tags",
            "sku",
            "kubernetesVersion",
            "autoUpgradeProfile",
            "autoScalerProfile",
            "addonProfiles",
            "securityProfile",
        ],
        ...[
            "azureMonitorProfile",
            "workloadAutoScalerProfile",
            "disableLocalAccounts",
            "aadProfile",
            "identity",
            "supportPlan",
        ],
        ...[
            "storageProfile",
            "httpProxyConfig",
            "ingressProfile",
            "metricsProfile",
            "nodeResourceGroupProfile",
            "upgradeSettings",
        ],
        ...["loadBalancerProfile", "natGatewayProfile", "advancedNetworking"].map(inNetwork),
        ...["authorizedIPRanges", "disableRunCommand", "enablePrivateClusterPublicFQDN"].map(inAccess),
        ...[
            "count",
            "minCount",
            "maxCount",
            "enableAutoScaling",
            "nodeLabels",
            "nodeTaints",
            "orchestratorVersion",
            "securityProfile",
        ].map(inPool),
    ),
    // In place where the API server is in the network (see refuseReversal). With its zone the change follows "the same private DNS setup
    // methodology as standard private clusters", as the page says.
    updates(pages.apiServerSubnet, ...["enablePrivateCluster", "privateDNSZone"].map(inAccess)),
    updates(apiSources.kubernetes, "oidcIssuerProfile"),
    refuses(
        poolRotation,
        ...["vmSize", "maxPods", "osDiskSizeGB", "osDiskType", "vnetSubnetID", "podSubnetID", "availabilityZones"].map(
            inPool,
        ),
        ...[
            "enableFIPS",
            "enableEncryptionAtHost",
            "kubeletConfig",
            "linuxOSConfig",
            "enableNodePublicIP",
            "enableUltraSSD",
        ].map(inPool),
    ),
];

function inNetwork(name: string): string {
    return `networkProfile.${name}`;
}

function inAccess(name: string): string {
    return `apiServerAccessProfile.${name}`;
}

function inPool(name: string): string {
    return `agentPoolProfiles.${name}`;
}
