import { z } from "zod";
import type { ClickHousePlace } from "../foundation/clickHouseNames";
import type { ElasticsearchPlace } from "../foundation/elasticNames";
import type { KafkaPlace, ManagedKafkaForm } from "../foundation/kafkaNames";
import { type Load, loadsOf } from "../foundation/loads";
import type { ObjectPlace } from "../foundation/objectStore";
import { manifestLoads } from "../foundation/postgresDrill";
import { loginLoads } from "../foundation/postgresLogins";
import { postgresCluster } from "../foundation/postgresNames";
import {
    type ManagedPostgres,
    type PostgresCluster,
    type PostgresPlace,
    type PostgresPooler,
    type PostgresVersion,
    poolModes,
    postgresVersions,
} from "../foundation/postgresPlace";
import { poolerLoads } from "../foundation/postgresSizes";
import type { RedisPlace } from "../foundation/redisPlace";
import { sentinelLoads } from "../foundation/redisSizes";
import type { Vectors } from "../foundation/vectors";
import { type Sizes, type WorkloadName, workloadNames } from "../foundation/workloads";
import { clickHouse, resolveClickHouse } from "./clickHouse";
import { elasticsearch, resolveElasticsearch } from "./elastic";
import { count, dnsLabel } from "./fields";
import { kafka, resolveKafka } from "./kafka";
import { objects, resolveObjects } from "./objects";
import { resolveUsers, users } from "./postgresLogins";
import { redis, resolveRedis } from "./redis";
import type { Environment } from "./sizing";
import { resolveVectors, vectors } from "./vectors";

const version = z
    .enum(postgresVersions)
    .default("18")
    .meta({ description: "major version of PostgreSQL", examples: ["18"] });

const recovery = z.strictObject({
    archive: dnsLabel().meta({ description: "folder of the store to start from", examples: ["postgres-18"] }),
    time: z.iso
        .datetime({ offset: true })
        .optional()
        .meta({
            description: "moment to which the database comes back; without it the last that its log knows of",
            examples: ["2026-11-20T08:00:00Z"],
        }),
});

const following = z.strictObject({
    archive: dnsLabel().meta({
        description: "folder that the other database writes to, in the copy of its store",
        examples: ["postgres-18"],
    }),
    promoted: z
        .boolean()
        .default(false)
        .meta({
            description: "whether it stops following and writes itself, which nothing undoes",
            examples: [true],
        }),
});

const pooler = z
    .strictObject({
        instances: count(1, 9)
            .optional()
            .meta({ description: "pods of PgBouncer; without it 2 in production and 1 before", examples: [2] }),
        mode: z
            .enum(poolModes)
            .default("session")
            .meta({
                description:
                    "how long a client keeps a connection: until it leaves, or for a transaction, which no client may count on that keeps anything in its session",
                examples: ["session"],
            }),
        clients: count(10, 20_000)
            .default(1000)
            .meta({ description: "clients that one pod takes", examples: [1000] }),
        connections: count(1, 90)
            .default(20)
            .meta({
                description: "connections that one pod has to the server, for each pair of database and user",
                examples: [20],
            }),
    })
    .optional()
    .meta({
        description: "PgBouncer, which shares few connections among many clients; without it they call the server",
        examples: [{ mode: "session" }],
    });

const noDrill = z.strictObject({
    kind: z.literal("off").meta({ description: "nobody practises its restore", examples: ["off"] }),
    because: z
        .string()
        .min(10, { error: "must say why, in ten letters or more" })
        .meta({
            description: "why, in words that stand on the database",
            examples: ["its rows are made anew from Kafka"],
        }),
});

const scheduledDrill = z.strictObject({
    kind: z.literal("scheduled").meta({
        description: "a server of its own is made of the newest backup and compared",
        examples: ["scheduled"],
    }),
    rpoMinutes: count(1, 1440)
        .default(15)
        .meta({
            description: "minutes within which what is written is in the store, should all instances be lost (RPO)",
            examples: [15],
        }),
    rtoMinutes: count(10, 1440)
        .default(120)
        .meta({
            description: "minutes in which a backup is a server again (RTO), which each drill has",
            examples: [60],
        }),
    everyDays: z
        .literal([1, 7], { error: "must be 1 or 7: each night, or that before each Sunday" })
        .default(1)
        .meta({ description: "days between two drills", examples: [7] }),
});

const drill = z
    .discriminatedUnion("kind", [noDrill, scheduledDrill])
    .prefault({ kind: "scheduled" })
    .meta({
        description: "drill of its restore, and what that must keep",
        examples: [{ kind: "scheduled", rtoMinutes: 60 }],
    });

