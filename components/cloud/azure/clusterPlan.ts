import type { DiskEncryptionSet } from "@pulumi/azure-native/compute";
import type { PoolPlan } from "../common/pools";
import type { Dns } from "./dns";
import type { Logs } from "./logs";
import type { Network } from "./network";
import type { Registry } from "./registry";
import type { Secrets } from "./secrets";
import type { AzureSettings } from "./settings";
import type { Site } from "./site";

/** What a cluster stands on and how it is wanted. */
export interface ClusterArgs
    extends Pick<
        AzureSettings,
        "adminGroups" | "apiAccess" | "auditReads" | "azurePolicy" | "defender" | "kubernetesVersion" | "maintenance"
    > {
    readonly site: Site;
    readonly ranges: Pick<AzureSettings["network"], "podCidr" | "serviceCidr" | "egress">;
    readonly pools: readonly PoolPlan[];
    readonly network: Network;
    readonly dns: Dns;
    readonly logs: Logs;
    readonly secrets: Secrets;
    readonly registry: Registry;
}

/** What the cluster itself is made from. */
export interface ClusterPlan extends ClusterArgs {
    readonly disks: DiskEncryptionSet;
}
