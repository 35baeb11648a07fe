import type { Environment } from "../../settings/sizing";
import { environmentRules as commonRules, type EnvironmentRules, type MigProfiles } from "../common/rules";

/** What an environment asks of its stack on Azure. */
export interface AzureRules extends EnvironmentRules {
    /**
     * AKS without a paid tier has no agreed uptime.
     *
     * @see https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers
     */
    readonly clusterTier: "Free" | "Standard";
    /** Copies of blobs: in three zones, or in three zones and in the paired region. */
    readonly redundancy: "Standard_ZRS" | "Standard_GZRS";
}

export const environmentRules = {
    dev: { ...commonRules.dev, clusterTier: "Free", redundancy: "Standard_ZRS" },
    staging: { ...commonRules.staging, clusterTier: "Standard", redundancy: "Standard_ZRS" },
    production: { ...commonRules.production, clusterTier: "Standard", redundancy: "Standard_GZRS" },
} as const satisfies Readonly<Record<Environment, AzureRules>>;

/** Sizes of a virtual network. @see https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#how-small-and-how-large-can-virtual-networks-and-subnets-be */
export const networkPrefix = { shortest: 8, longest: 29 } as const;

/** Sizes of the range of service addresses. @see https://learn.microsoft.com/azure/aks/azure-cni-overlay#ip-address-planning ("smaller than /12") */
export const servicePrefix = { shortest: 13, longest: 28 } as const;

/**
 * Slices of the GPUs of the machine table, of those that the settings name: Azure's A100 has 80 GB, its H100 94 GB. T4 and A10 have none.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html
 */
export const migProfiles: MigProfiles = {
    A100: ["1g.10gb", "2g.20gb", "3g.40gb", "7g.80gb"],
    H100: ["1g.12gb", "2g.24gb", "3g.47gb", "7g.94gb"],
};