const cluster = z.strictObject({
    kind: z
        .literal("cluster")
        .meta({ description: "pods of the cluster that an operator runs", examples: ["cluster"] }),
    version,
    instances: count(1, 9)
        .optional()
        .meta({
            description: "pods with volumes of their own, an odd number; without it 3 in production and 1 before",
            examples: [3],
        }),
    keepDays: count(7, 3650)
        .default(30)
        .meta({ description: "days back to which the database can be restored, to any second", examples: [30] }),
    archive: dnsLabel()
        .optional()
        .meta({
            description:
                "folder of the store that log and backups go to, by default postgres-VERSION; a database that begins anew or with a backup needs another",
            examples: ["postgres-18", "postgres-18-2"],
        }),
    pooler,
    drill,
    users,
    recover: recovery.optional().meta({
        description: "backups that a database which is not there yet begins with; one that is there heeds it not",
        examples: [{ archive: "postgres-18", time: "2026-11-20T08:00:00Z" }],
    }),
    follows: following.optional().meta({
        description:
            "the database of another region whose log this one follows, reading alone until it is promoted (docs/data.md#another-region)",
        examples: [{ archive: "postgres-18" }],
    }),
});

const managed = z.strictObject({
    kind: z.literal("managed").meta({ description: "a server of the cloud", examples: ["managed"] }),
    version,
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
    users,
});

/** Which data services run as pods of the cluster, and which as services of the cloud. */
export const data = z
    .strictObject({
        postgres: z
            .discriminatedUnion("kind", [
                z.strictObject({
                    kind: z.literal("inCluster").meta({ description: "pods of the cluster", examples: ["inCluster"] }),
                    users,
                }),
                cluster,
                managed,
            ])
            .prefault({ kind: "inCluster" })
            .meta({ description: "where the database runs", examples: [{ kind: "managed" }] }),
        redis,
        vectors,
        kafka,
        elasticsearch,
        clickhouse: clickHouse,
        objects,
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

/** Instances of each environment. In production one may go, and what was written is with another that goes on. */
export const instanceDefaults = { dev: 1, staging: 1, production: 3 } as const satisfies Readonly<
    Record<Environment, PostgresCluster["instances"]>
>;

/** Pods of PgBouncer: in production one may be replaced while another answers. */
const poolerDefaults = { dev: 1, staging: 1, production: 2 } as const satisfies Readonly<Record<Environment, number>>;

/**
 * A new major version begins its log anew, and would write over that of the one before it.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/postgres_upgrades.md
 */
function archiveOf(version: PostgresVersion): string {
    return `${postgresCluster}-${version}`;
}

export interface Data {
    readonly postgres: PostgresPlace;
    readonly redis: RedisPlace;
    readonly vectors: Vectors;
    readonly kafka: KafkaPlace;
    readonly elasticsearch: ElasticsearchPlace;
    readonly clickhouse: ClickHousePlace;
    readonly objects: ObjectPlace;
}

/** The stack's words, with the environment's where it has none. */
export function resolveData(asked: DataSettings, environment: Environment, managedKafka: ManagedKafkaForm): Data {
    return {
        postgres: resolvePostgres(asked.postgres, environment),
        redis: resolveRedis(asked.redis, environment),
        vectors: resolveVectors(asked.vectors, environment),
        kafka: resolveKafka(asked.kafka, environment, managedKafka),
        elasticsearch: resolveElasticsearch(asked.elasticsearch, environment),
        clickhouse: resolveClickHouse(asked.clickhouse, environment),
        objects: resolveObjects(asked.objects, environment),
    };
}

function resolvePostgres(postgres: DataSettings["postgres"], environment: Environment): PostgresPlace {
    const users = resolveUsers(postgres.users);
    if (postgres.kind === "inCluster") return { kind: postgres.kind, users };
    if (postgres.kind === "cluster") {
        const { instances = instanceDefaults[environment], archive = archiveOf(postgres.version) } = postgres;
        const { recover, follows } = postgres;
        return {
            ...postgres,
            instances,
            archive,
            recover: recover && { time: undefined, ...recover },
            follows,
            pooler: resolvePooler(postgres.pooler, environment),
            users,
        };
    }
    const { kind, version, size, maxStorageGi, storageGi, backupDays } = postgres;
    const own = databaseDefaults[environment];
    return {
        kind,
        version,
        size,
        maxStorageGi,
        storageGi: storageGi ?? own.storageGi,
        backupDays: backupDays ?? own.backupDays,
        users,
    };
}

function resolvePooler(asked: z.output<typeof pooler>, environment: Environment): PostgresPooler | undefined {
    return asked && { ...asked, instances: asked.instances ?? poolerDefaults[environment] };
}

/** The workloads that run in the cluster. */
export function inCluster({ data }: { readonly data: Pick<Data, "postgres" | "redis"> }): readonly WorkloadName[] {
    return workloadNames.filter((name) => (name !== "postgres" && name !== "redis") || data[name].kind !== "managed");
}

/** All that runs in the namespace of the applications: the workloads, and what an operator puts beside one of them. */
export function tenantLoads(settings: { readonly data: Data; readonly sizes: Sizes }): readonly Load[] {
    const { postgres, redis } = settings.data;
    return [
        ...loadsOf(settings.sizes, inCluster(settings)),
        ...poolerLoads(postgres),
        ...manifestLoads(postgres),
        ...loginLoads(postgres, settings.sizes["tars-backend"].sidecar),
        ...sentinelLoads(redis),
    ];
}
