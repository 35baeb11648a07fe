import type { Case, Changes } from "./case";

const cluster = (more: object = {}) => ({ "data.postgres": { kind: "cluster", ...more } });
const follower = (more: object = {}): Changes => ({
    ...cluster({ follows: { archive: "postgres-18" }, drill: { kind: "off", because: "it follows another" }, ...more }),
    "aws.followed": { name: "tars-west" },
});
const following = {
    namespace: "tars",
    serviceAccount: "postgres",
    permissions: ["backups.write", "backups.follow"],
};
const sentinel = (more: object = {}) => ({ "data.redis": { kind: "sentinel", ...more } });
const managed = (more: object) => ({ "data.postgres": { kind: "managed", ...more } });

const cache = (more: object = {}) => ({ "data.redis": { kind: "managed", ...more } });

const shop = { namespace: "shop", serviceAccount: "orders" };
const users = (asked: object): Changes => ({ "data.postgres": { kind: "inCluster", users: asked } });
const key = "data.postgres.users";

/** Logins of applications, which are the same wherever the database runs. */
const logins: readonly Case[] = [
    [
        "a login with a name of the clouds' own",
        users({ rds_orders: { ...shop, owns: "a" } }),
        `${key}.rds_orders: is a user of`,
    ],
    [
        "a login of the platform's own user",
        users({ tars_user: { ...shop, owns: "a" } }),
        `${key}.tars_user: is a user of`,
    ],
    ["a login whose name is a word of pg_hba", users({ all: { ...shop, owns: "a" } }), `${key}.all: is a user of`],
    [
        "a login with a name that needs quotes",
        users({ "or-ders": { ...shop, owns: "a" } }),
        `${key}.or-ders: as a name must be small letters`,
    ],
    [
        "a login of an unknown workload",
        users({ orders: { namespace: "tars", serviceAccount: "orders", owns: "a" } }),
        `${key}.orders: is for tars/orders, an unknown consumer: it is no workload of the platform`,
    ],
    [
        "a login of a workload that calls no database",
        users({ orders: { namespace: "tars", serviceAccount: "redis", owns: "a" } }),
        `${key}.orders: is for redis, which calls no database`,
    ],
    ["a login without a database", users({ orders: shop }), `${key}.orders: has no database to work in`],
    [
        "a login that owns the platform's database",
        users({ orders: { ...shop, owns: "tars_analytics" } }),
        `${key}.orders.owns: is tars_analytics, which is there already`,
    ],
    [
        "a database of two owners",
        users({ orders: { ...shop, owns: "a" }, others: { ...shop, owns: "a" } }),
        `${key}.others.owns: is a, which belongs to orders`,
    ],
    [
        "a login that reads what is nobody's",
        users({ orders: { ...shop, reads: ["sales"] } }),
        `${key}.orders.reads: names the database sales, which is nobody's: there is tars_analytics`,
    ],
    [
        "a login that reads its own",
        users({ orders: { ...shop, owns: "a", reads: ["a"] } }),
        `${key}.orders.reads: names a, which is its own`,
    ],
];

/** Managed databases, as every cloud that has them takes them. */
const onCloud: readonly Case[] = [
    [
        "a version of PostgreSQL that is not offered",
        managed({ version: "12" }),
        'data.postgres.version: must be "17" or "18"',
    ],
    ["a database of both kinds", { "data.postgres": { kind: "inCluster", storageGi: 64 } }, "data.postgres.storageGi"],
    [
        "backups of a database that are gone too soon",
        managed({ backupDays: 7 }),
        "data.postgres.backupDays: is 7, less than the 35 that production asks for",
    ],
    [
        "backups of a database for longer than any cloud keeps them",
        managed({ backupDays: 36 }),
        "data.postgres.backupDays",
    ],
    [
        "a pod's size for a managed database",
        { ...managed({}), "sizes.postgres": { storage: "20Gi" } },
        "sizes.postgres: is the size of a pod, but the database is a server of the cloud",
    ],
    [
        "callers of a managed database",
        { ...managed({}), callers: [{ namespace: "team-app", serviceAccount: "api", calls: ["ollama", "postgres"] }] },
        "callers.0.calls: names postgres, which is a server of the cloud",
    ],
];

