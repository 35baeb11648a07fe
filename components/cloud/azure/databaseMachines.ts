import type { DatabaseMachine } from "../../foundation/postgresPlace";
import type { Environment } from "../../settings/sizing";

export interface FlexibleServerMachine extends DatabaseMachine {
    readonly tier: "Burstable" | "GeneralPurpose" | "MemoryOptimized";
}

/**
 * Machines that Azure runs PostgreSQL on. Burstable ones have their full speed for a while only, and none of them stands by for another.
 *
 * @see https://github.com/MicrosoftDocs/azure-databases-docs/blob/2d8d56e0df61d3df4c611b6fbfa2527785a38c35/articles/postgresql/compute-storage/concepts-compute.md
 */
export const databaseMachines = {
    Standard_B2s: { vcpus: 2, memoryGi: 4, tier: "Burstable" },
    Standard_B2ms: { vcpus: 2, memoryGi: 8, tier: "Burstable" },
    Standard_D2ds_v5: { vcpus: 2, memoryGi: 8, tier: "GeneralPurpose" },
    Standard_D4ds_v5: { vcpus: 4, memoryGi: 16, tier: "GeneralPurpose" },
    Standard_D8ds_v5: { vcpus: 8, memoryGi: 32, tier: "GeneralPurpose" },
    Standard_D16ds_v5: { vcpus: 16, memoryGi: 64, tier: "GeneralPurpose" },
    Standard_E2ds_v5: { vcpus: 2, memoryGi: 16, tier: "MemoryOptimized" },
    Standard_E4ds_v5: { vcpus: 4, memoryGi: 32, tier: "MemoryOptimized" },
    Standard_E8ds_v5: { vcpus: 8, memoryGi: 64, tier: "MemoryOptimized" },
} as const satisfies Readonly<Record<string, FlexibleServerMachine>>;
export type DatabaseMachineName = keyof typeof databaseMachines;

/** As much as the pod in the cluster has at most in that environment, or the next larger. */
export const defaultDatabaseMachines = {
    dev: "Standard_B2s",
    staging: "Standard_B2s",
    production: "Standard_D4ds_v5",
} as const satisfies Readonly<Record<Environment, DatabaseMachineName>>;

/**
 * Sizes of disk that Azure takes, in GiB: those of Premium SSD.
 *
 * @see https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd
 */
export const databaseDisks: readonly number[] = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];
