import { AgentPool, type ManagedCluster } from "@pulumi/azure-native/containerservice";
import type { Subnet } from "@pulumi/azure-native/network";
import type { ChildOptions } from "../../foundation/component";
import { physicalName } from "../../foundation/names";
import type { PoolPlan, Taint } from "../common/pools";
import { overlayPods } from "./machines";
import { azureNames, uniqueSuffix } from "./names";
import { placeOf, type Site } from "./site";

/** Where the nodes of all pools stand. */
export interface PoolPlace {
    readonly site: Site;
    readonly subnet: Subnet;
    /** Version of Kubernetes that the stack asks for: nodes follow the control plane only when it is said of them too. */
    readonly kubernetesVersion: string;
}

/** What a pool is in Azure, whether it is made with the cluster or after it. */
export function poolArgs({ site, subnet, kubernetesVersion }: PoolPlace, plan: PoolPlan) {
    return {
        ...fixedOf(site, plan),
        mode: plan.role === "system" ? "System" : "User",
        orchestratorVersion: kubernetesVersion,
        count: plan.initial,
        enableAutoScaling: true,
        minCount: plan.nodes.min,
        maxCount: plan.nodes.max,
        vnetSubnetID: subnet.id,
        nodeLabels: { ...plan.labels },
        nodeTaints: plan.taints.map(taintText),
        osSKU: "Ubuntu",
        // Nodes are replaced, not repaired: `kubectl debug node` is for looking.
        securityProfile: { sshAccess: "Disabled" },
        tags: site.tags,
        ...upgradesOf(plan),
    };
}

/**
 * What AKS changes in no pool that is there: another pool takes its place. The disk is a managed one, although most machines of the table
 * have a local one that could hold it: in some regions AKS refuses to put it there on v6 machines, and no page says on which
 * (https://github.com/Azure/AKS/issues/4676 and https://github.com/Azure/AKS/issues/5568, both of Dpds_v6 and both open).
 *
 * @see https://github.com/hashicorp/terraform-provider-azurerm/blob/028a6fd9c051e27d08e7d316ea643efb7abe6d07/internal/services/containers/kubernetes_cluster_node_pool_resource.go
 */
function fixedOf({ zones }: Pick<Site, "zones">, plan: PoolPlan) {
    return {
        type: "VirtualMachineScaleSets",
        vmSize: plan.machine.name,
        availabilityZones: [...zones],
        maxPods: overlayPods,
        osType: "Linux",
        osDiskType: "Managed",
        osDiskSizeGB: plan.diskGib,
        enableEncryptionAtHost: true,
        enableNodePublicIP: false,
        ...(plan.role === "spot" ? spot : {}),
        ...gpuOf(plan),
    };
}

/**
 * A pool's name: its role, and four characters of what cannot be changed in it. So a change of that makes a pool of another name, which can
 * stand beside the old one until that goes. Roles of pools beside the first have at most seven characters, and a name has at most twelve.
 *
 * @see https://learn.microsoft.com/azure/aks/create-node-pools#limitations
 */
export function poolName(site: Pick<Site, "zones">, plan: PoolPlan): string {
    const fixed = Object.entries(fixedOf(site, plan)).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return physicalName(azureNames.nodePool, plan.role, uniqueSuffix(...fixed.sort()).slice(0, 4));
}

function taintText({ key, value, effect }: Taint): string {
    return `${key}=${value}:${effect}`;
}

/**
 * Azure refuses a surge on spot pools, and takes back nodes of theirs at any time anyway.
 *
 * @see https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling
 */
function upgradesOf({ role, maxSurge }: PoolPlan) {
    return role === "spot" ? {} : { upgradeSettings: { maxSurge, drainTimeoutInMinutes: 30 } };
}

/** Nodes at the price of the day, up to that of regular ones; they are gone when Azure takes them back. */
const spot = { scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1 } as const;

/**
 * AKS installs the driver; the device plugin is the platform's, as it decides what pods ask for. AKS names a slice by its processors alone,
 * and the slices of one machine that have as many also have the same memory.
 *
 * @see https://learn.microsoft.com/azure/aks/gpu-multi-instance
 */
function gpuOf({ sharing }: PoolPlan) {
    if (sharing === undefined) return {};
    const gpuProfile = { driver: "Install" };
    if (sharing.kind !== "mig") return { gpuProfile };
    return { gpuProfile, gpuInstanceProfile: `MIG${sharing.profile.split(".")[0]}` };
}

/**
 * A pool beside the cluster's first. Its size is the scaler's: what we say of it counts at its creation only. The plugin would delete a pool
 * before it makes the one in its place, and pods of that role would have no node in between.
 */
export function createPool(
    name: string,
    cluster: ManagedCluster,
    { place, plan }: { readonly place: PoolPlace; readonly plan: PoolPlan },
    child: ChildOptions,
): AgentPool {
    return new AgentPool(
        `${name}-${plan.role}`,
        {
            resourceGroupName: placeOf(place.site).resourceGroupName,
            resourceName: cluster.name,
            agentPoolName: poolName(place.site, plan),
            ...poolArgs(place, plan),
        },
        { ...child, ignoreChanges: ["count"], deleteBeforeReplace: false },
    );
}
