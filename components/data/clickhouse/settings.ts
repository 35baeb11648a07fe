import { type ClickHouseServers, clickHousePorts } from "../../foundation/clickHouseNames";
import { planMetrics } from "./metrics";
import { fromSecret, passwordKeys, replicaUser } from "./secrets";
import { below, planTransport, podLog, removed } from "./transport";

/** Name of the policy by which tables move what is old, and of the volume that they move it to. */
const tiered = "tiered";
export const coldVolume = "cold";
export const coldFolder = "/var/lib/clickhouse-cold";

/**
 * Settings of the servers, which are the same on all of them.
 *
 * @see https://clickhouse.com/docs/operations/server-configuration-parameters/settings
 */
export function planSettings(asked: ClickHouseServers) {
    return {
        ...planPorts(),
        ...planTransport("any"),
        ...planMetrics(),
        // Replicas fetch parts of tables from each other as this user.
        ...below("interserver_http_credentials", {
            user: replicaUser,
            password: fromSecret(passwordKeys.interserver),
        }),
        max_concurrent_queries: `${asked.mostQueries}`,
        ...podLog,
        // Queries that run are let end when a server is told to stop, for less than its pod has.
        shutdown_wait_unfinished_queries: "1",
        shutdown_wait_unfinished: "100",
        ...planLogs(asked.logDays),
        ...planDisks(asked),
    };
}

/** TLS alone: no other port is open, whatever the image's own configuration says. */
function planPorts() {
    const clear = ["tcp_port", "http_port", "mysql_port", "postgresql_port", "interserver_http_port"];
    return {
        ...Object.fromEntries(clear.map((port) => [port, removed])),
        https_port: `${clickHousePorts.https}`,
        tcp_port_secure: `${clickHousePorts.native}`,
        interserver_https_port: `${clickHousePorts.interserver}`,
    };
}

/** Tables of the server about itself: those whose engine the operator writes as a whole, and those that take a time alone. */
const withEngine = ["part_log", "query_log", "trace_log"] as const;
const withTime = [
    "asynchronous_metric_log",
    "backup_log",
    "error_log",
    "latency_log",
    "metric_log",
    "processors_profile_log",
    "query_metric_log",
    "query_views_log",
] as const;

/**
 * How long they are kept, which is for ever where nobody says. What is in the pod's log is in no table.
 *
 * @see https://github.com/ClickHouse/ClickHouse/blob/master/programs/server/config.xml
 */
function planLogs(days: number): Readonly<Record<string, string>> {
    const end = `event_date + INTERVAL ${days} DAY`;
    const engine = `Engine = MergeTree PARTITION BY event_date ORDER BY event_time TTL ${end}`;
    return {
        ...Object.fromEntries(withEngine.map((table) => [`${table}/engine`, engine])),
        ...Object.fromEntries(withTime.map((table) => [`${table}/ttl`, `${end} DELETE`])),
        text_log: removed,
    };
}

/**
 * Tables move what is old to the slower volume when they say so (`TTL day + INTERVAL 30 DAY TO VOLUME 'cold'`), and before that when the faster one is
 * nearly full. The faster is called as in the policy that tables have without it, so that those can be given this one.
 *
 * @see https://clickhouse.com/docs/engines/table-engines/mergetree-family/mergetree#table_engine-mergetree-multiple-volumes
 */
export function planDisks({ coldStorage }: ClickHouseServers): Readonly<Record<string, string>> {
    if (coldStorage === undefined) return {};
    return {
        [`storage_configuration/disks/${coldVolume}/path`]: `${coldFolder}/`,
        ...below(`storage_configuration/policies/${tiered}`, {
            "volumes/default/disk": "default",
            [`volumes/${coldVolume}/disk`]: coldVolume,
            move_factor: "0.1",
        }),
        "merge_tree/storage_policy": tiered,
    };
}

/** A file with what each server does when it starts: databases are on all of them. @see https://clickhouse.com/docs/operations/startup-scripts */
export function planFiles({ databases }: ClickHouseServers): Readonly<Record<string, string>> {
    if (databases.length === 0) return {};
    const scripts = databases.map(
        (database) => `<scripts><query>CREATE DATABASE IF NOT EXISTS ${database}</query></scripts>`,
    );
    const all = scripts.join("");
    return { "config.d/databases.xml": `<clickhouse><startup_scripts>${all}</startup_scripts></clickhouse>` };
}
