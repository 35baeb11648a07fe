import { z } from "zod";
import type { ServiceBackup, ServiceBackups } from "../foundation/dataBackups";
import { count } from "./fields";

const off = z.strictObject({
    kind: z.literal("off").meta({ description: "nobody backs it up or restores it by itself", examples: ["off"] }),
    because: z
        .string()
        .min(10, { error: "must say why, in ten letters or more" })
        .meta({ description: "why, in words that stand on the service", examples: ["documents are read in again"] }),
});

const store = z.strictObject({
    kind: z.literal("store").meta({ description: "into the cloud's locked store of backups", examples: ["store"] }),
    everyHours: z
        .literal([1, 2, 3, 4, 6, 8, 12, 24], { error: "must be a part of a day: 1, 2, 3, 4, 6, 8, 12 or 24" })
        .default(6)
        .meta({ description: "hours between two backups", examples: [6] }),
    keepDays: count(1, 3650)
        .optional()
        .meta({ description: "days that a backup is kept; without it those of clusterBackup", examples: [35] }),
    rpoHours: count(2, 720)
        .optional()
        .meta({
            description: "most hours of work that may be lost (RPO); without it those of two backups",
            examples: [12],
        }),
    rtoMinutes: count(10, 1440)
        .default(60)
        .meta({ description: "minutes in which it is there again (RTO), which each drill has", examples: [60] }),
    drillEveryDays: z
        .literal([1, 7], { error: "must be 1 or 7: each night, or that before each Sunday" })
        .default(1)
        .meta({ description: "days between two drills of its restore", examples: [7] }),
});

export const serviceBackups = z
    .strictObject({
        chromadb: z
            .discriminatedUnion("kind", [off, store])
            .optional()
            .meta({
                description: "documents and vectors of tars-backend; without it in the store where the cloud has one",
                examples: [{ kind: "store", everyHours: 6, rpoHours: 12 }],
            }),
    })
    .prefault({})
    .meta({ description: "backups of data services by means of their own, and drills of their restore" });

type Asked = z.output<typeof serviceBackups>;

interface Beside {
    /** Days that the cluster's own backups are kept. */
    readonly keepDays: number;
    /** Whether the cloud has a store for backups, outside of the cluster. */
    readonly hasBackupStore: boolean;
}

const nowhere: ServiceBackup = {
    kind: "off",
    because: "the cluster is given, and the platform knows of no store outside of it",
};

/** The stack's words, with ours where it has none. */
export function resolveServiceBackups({ chromadb: asked }: Asked, beside: Beside): ServiceBackups {
    const chromadb = asked ?? (beside.hasBackupStore ? store.parse({ kind: "store" }) : nowhere);
    if (chromadb.kind === "off") return { chromadb };
    const { everyHours, keepDays = beside.keepDays, rpoHours = 2 * everyHours } = chromadb;
    return { chromadb: { ...chromadb, keepDays, rpoHours } };
}
