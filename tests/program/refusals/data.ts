import type { Case } from "./case";

const managed = (more: object) => ({ "data.postgres": { kind: "managed", ...more } });

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

export const dataOnAws: readonly Case[] = [
    ...onCloud,
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
    [
        "a managed database where the platform has none to give",
        managed({}),
        `data.postgres.kind: is managed, which the platform does not do on cloud: ${cloud}`,
    ],
];
