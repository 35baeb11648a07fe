import type { DiskEncryptionSet } from "@pulumi/azure-native/compute";
import type { PoolPlan } from "../common/pools";
import type { AzureDns } from "./dns";
import type { AzureLogs } from "./logs";
import type { AzureNetwork } from "./network";
import type { AzureRegistry } from "./registry";
import type { AzureSecrets } from "./secrets";
import type { AzureSettings } from "./settings";
import type { Site } from "./site";

/** What a cluster stands on and how it is wanted. */
export interface AzureClusterArgs
    extends Pick<
        AzureSettings,
        "adminGroups" | "apiAccess" | "auditReads" | "azurePolicy" | "defender" | "kubernetesVersion" | "maintenance"
    > {
    readonly site: Site;
    readonly ranges: Pick<AzureSettings["network"], "podCidr" | "serviceCidr" | "egress">;
    readonly pools: readonly PoolPlan[];
    readonly network: AzureNetwork;
    readonly dns: AzureDns;
    readonly logs: AzureLogs;
    readonly secrets: AzureSecrets;
    readonly registry: AzureRegistry;
}

/** What the cluster itself is made from. */
export interface ClusterPlan extends AzureClusterArgs {
    readonly disks: DiskEncryptionSet;
}