/** A cache of several pods, as every stack takes it. */
const sentinels: readonly Case[] = [
    [
        "an even number of sentinels",
        sentinel({ sentinels: 4 }),
        "data.redis.sentinels: is 4: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "one sentinel",
        sentinel({ sentinels: 1 }),
        "data.redis.sentinels: is 1: when one is lost, none can agree with another",
    ],
    [
        "a quorum that there are not enough sentinels for",
        sentinel({ quorum: 4 }),
        "data.redis.quorum: is 4, more than the 3 sentinels: they would never agree",
    ],
    [
        "a quorum of fewer than most sentinels",
        sentinel({ sentinels: 5, quorum: 2 }),
        "data.redis.quorum: is 2: fewer than most of 5 sentinels would call a pod lost that others still reach",
    ],
    ["a cache that nobody follows", sentinel({ replicas: 1 }), "data.redis.replicas"],
    [
        "a volume that the cache does not fit twice",
        { ...sentinel({ storageGi: 4 }), "sizes.redis": { requests: { memory: "4Gi" }, limits: { memory: "4Gi" } } },
        "data.redis.storageGi: is 4, but entries may take 4Gi of memory, and twice that while they are written anew",
    ],
    [
        "what makes room in a cache by a word that Redis does not know",
        sentinel({ eviction: "lru" }),
        "data.redis.eviction",
    ],
    ["words of another kind of cache", { "data.redis": { kind: "inCluster", replicas: 3 } }, "data.redis"],
];

/** A cache of the cloud, as AWS takes it. */
const caches: readonly Case[] = [
    [
        "an unknown machine for its cache",
        cache({ size: "cache.m7g.huge" }),
        "data.redis.size: is cache.m7g.huge, which is none of the known machines",
    ],
    [
        "more machines of its cache than zones",
        cache({ replicas: 4 }),
        "data.redis.replicas: is 4, more than the 3 zones: two machines would be lost with one",
    ],
    [
        "a cache that nobody takes over from",
        cache({ replicas: 1 }),
        "data.redis.replicas: is 1, but production asks for another machine in another zone, which takes over",
    ],
    ["a volume for a cache that has none", cache({ storageGi: 16 }), "data.redis.storageGi"],
    ["snapshots of a cache for longer than AWS keeps them", cache({ snapshotDays: 36 }), "data.redis.snapshotDays"],
    [
        "a pod's size for a managed cache",
        { ...cache(), "sizes.redis": { requests: { memory: "2Gi" } } },
        "sizes.redis: is the size of a pod, but the cache is machines of the cloud",
    ],
    [
        "callers of a managed cache",
        { ...cache(), callers: [{ namespace: "team-app", serviceAccount: "api", calls: ["ollama", "redis"] }] },
        "callers.0.calls: names redis, which the cloud runs",
    ],
];

