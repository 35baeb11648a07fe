import { AgentPool, type ManagedCluster } from "@pulumi/azure-native/containerservice";
import type { Subnet } from "@pulumi/azure-native/network";
import type { ChildOptions } from "../../foundation/component";
import type { PoolPlan, Taint } from "../common/pools";
import { overlayPods } from "./machines";
import { placeOf, type Site } from "./site";

/** Where the nodes of all pools stand. */
export interface PoolPlace {
    readonly site: Site;
    readonly subnet: Subnet;
}

/** What a pool is in Azure, whether it is made with the cluster or after it. */
export function poolArgs({ site, subnet }: PoolPlace, plan: PoolPlan) {
    return {
        type: "VirtualMachineScaleSets",
        mode: plan.role === "system" ? "System" : "User",
        vmSize: plan.machine.name,
        count: plan.initial,
        enableAutoScaling: true,
        minCount: plan.nodes.min,
        maxCount: plan.nodes.max,
        availabilityZones: [...site.zones],
        vnetSubnetID: subnet.id,
        maxPods: overlayPods,
        nodeLabels: { ...plan.labels },
        nodeTaints: plan.taints.map(taintText),
        osType: "Linux",
        osSKU: "Ubuntu",
        osDiskType: "Managed",
        osDiskSizeGB: plan.diskGib,
        enableEncryptionAtHost: true,
        enableNodePublicIP: false,
        tags: site.tags,
        ...upgradesOf(plan),
        ...gpuOf(plan),
    };
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
    return role === "spot" ? spot : { upgradeSettings: { maxSurge, drainTimeoutInMinutes: 30 } };
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

/** A pool beside the cluster's first. Its size is the scaler's: what we say of it counts at its creation only. */
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
            agentPoolName: plan.role,
            ...poolArgs(place, plan),
        },
        { ...child, ignoreChanges: ["count"] },
    );
}
