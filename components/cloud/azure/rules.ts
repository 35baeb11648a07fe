import type { Environment } from "../../settings/sizing";
import type { MachineType } from "../machines";

/** What an environment asks of its stack on Azure. */
export interface EnvironmentRules {
    /** Guarded: the engine refuses to delete what holds data, and Azure has locks on it. A stack file can say otherwise. */
    readonly protection: "guarded" | "released";
    /** Whether data, keys and audit records stay when the stack is destroyed, and volumes when their claim is deleted. */
    readonly keepsData: boolean;
    /**
     * AKS without a paid tier has no agreed uptime.
     *
     * @see https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers
     */
    readonly clusterTier: "Free" | "Standard";
    /** Shortest prefix, that is the widest range, that may call a public API server. Ours: a /24 is one office or one NAT range. */
    readonly shortestAllowedPrefix: number;
    /** Copies of blobs: in three zones, or in three zones and in the paired region. */
    readonly redundancy: "Standard_ZRS" | "Standard_GZRS";
}

export const environmentRules = {
    dev: {
        protection: "released",
        keepsData: false,
        clusterTier: "Free",
        shortestAllowedPrefix: 16,
        redundancy: "Standard_ZRS",
    },
    staging: {
        protection: "released",
        keepsData: false,
        clusterTier: "Standard",
        shortestAllowedPrefix: 16,
        redundancy: "Standard_ZRS",
    },
    production: {
        protection: "guarded",
        keepsData: true,
        clusterTier: "Standard",
        shortestAllowedPrefix: 24,
        redundancy: "Standard_GZRS",
    },
} as const satisfies Readonly<Record<Environment, EnvironmentRules>>;

/** Sizes of a virtual network. @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#how-small-and-how-large-can-virtual-networks-and-subnets-be */
export const networkPrefix = { shortest: 8, longest: 29 } as const;

/** Sizes of the range of service addresses. @see https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning ("smaller than /12") */
export const servicePrefix = { shortest: 13, longest: 28 } as const;

/** Ranges that private networks may use. @see https://www.rfc-editor.org/rfc/rfc1918 */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/**
 * Slices of the GPUs of the machine table, of those that the settings name: Azure's A100 has 80 GB, its H100 94 GB. T4 and A10 have none.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
 */
export const migProfiles: Readonly<Partial<Record<NonNullable<MachineType["gpu"]>["model"], readonly string[]>>> = {
    A100: ["1g.10gb", "2g.20gb", "3g.40gb", "7g.80gb"],
    H100: ["1g.12gb", "2g.24gb", "3g.47gb", "7g.94gb"],
};
