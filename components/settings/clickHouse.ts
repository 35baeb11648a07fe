import { z } from "zod";
import {
    backupUser,
    type ClickHousePlace,
    type ClickHouseServers,
    clickHouseAccess,
    clickHouseVersions,
} from "../foundation/clickHouseNames";
import { type ClickHouseBackupPlan, clickHouseJobs, jobNamespaces, type NoBackup } from "../foundation/dataBackups";
import { bytes, consumerFields, count, cpu, distinct, dnsLabel, switchedOff } from "./fields";
import type { Environment } from "./sizing";

/** What bounds users that name nothing. ClickHouse has a profile and a quota `default` itself, for its own work too. */
const standard = "standard";

/** Names that become elements of XML. */
const element = () => dnsLabel().regex(/^[a-z]/, { error: "must begin with a letter" });

/** Names that need no quotes in SQL. */
const identifier = () =>
    z
        .string()
        .max(64)
        .regex(/^[a-z][a-z0-9_]*$/, { error: "must be small letters, digits and underscores, a letter first" });

const profile = z
    .strictObject({
        memory: bytes()
            .default("512Mi")
            .meta({ description: "memory of one query", examples: ["2Gi"] }),
        seconds: count(1, 86_400)
            .default(60)
            .meta({ description: "seconds after which a query is ended", examples: [300] }),
        threads: count(1, 256)
            .default(2)
            .meta({ description: "threads of one query", examples: [4] }),
    })
    .meta({ description: "bounds of one query" });

const quota = z
    .strictObject({
        minutes: count(1, 10_080)
            .default(60)
            .meta({ description: "minutes after which counting begins anew", examples: [60] }),
        queries: count(1, 1_000_000_000)
            .default(10_000)
            .meta({ description: "queries in that time", examples: [1000] }),
        readRows: count(1, 1_000_000_000_000)
            .default(10_000_000_000)
            .meta({ description: "rows that these read, together", examples: [1_000_000_000] }),
        seconds: count(1, 1_000_000)
            .default(3600)
            .meta({ description: "seconds that these take, together", examples: [1800] }),
    })
    .meta({ description: "bounds of all queries of a user in some time" });

const user = z
    .strictObject({
        ...consumerFields,
        databases: distinct(identifier())
            .min(1)
            .meta({ description: "databases that it works in", examples: [["analytics"]] }),
        access: z
            .enum(clickHouseAccess)
            .default("read")
            .meta({
                description:
                    "what it may do in them: read; write as well; or own, which is also to make and drop tables",
                examples: ["write"],
            }),
        profile: element()
            .default(standard)
            .meta({ description: "which of the profiles bounds each of its queries", examples: ["reports"] }),
        quota: element()
            .default(standard)
            .meta({ description: "which of the quotas bounds all of them", examples: ["reports"] }),
    })
    .meta({ description: "who may do what in which databases" });

const cluster = z.strictObject({
    kind: z
        .literal("cluster")
        .meta({ description: "pods of the cluster that an operator runs", examples: ["cluster"] }),
    version: z
        .enum(clickHouseVersions)
        .default("25.8.20.4")
        .meta({ description: "version of ClickHouse and of Keeper", examples: ["26.3.1.896"] }),
    shards: count(1, 32)
        .default(1)
        .meta({ description: "parts that tables are split over, each on servers of its own", examples: [2] }),
    replicas: count(1, 9)
        .optional()
        .meta({ description: "servers with all of a shard; without it 2 in production and 1 before", examples: [3] }),
    keepers: count(1, 9)
        .optional()
        .meta({ description: "pods that vote, an odd number; without it 3 in production and 1 before", examples: [3] }),
    storage: bytes()
        .optional()
        .meta({
            description: "volume of each server, which may grow; without it the environment's",
            examples: ["500Gi"],
        }),
    coldStorage: bytes()
        .optional()
        .meta({
            description: "a slower volume of each server, for what tables move there when it is old; without it none",
            examples: ["1Ti"],
        }),
    server: z
        .strictObject({
            cpu: cpu().meta({ description: "cores", examples: ["4"] }),
            memory: bytes().meta({ description: "memory", examples: ["16Gi"] }),
        })
        .optional()
        .meta({ description: "what each server requests, and gets; without it the environment's" }),
    mostQueries: count(1, 10_000)
        .default(100)
        .meta({ description: "queries that a server works on at once; further ones are refused", examples: [200] }),
    logDays: count(1, 3650)
        .default(30)
        .meta({ description: "days that servers keep what they write about queries and themselves", examples: [90] }),
    keepDays: count(1, 36_500)
        .default(365)
        .meta({
            description: "days that tables may keep what is in them, which is for who makes them to say as a TTL",
            examples: [90],
        }),
    databases: distinct(identifier())
        .default([])
        .meta({ description: "databases that are there from the beginning", examples: [["analytics"]] }),
    profiles: z.record(element(), profile).default({}).meta({ description: "bounds of single queries, by name" }),
    quotas: z.record(element(), quota).default({}).meta({ description: "bounds of many queries, by name" }),
    users: z.record(element(), user).default({}).meta({ description: "users by their names" }),
});

export const clickHouse = z
    .discriminatedUnion("kind", [switchedOff("there is none"), cluster])
    .prefault({ kind: "off" })
    .meta({
        description: "ClickHouse, which answers questions about many rows at once",
        examples: [{ kind: "cluster" }],
    });

/** Of each environment. In production a zone may go: the other copy of each shard answers, and two of three Keepers go on. */
export const clickHouseDefaults = {
    dev: { replicas: 1, keepers: 1, storage: "5Gi", server: { cpu: "250m", memory: "1Gi" } },
    staging: { replicas: 1, keepers: 1, storage: "20Gi", server: { cpu: "500m", memory: "2Gi" } },
    production: { replicas: 2, keepers: 3, storage: "200Gi", server: { cpu: "1", memory: "4Gi" } },
} as const satisfies Readonly<
    Record<Environment, Pick<ClickHouseServers, "replicas" | "keepers" | "storage" | "server">>
>;

/** The stack's words, with the environment's where it has none. A profile and a quota are always there for users that name none. */
export function resolveClickHouse(asked: z.output<typeof clickHouse>, environment: Environment): ClickHousePlace {
    if (asked.kind === "off") return asked;
    const own = clickHouseDefaults[environment];
    return {
        ...asked,
        replicas: asked.replicas ?? own.replicas,
        keepers: asked.keepers ?? own.keepers,
        storage: asked.storage ?? own.storage,
        coldStorage: asked.coldStorage,
        server: asked.server ?? own.server,
        profiles: { [standard]: profile.parse({}), ...asked.profiles },
        quotas: { [standard]: quota.parse({}), ...asked.quotas },
        backup: undefined,
    };
}

/** With the user by which the platform's own jobs read all databases, where there are such jobs. ClickHouse's own quota bounds nothing, and only counts. */
export function withBackupUser(place: ClickHousePlace, plan: ClickHouseBackupPlan | NoBackup): ClickHousePlace {
    if (place.kind === "off" || plan.kind === "off") return place;
    const { databases } = place;
    const caller = { namespace: jobNamespaces.clickhouse, serviceAccount: clickHouseJobs.backup };
    const access = plan.restores ? "restore" : "copy";
    return {
        ...place,
        backup: {
            user: { ...caller, databases, access, profile: backupUser, quota: "default" },
            // One query reads a whole table, for as long as a backup may take.
            profile: { memory: "512Mi", seconds: plan.everyHours * 3600, threads: 2 },
        },
    };
}
