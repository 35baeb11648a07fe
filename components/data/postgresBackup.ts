import * as pulumi from "@pulumi/pulumi";
import type { BackupStore, FollowedStore } from "../cloud/contract";
import { postgresCluster } from "../foundation/postgresNames";
import { archiverSize } from "../foundation/postgresSizes";
import { containerResources } from "../kubernetes/podParts";
import { archiver } from "./postgresClusterPlan";

/** Folder of the store that the database has for itself. */
export const databaseFolder = "postgres";

/**
 * Where base backups and the log go, compressed on the way. What is older than the days that are asked for goes when the next backup is done, and
 * with it the log that only it needed; where the store locks what it has, it stays below a mark until its time is over.
 *
 * @see https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v0.13.0/config/crd/bases/barmancloud.cnpg.io_objectstores.yaml
 * @see https://cloudnative-pg.io/plugin-barman-cloud/docs/retention/
 */
export function planStore(store: BackupStore, keepDays: number) {
    return {
        retentionPolicy: `${keepDays}d`,
        configuration: {
            ...planPlace(store),
            wal: { compression: "gzip", maxParallel: 4 },
            data: { compression: "gzip", jobs: 2 },
        },
        instanceSidecarConfiguration: {
            resources: containerResources(archiverSize),
            ...planRegion(store),
        },
    };
}

/** Where another database's are, which nothing here writes to or tidies: several files of its log are brought at once. */
export function planFollowedStore(store: FollowedStore) {
    return { configuration: { ...planPlace(store), wal: { maxParallel: 4 } } };
}

function planPlace({ url, login }: FollowedStore) {
    return { destinationPath: pulumi.interpolate`${url}/${databaseFolder}`, ...login };
}

/** Of a store that has one; the container is not told by the store's own section where it has no keys (barman-cloud, pkg/credentials/env.go). */
function planRegion({ config: { region } }: BackupStore) {
    return region === undefined ? {} : { env: [{ name: "AWS_DEFAULT_REGION", value: region }] };
}

/**
 * Once a day at night, and at once for a database that has none: seconds come first here.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/backup.md
 */
export function planSchedule() {
    return {
        schedule: "0 45 1 * * *",
        immediate: true,
        backupOwnerReference: "self",
        cluster: { name: postgresCluster },
        method: "plugin",
        pluginConfiguration: { name: archiver },
    };
}
