import type { Issues } from "../foundation/issues";
import { databasesFor } from "../foundation/postgresLogins";
import type { PostgresCluster } from "../foundation/postgresPlace";
import { archiverSize } from "../foundation/postgresSizes";
import { bytes, formatBytes } from "../foundation/quantities";
import { fixed, type StoredSize, wantedRoles } from "../foundation/workloads";
import type { Data } from "./data";
import { checkFollowing } from "./postgresFollowing";
import { type AskedStack, checkOdd, checkZones, zonesOf } from "./quorumChecks";

/** Share of the volume for data that the one for its log has, and the least of it: ours. A log that the store does not take fills it first. */
const log = { share: 0.2, least: "10Gi" } as const;

/**
 * A database that an operator runs is as many pods as its stack says, none beside them while they are replaced; each has what goes to the store
 * beside the server, and gets exactly what it requests, so that nobody on its node takes anything away from it.
 */
export function databaseSize(size: StoredSize, { postgres }: Data): StoredSize {
    if (postgres.kind !== "cluster") return size;
    const { instances } = postgres;
    return {
        ...size,
        ...fixed(instances),
        limits: size.requests,
        sidecar: archiverSize,
        walStorage: formatBytes(Math.max(Math.ceil(bytes(size.storage) * log.share), bytes(log.least))),
    };
}

/**
 * Adds what a database of several instances cannot be: without a majority, in zones that are not there, beside proxies that its operator does not get
 * past.
 */
export function checkDatabaseCluster({ common, settings, pools }: AskedStack, issues: Issues): void {
    const { postgres } = settings.data;
    if (postgres.kind !== "cluster") return;
    checkOdd("data.postgres.instances", postgres.instances, issues);
    checkZones("data.postgres.instances", postgres.instances, zonesOf(pools, wantedRoles.postgres), issues);
    checkArchive(postgres, issues);
    checkFollowing(postgres, issues);
    checkPooler(postgres, issues);
    checkDrill(postgres, issues);
    if (settings.mesh.mode === "sidecar") {
        const words = "is cluster, but with a proxy in each pod the mesh takes no call of its operator to an instance";
        issues.add(
            "data.postgres.kind",
            words,
            "set mesh.mode to ambient where the cloud allows it, or inCluster or managed",
        );
    }
    if (common.sizes.postgres?.limits === undefined) return;
    const words = "are given, but an instance gets exactly what it requests";
    issues.add("sizes.postgres.limits", words, "remove them, and set requests");
}

/**
 * Connections that a server takes unless it is told otherwise, less those that it keeps for its owner (max_connections and
 * superuser_reserved_connections).
 *
 * @see https://www.postgresql.org/docs/18/runtime-config-connection.html
 */
const serverConnections = 100 - 3;

/** While its pods are replaced there is one more of them. Each user has connections of its own in each of its databases. */
function checkPooler({ pooler, users }: PostgresCluster, issues: Issues): void {
    if (pooler === undefined) return;
    const { instances, connections, clients } = pooler;
    const pairs = 1 + Object.values(users).flatMap(databasesFor).length;
    const all = (instances + 1) * connections * pairs;
    if (all > serverConnections) {
        const each = pairs === 1 ? "" : ` for each of ${pairs} pairs of database and user`;
        const words = `is ${connections}${each}, so ${instances} pods and the one of an update may have ${all}, but the server takes ${serverConnections}`;
        const most = Math.floor(serverConnections / (instances + 1) / pairs);
        issues.add("data.postgres.pooler.connections", words, `set at most ${most}, or fewer instances`);
    }
    if (clients >= connections) return;
    const words = `is ${clients}, fewer than the ${connections} connections that they are to share`;
    issues.add("data.postgres.pooler.clients", words, `set at least ${connections}, or lower connections`);
}

/**
 * Minutes after which a file of the log goes to the store, full or not (archive_timeout).
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/wal_archiving.md
 */
const archiveMinutes = 5;

function checkDrill({ drill }: PostgresCluster, issues: Issues): void {
    if (drill.kind === "off" || drill.rpoMinutes > archiveMinutes) return;
    const words = `is ${drill.rpoMinutes}, but a file of the log goes to the store every ${archiveMinutes} minutes and takes its time as well`;
    issues.add("data.postgres.drill.rpoMinutes", words, `set more than ${archiveMinutes}`);
}

function checkArchive({ archive, recover }: PostgresCluster, issues: Issues): void {
    if (archive !== recover?.archive) return;
    const words = `is ${archive}, which the database is to be recovered from: it would write over its own past`;
    issues.add("data.postgres.archive", words, `set another, as ${archive}-2, and keep it from then on`);
}
