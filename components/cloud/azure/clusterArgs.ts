import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice";
import type { input } from "@pulumi/azure-native/types";
import type { PoolPlan } from "../common/pools";
import type { ClusterIdentities } from "./clusterIdentities";
import type { ClusterPlan } from "./clusterPlan";
import { nameServerOf } from "./plan";
import { poolArgs } from "./pools";
import { placeOf } from "./site";

/** The cluster as AKS is asked for it. */
export function clusterArgs(args: ClusterPlan, { control, nodes }: ClusterIdentities): ManagedClusterArgs {
    const { site } = args;
    return {
        ...placeOf(site),
        resourceName: site.naming("cluster"),
        dnsPrefix: site.naming("dnsPrefix"),
        nodeResourceGroup: site.naming("resourceGroup", "nodes"),
        // Nobody but AKS changes what AKS made.
        nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
        sku: { name: "Base", tier: site.rules.clusterTier },
        kubernetesVersion: args.kubernetesVersion,
        supportPlan: "KubernetesOfficial",
        identity: { type: "UserAssigned", userAssignedIdentities: [control.id] },
        identityProfile: {
            kubeletidentity: { resourceId: nodes.id, clientId: nodes.clientId, objectId: nodes.principalId },
        },
        agentPoolProfiles: [systemPool(args)],
        diskEncryptionSetID: args.disks.id,
        storageProfile: {
            diskCSIDriver: { enabled: true },
            fileCSIDriver: { enabled: true },
            snapshotController: { enabled: true },
        },
        apiServerAccessProfile: apiServer(args),
        networkProfile: networkProfile(args),
        ...access(args),
        ...upkeep(),
        ...protection(args),
    };
}

/** AKS wants one pool at once; further ones are resources of their own. */
function systemPool({ site, pools, network, kubernetesVersion }: ClusterPlan) {
    const isSystem = ({ role }: PoolPlan) => role === "system";
    const plan = pools.find(isSystem);
    if (plan === undefined) throw new RangeError("a cluster without system nodes");
    return { name: plan.role, ...poolArgs({ site, subnet: network.subnets.nodes, kubernetesVersion }, plan) };
}

/**
 * The API server stands in the network, so nodes reach it without leaving that, and it can become private, or public again, in place.
 *
 * @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration#enable-or-disable-private-cluster-mode-on-an-existing-cluster-with-api-server-vnet-integration
 */
function apiServer({
    apiAccess,
    network,
    dns,
}: ClusterPlan): input.containerservice.ManagedClusterAPIServerAccessProfileArgs {
    const always = {
        enableVnetIntegration: true,
        subnetId: network.subnets.apiServer.id,
        // `az aks command invoke` would run commands in the cluster past every rule of the network.
        disableRunCommand: true,
    };
    switch (apiAccess.kind) {
        case "public":
            return { ...always, enablePrivateCluster: false, authorizedIPRanges: [...apiAccess.allowedCidrs] };
        case "private":
            return {
                ...always,
                enablePrivateCluster: true,
                enablePrivateClusterPublicFQDN: false,
                ...(dns.apiServer && { privateDNSZone: dns.apiServer.id }),
            };
    }
}

/** Pods have addresses of their own, which the network does not spend: Azure CNI as an overlay, with Cilium's data plane. */
function networkProfile({ ranges }: ClusterPlan): input.containerservice.ContainerServiceNetworkProfileArgs {
    const { podCidr, serviceCidr, egress } = ranges;
    const outboundTypes = { natGateway: "userAssignedNATGateway", firewall: "userDefinedRouting" } as const;
    return {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        ipFamilies: ["IPv4"],
        loadBalancerSku: "standard",
        outboundType: outboundTypes[egress.kind],
        podCidr,
        serviceCidr,
        dnsServiceIP: nameServerOf(serviceCidr),
    };
}

/** People come in through Entra and Azure's roles; service accounts get out to Azure by tokens that the cluster signs. */
function access({ site, adminGroups }: ClusterPlan) {
    return {
        enableRBAC: true,
        disableLocalAccounts: true,
        aadProfile: {
            managed: true,
            enableAzureRBAC: true,
            tenantID: site.tenant,
            adminGroupObjectIDs: [...adminGroups],
        },
        oidcIssuerProfile: { enabled: true },
    };
}

/** AKS keeps the cluster at the newest patch of its version and the nodes at the newest image, in the window of maintenance. */
function upkeep() {
    return {
        autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
        autoScalerProfile: {
            expander: "least-waste",
            balanceSimilarNodeGroups: "true",
            // Pods of ours have scratch space in the node, and it is theirs to lose.
            skipNodesWithLocalStorage: "false",
            scaleDownUnneededTime: "10m",
        },
    };
}

/**
 * Secrets are encrypted with the platform's key, in a vault that only the network reaches. The key is named with its version: to rotate it,
 * make a new one and let AKS encrypt every Secret again.
 *
 * @see https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
 */
function protection({ secrets, logs, defender, azurePolicy }: ClusterPlan) {
    return {
        securityProfile: {
            workloadIdentity: { enabled: true },
            imageCleaner: { enabled: true, intervalHours: 168 },
            azureKeyVaultKms: {
                enabled: true,
                keyId: secrets.clusterKey.keyUriWithVersion,
                keyVaultNetworkAccess: "Private",
                keyVaultResourceId: secrets.vault.id,
            },
            defender: {
                securityMonitoring: { enabled: defender },
                ...(defender && { logAnalyticsWorkspaceResourceId: logs.workspace.id }),
            },
        },
        addonProfiles: { azurepolicy: { enabled: azurePolicy } },
    };
}
