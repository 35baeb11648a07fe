import { z } from "zod";
import type { ClickHousePlace } from "../foundation/clickHouseNames";
import type { NoBackup, ServiceBackups } from "../foundation/dataBackups";
import type { ElasticsearchPlace } from "../foundation/elasticNames";
import type { Vectors } from "../foundation/vectors";
import { count } from "./fields";

const off = z.strictObject({
    kind: z.literal("off").meta({ description: "nobody backs it up or restores it by itself", examples: ["off"] }),
    because: z
        .string()
        .min(10, { error: "must say why, in ten letters or more" })
        .meta({ description: "why, in words that stand on the service", examples: ["documents are read in again"] }),
});

interface Usual {
    readonly everyHours: 6 | 24;
    readonly rtoMinutes: number;
    readonly drillEveryDays: 1 | 7;
}

/** A plan, with what a stack need not say where the service is what it usually is. */
const store = (usual: Usual) =>
    z.strictObject({
        kind: z.literal("store").meta({ description: "into the cloud's locked store of backups", examples: ["store"] }),
        everyHours: z
            .literal([1, 2, 3, 4, 6, 8, 12, 24], { error: "must be a part of a day: 1, 2, 3, 4, 6, 8, 12 or 24" })
            .default(usual.everyHours)
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
            .default(usual.rtoMinutes)
            .meta({ description: "minutes in which it is there again (RTO), which each drill has", examples: [60] }),
        drillEveryDays: z
            .literal([1, 7], { error: "must be 1 or 7: each night, or that before each Sunday" })
            .default(usual.drillEveryDays)
            .meta({ description: "days between two drills of its restore", examples: [7] }),
    });

const chromadbStore = store({ everyHours: 6, rtoMinutes: 60, drillEveryDays: 1 });

/** All rows each time, so once a day. */
const clickHouseStore = store({ everyHours: 24, rtoMinutes: 240, drillEveryDays: 7 }).extend({
    restores: z
        .boolean()
        .default(false)
        .meta({
            description: "whether the job that reads may write as well, while somebody restores",
            examples: [true],
        }),
});

/** Snapshots of all collections each time, so once a day. */
const qdrantStore = store({ everyHours: 24, rtoMinutes: 240, drillEveryDays: 7 });

/** What is new alone each time. */
const elasticsearchStore = store({ everyHours: 6, rtoMinutes: 240, drillEveryDays: 7 });

export const serviceBackups = z
    .strictObject({
        chromadb: z
            .discriminatedUnion("kind", [off, chromadbStore])
            .optional()
            .meta({
                description: "documents and vectors of tars-backend; without it in the store where the cloud has one",
                examples: [{ kind: "store", everyHours: 6, rpoHours: 12 }],
            }),
        clickhouse: z
            .discriminatedUnion("kind", [off, clickHouseStore])
            .optional()
            .meta({
                description:
                    "databases of data.clickhouse; without it in the store where the cloud has one, and there are any",
                examples: [{ kind: "store", everyHours: 24, rpoHours: 48 }],
            }),
        qdrant: z
            .discriminatedUnion("kind", [off, qdrantStore])
            .optional()
            .meta({
                description:
                    "collections of data.vectors; without it in the store where the cloud has one, and there is Qdrant",
                examples: [{ kind: "store", everyHours: 24, rpoHours: 48 }],
            }),
        elasticsearch: z
            .discriminatedUnion("kind", [off, elasticsearchStore])
            .optional()
            .meta({
                description:
                    "snapshots of the streams of data.elasticsearch; without it in the store where the cloud has one, and there are any",
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
    readonly clickhouse: ClickHousePlace;
    readonly vectors: Pick<Vectors, "kind">;
    readonly elasticsearch: Place;
}

/** Elasticsearch before it is known whether there are snapshots of it. */
type Place = Pick<Extract<ElasticsearchPlace, { kind: "cluster" }>, "kind" | "streams"> | { readonly kind: "off" };

const nowhere: NoBackup = {
    kind: "off",
    because: "the cluster is given, and the platform knows of no store outside of it",
};

/** The stack's words, with ours where it has none. */
export function resolveServiceBackups(asked: Asked, beside: Beside): ServiceBackups {
    const here = beside.hasBackupStore;
    return {
        chromadb: complete(asked.chromadb ?? (here ? chromadbStore.parse({ kind: "store" }) : nowhere), beside),
        clickhouse: complete(asked.clickhouse ?? usualClickHouse(beside), beside),
        qdrant: complete(asked.qdrant ?? usualQdrant(beside), beside),
        elasticsearch: complete(asked.elasticsearch ?? usualElasticsearch(beside), beside),
    };
}

function usualClickHouse({ hasBackupStore, clickhouse }: Beside) {
    if (clickhouse.kind === "off") return { kind: "off", because: "there is no ClickHouse" } as const;
    if (clickhouse.databases.length === 0)
        return {
            kind: "off",
            because: "the stack names no database of ClickHouse, and nobody may write elsewhere",
        } as const;
    return hasBackupStore ? clickHouseStore.parse({ kind: "store" }) : nowhere;
}

function usualQdrant({ hasBackupStore, vectors }: Beside) {
    if (vectors.kind === "off") return { kind: "off", because: "there is no Qdrant" } as const;
    return hasBackupStore ? qdrantStore.parse({ kind: "store" }) : nowhere;
}

function usualElasticsearch({ hasBackupStore, elasticsearch }: Beside) {
    if (elasticsearch.kind === "off") return { kind: "off", because: "there is no Elasticsearch" } as const;
    if (Object.keys(elasticsearch.streams).length === 0)
        return { kind: "off", because: "the stack names no stream, and nobody may write elsewhere" } as const;
    return hasBackupStore ? elasticsearchStore.parse({ kind: "store" }) : nowhere;
}

interface Incomplete {
    readonly kind: "store";
    readonly everyHours: number;
    readonly keepDays?: number | undefined;
    readonly rpoHours?: number | undefined;
}

function complete<Plan extends Incomplete>(plan: Plan | NoBackup, beside: Beside) {
    if (plan.kind === "off") return plan;
    const { everyHours, keepDays = beside.keepDays, rpoHours = 2 * everyHours } = plan;
    return { ...plan, keepDays, rpoHours };
}