export const dataOnAws: readonly Case[] = [
    ...onCloud,
    ...caches,
    ...sentinels,
    [
        "more pods of its cache than zones",
        sentinel({ replicas: 4 }),
        "data.redis.replicas: is 4, more than the 3 zones of the nodes: two would be lost with one",
    ],
    [
        "sentinels beside proxies in pods",
        { ...sentinel(), "data.postgres": { kind: "inCluster" }, "mesh.mode": "sidecar" },
        "data.redis.kind: is sentinel, but with a proxy in each pod all that follow show the same address: none can",
    ],
    [
        "a quota without room for its sentinels",
        { ...sentinel(), quota: { requests: { cpu: "1", memory: "96Gi" } } },
        "redis-sentinel",
    ],
    [
        "an even number of instances of its database",
        cluster({ instances: 2 }),
        "data.postgres.instances: is 2: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "more instances of its database than zones",
        cluster({ instances: 5 }),
        "data.postgres.instances: is 5, more than the 3 zones of the nodes: two would be lost with one",
    ],
    [
        "a pooler of its database with more connections than the server takes",
        cluster({ pooler: { instances: 3, connections: 25 } }),
        "data.postgres.pooler.connections: is 25, so 3 pods and the one of an update may have 100, but the server takes 97",
    ],
    [
        "a pooler of its database with more connections than the server takes, once for each login",
        cluster({ pooler: { connections: 32 }, users: { orders: { ...shop, owns: "a" } } }),
        "data.postgres.pooler.connections: is 32 for each of 2 pairs of database and user, so 2 pods and the one of an update may have 192",
    ],
    [
        "a pooler of its database with fewer clients than connections",
        cluster({ pooler: { clients: 10, connections: 20 } }),
        "data.postgres.pooler.clients: is 10, fewer than the 20 connections that they are to share",
    ],
    [
        "a pooler of its database that lends connections for a statement",
        cluster({ pooler: { mode: "statement" } }),
        "data.postgres.pooler.mode",
    ],
    [
        "a pooler before a database in one pod",
        { "data.postgres": { kind: "inCluster", pooler: {} } },
        "data.postgres.pooler",
    ],
    [
        "a database of an operator beside proxies in pods",
        { ...cluster(), "mesh.mode": "sidecar" },
        "data.postgres.kind: is cluster, but with a proxy in each pod the mesh takes no call of its operator",
    ],
    [
        "limits of instances that get what they request",
        { ...cluster(), "sizes.postgres": { limits: { cpu: "8" } } },
        "sizes.postgres.limits: are given, but an instance gets exactly what it requests",
    ],
    [
        "a database that would write over the backups it begins with",
        cluster({ recover: { archive: "postgres-18" } }),
        "data.postgres.archive: is postgres-18, which the database is to be recovered from: it would write over its own past",
    ],
    [
        "a database with logins of its own while it follows another",
        follower({ users: { orders: { ...shop, owns: "a" } } }),
        "data.postgres.users: names orders, but a database that follows another has the logins of that one alone",
    ],
    [
        "a pooler before a database that follows another",
        follower({ pooler: {} }),
        "data.postgres.pooler: is there, but its own login is made by whoever writes",
    ],
    [
        "a drill of a database that follows another",
        follower({ drill: { kind: "scheduled" } }),
        "data.postgres.drill.kind: is scheduled, but its manifest locks tables",
    ],
    [
        "a database that follows one and begins with another",
        follower({ recover: { archive: "postgres-17" } }),
        "data.postgres.recover: is there beside follows",
    ],
    [
        "a database that follows nobody who is named",
        { ...follower(), "aws.followed": undefined },
        "data.postgres.follows: is there, but aws names no stack whose copied backups it could read",
    ],
    [
        "a database that follows its own stack",
        { ...follower(), "aws.followed": { name: "tars-production" } },
        "aws.followed.name: is tars-production, this stack itself",
    ],
    [
        "a stack that is named, and whose database nobody follows",
        { "aws.followed": { name: "tars-west" } },
        "aws.followed: is tars-west, but no database follows it",
    ],
    [
        "a database that may not read what it follows",
        follower(),
        "aws.identities: gives tars/postgres no backups.follow, and so the database reads nothing of the one that it follows",
    ],
    [
        "somebody who may read a copy that nobody names",
        { ...cluster(), "aws.identities.postgres": following },
        "aws.identities.postgres: may read a copy of another stack's backups (backups.follow), but the stack names none",
    ],
    [
        "more work lost with a database than between two files of its log",
        cluster({ drill: { kind: "scheduled", rpoMinutes: 5 } }),
        "data.postgres.drill.rpoMinutes: is 5, but a file of the log goes to the store every 5 minutes and takes its time as well",
    ],
    [
        "no drill of its database, and no word why",
        cluster({ drill: { kind: "off", because: "no" } }),
        "data.postgres.drill.because: must say why, in ten letters or more",
    ],
    [
        "a drill of its database each third day",
        cluster({ drill: { kind: "scheduled", everyDays: 3 } }),
        "data.postgres.drill.everyDays: must be 1 or 7: each night, or that before each Sunday",
    ],
    [
        "a drill of a database in one pod",
        { "data.postgres": { kind: "inCluster", drill: { kind: "scheduled" } } },
        "data.postgres",
    ],
    [
        "a drill of its database that nobody may read a backup for",
        { ...cluster(), "aws.identities.postgres-drill": undefined },
        "aws.identities: gives data-backups/postgres-drill no backups.read, and so nobody can practise the restore of the database",
    ],
    [
        "a drill of its database that nobody may write a manifest for",
        { ...cluster(), "aws.identities.postgres-manifest": undefined },
        "aws.identities: gives tars/postgres-manifest no backups.write, and so no drill knows what a restored database must hold",
    ],
    [
        "a moment that is none",
        cluster({ recover: { archive: "postgres", time: "yesterday" } }),
        "data.postgres.recover.time",
    ],
    ["a database that can be restored for too short a time", cluster({ keepDays: 3 }), "data.postgres.keepDays"],
    [
        "a database whose backups nobody may write",
        { ...cluster(), "aws.identities.postgres": undefined },
        "aws.identities: gives tars/postgres no backups.write, and so no backup of the database reaches its store",
    ],
    [
        "an unknown machine for its database",
        managed({ size: "db.m7g.huge" }),
        "data.postgres.size: is db.m7g.huge, which is none of the known machines",
    ],
    [
        "a bound below its database's disk",
        managed({ storageGi: 128, maxStorageGi: 64 }),
        "data.postgres.maxStorageGi: is 64, less than the 128 GiB to begin with",
    ],
];

