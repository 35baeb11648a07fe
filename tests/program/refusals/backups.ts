import type { Case } from "./case";

const chromadb = (more: object) => ({ "serviceBackups.chromadb": { kind: "store", ...more } });

const elasticsearch = (more: object) => ({ "serviceBackups.elasticsearch": { kind: "store", ...more } });

const clickhouse = (more: object) => ({ "serviceBackups.clickhouse": { kind: "store", ...more } });

/** Plans for data services that cannot keep what they promise. */
export const backupsOnAws: readonly Case[] = [
    [
        "snapshots of Elasticsearch that are gone before they are too old",
        elasticsearch({ everyHours: 24, rpoHours: 72, keepDays: 2 }),
        "serviceBackups.elasticsearch.keepDays: is 2, less than the 72 hours of rpoHours",
    ],
    [
        "snapshots of Elasticsearch as seldom as none may be lost",
        elasticsearch({ everyHours: 12, rpoHours: 6 }),
        "serviceBackups.elasticsearch.rpoHours: is 6, but a backup is made every 12 hours and takes its time as well",
    ],
    [
        "snapshots of Elasticsearch that are kept for longer than the store locks them",
        elasticsearch({ keepDays: 400 }),
        "serviceBackups.elasticsearch.keepDays: is 400, but the store locks a backup for 35 days (aws.backupDays)",
    ],
    [
        "snapshots of no Elasticsearch",
        { ...elasticsearch({}), "data.elasticsearch": { kind: "off" } },
        "serviceBackups.elasticsearch.kind: is store, but there is no Elasticsearch",
    ],
    [
        "snapshots of no streams",
        { ...elasticsearch({}), "data.elasticsearch": { kind: "cluster", streams: {} } },
        "serviceBackups.elasticsearch.kind: is store, but data.elasticsearch.streams names none",
    ],
    [
        "snapshots that nobody may write",
        {
            "aws.identities.elasticsearch": {
                namespace: "elasticsearch",
                serviceAccount: "elasticsearch",
                permissions: ["backups.read"],
            },
        },
        "aws.identities: gives elasticsearch/elasticsearch no backups.write, and so no snapshot of Elasticsearch reaches its store",
    ],
    [
        "a backup that is as old as the most that may be lost, before it begins",
        chromadb({ everyHours: 12, rpoHours: 12 }),
        "serviceBackups.chromadb.rpoHours: is 12, but a backup is made every 12 hours and takes its time as well",
    ],
    [
        "backups that are gone before they are too old",
        chromadb({ everyHours: 24, rpoHours: 72, keepDays: 2 }),
        "serviceBackups.chromadb.keepDays: is 2, less than the 72 hours of rpoHours",
    ],
    [
        "backups that are gone before anybody tries one",
        chromadb({ keepDays: 5, drillEveryDays: 7 }),
        "serviceBackups.chromadb.drillEveryDays: is 7, but backups are kept for 5",
    ],
    [
        "backups that are kept for longer than the store locks them",
        chromadb({ keepDays: 400 }),
        "serviceBackups.chromadb.keepDays: is 400, but the store locks a backup for 35 days (aws.backupDays)",
    ],
    [
        "backups whose hours do not go into a day",
        chromadb({ everyHours: 5 }),
        "serviceBackups.chromadb.everyHours: must be a part of a day: 1, 2, 3, 4, 6, 8, 12 or 24",
    ],
    [
        "no backups, and no word why",
        { "serviceBackups.chromadb": { kind: "off", because: "no" } },
        "serviceBackups.chromadb.because: must say why, in ten letters or more",
    ],
    [
        "backups that nobody may write",
        { "aws.identities.chromadb-backup": undefined },
        "aws.identities: gives data-backups/chromadb-backup no backups.write, and so no backup of ChromaDB reaches its store",
    ],
    [
        "drills that nobody may read a backup for",
        { "aws.identities.chromadb-drill": undefined },
        "aws.identities: gives data-backups/chromadb-drill no backups.read, and so nobody can practise its restore",
    ],
    [
        "a backup of ClickHouse that is made less often than may be lost",
        clickhouse({ everyHours: 24, rpoHours: 12 }),
        "serviceBackups.clickhouse.rpoHours: is 12, but a backup is made every 24 hours and takes its time as well",
    ],
    [
        "backups of ClickHouse that are gone before they are too old",
        clickhouse({ rpoHours: 240, keepDays: 7 }),
        "serviceBackups.clickhouse.keepDays: is 7, less than the 240 hours of rpoHours",
    ],
    [
        "backups of ClickHouse that are kept for longer than the store locks them",
        clickhouse({ keepDays: 400 }),
        "serviceBackups.clickhouse.keepDays: is 400, but the store locks a backup for 35 days (aws.backupDays)",
    ],
    [
        "a choice of ClickHouse's databases, of which all are backed up",
        clickhouse({ databases: ["analytics"] }),
        "serviceBackups.clickhouse.databases: is no setting",
    ],
    [
        "backups of a ClickHouse that is not there",
        { ...clickhouse({}), "data.clickhouse": { kind: "off" } },
        "serviceBackups.clickhouse.kind: is store, but there is no ClickHouse",
    ],
    [
        "backups of a ClickHouse without a database",
        { ...clickhouse({}), "data.clickhouse": { kind: "cluster" } },
        "serviceBackups.clickhouse.kind: is store, but data.clickhouse.databases names none",
    ],
    [
        "backups of a Qdrant that is not there",
        { "serviceBackups.qdrant": { kind: "store" }, "data.vectors": { kind: "off" } },
        "serviceBackups.qdrant.kind: is store, but there is no Qdrant",
    ],
    [
        "drills of Qdrant that nobody may read a backup for",
        { "aws.identities.vectors-drill": undefined },
        "aws.identities: gives vector-store/vectors-drill no backups.read, and so nobody can practise its restore",
    ],
    [
        "backups of ClickHouse that nobody may write",
        { "aws.identities.clickhouse-backup": undefined },
        "aws.identities: gives clickhouse/clickhouse-backup no backups.write, and so no backup of ClickHouse reaches its store",
    ],
];

export const backupsOnDev: readonly Case[] = [
    [
        "backups of ClickHouse that stay in its cluster",
        clickhouse({}),
        "serviceBackups.clickhouse.kind: is store, which cloud: existing has not",
    ],
    [
        "backups that stay in the cluster that they are to bring back",
        chromadb({}),
        "serviceBackups.chromadb.kind: is store, which cloud: existing has not; a volume of the cluster would be lost with what it is to bring back",
    ],
];
