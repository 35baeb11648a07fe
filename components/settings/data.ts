import { z } from "zod";
import { type ManagedPostgres, type PostgresPlace, postgresVersions } from "../foundation/managedPostgres";
import { type WorkloadName, workloadNames } from "../foundation/workloads";
import { count } from "./fields";
import type { Environment } from "./sizing";

const managed = z.strictObject({
    kind: z.literal("managed").meta({ description: "a server of the cloud", examples: ["managed"] }),
    version: z
        .enum(postgresVersions)
        .default("18")
        .meta({ description: "major version of PostgreSQL", examples: ["18"] }),
    size: z
        .string()
        .optional()
        .meta({
            description: "the cloud's name of the machine; without it the environment's (docs/data.md)",
            examples: ["db.m7g.large", "Standard_D2ds_v5"],
        }),
    storageGi: count(32, 32_768)
        .optional()
        .meta({
            description: "GiB of disk to begin with, which nothing makes smaller again; without it the environment's",
            examples: [128],
        }),
    maxStorageGi: count(32, 32_768)
        .optional()
        .meta({
            description: "GiB up to which the disk grows by itself, where the cloud has such a bound",
            examples: [512],
        }),
    backupDays: count(7, 35)
        .optional()
        .meta({
            description: "days back to which the server can be restored; without it 7, and 35 in production",
            examples: [35],
        }),
});

/** Which data services run as pods of the cluster, and which as services of the cloud. */
export const data = z
    .strictObject({
        postgres: z
            .discriminatedUnion("kind", [
                z.strictObject({
                    kind: z.literal("inCluster").meta({ description: "pods of the cluster", examples: ["inCluster"] }),
                }),
                managed,
            ])
            .prefault({ kind: "inCluster" })
            .meta({ description: "where the database runs", examples: [{ kind: "managed" }] }),
    })
    .prefault({})
    .meta({ description: "where each data service runs: in the cluster, or in the cloud beside it" });

type DataSettings = z.output<typeof data>;

/** Disk and backups of each environment. Their least is what the policy pack asks of managed databases (AWS-12), and 35 days are the clouds' most. */
export const databaseDefaults = {
    dev: { storageGi: 32, backupDays: 7 },
    staging: { storageGi: 32, backupDays: 7 },
    production: { storageGi: 128, backupDays: 35 },
} as const satisfies Readonly<Record<Environment, Pick<ManagedPostgres, "storageGi" | "backupDays">>>;

export interface Data {
    readonly postgres: PostgresPlace;
}

/** The stack's words, with the environment's where it has none. */
export function resolveData({ postgres }: DataSettings, environment: Environment): Data {
    if (postgres.kind === "inCluster") return { postgres };
    const { kind, version, size, maxStorageGi, storageGi, backupDays } = postgres;
    const own = databaseDefaults[environment];
    return {
        postgres: {
            kind,
            version,
            size,
            maxStorageGi,
            storageGi: storageGi ?? own.storageGi,
            backupDays: backupDays ?? own.backupDays,
        },
    };
}

/** The workloads that run in the cluster. */
export function inCluster({ data: { postgres } }: { readonly data: Data }): readonly WorkloadName[] {
    return workloadNames.filter((name) => name !== "postgres" || postgres.kind === "inCluster");
}