export const dataOnAzure: readonly Case[] = [
    ...onCloud,
    ["a managed cache", cache(), "data.redis.kind: is managed, but Azure's caches take keys of their own making"],
    [
        "sentinels beside proxies in pods",
        sentinel(),
        "data.redis.kind: is sentinel, but with a proxy in each pod all that follow show the same address: none can",
    ],
    [
        "a database of an operator beside proxies in pods",
        cluster(),
        "data.postgres.kind: is cluster, but with a proxy in each pod the mesh takes no call of its operator",
    ],
    [
        "an unknown machine for its database",
        managed({ size: "Standard_D3ds_v5" }),
        "data.postgres.size: is Standard_D3ds_v5, which is none of the known machines",
    ],
    [
        "a burstable machine for a database in two zones",
        managed({ size: "Standard_B2s" }),
        "data.postgres.size: is Standard_B2s, which is burstable and has nobody to stand by in another zone",
    ],
    [
        "a disk that Azure does not have",
        managed({ storageGi: 100 }),
        "data.postgres.storageGi: is 100, which is no size of a disk there",
    ],
    [
        "a bound for a disk that knows none",
        managed({ storageGi: 128, maxStorageGi: 512 }),
        "data.postgres.maxStorageGi: is 512, but on Azure a disk that grows by itself has no bound",
    ],
];

/** @param cloud one whose database is pods of the cluster */
export const dataElsewhere = (cloud: string): readonly Case[] => [
    ...logins,
    ...sentinels,
    [
        "a managed database where the platform has none to give",
        managed({}),
        `data.postgres.kind: is managed, which the platform does not do on cloud: ${cloud}`,
    ],
    [
        "a managed cache where the platform has none to give",
        cache(),
        `data.redis.kind: is managed, which the platform does not do on cloud: ${cloud}`,
    ],
    [
        "a database of an operator where there is no store for its backups",
        { "data.postgres": { kind: "cluster" } },
        `data.postgres.kind: is cluster, whose backups need a store, which cloud: ${cloud} has not`,
    ],
];
