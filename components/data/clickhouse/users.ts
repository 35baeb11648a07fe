import {
    backupUser,
    type ClickHouseProfile,
    type ClickHouseQuota,
    type ClickHouseRights,
    type ClickHouseServers,
    type ClickHouseUser,
    clickHouseLoginsOf,
} from "../../foundation/clickHouseNames";
import { bytes } from "../../foundation/quantities";
import { fromSecret, passwordKeys } from "./secrets";
import { below } from "./transport";

/**
 * Users, by the paths of their properties. The user `default` is there in every ClickHouse: its password is known to nobody, and servers call each other by a
 * word of their own.
 *
 * @see https://clickhouse.com/docs/operations/settings/settings-users
 */
export function planUsers(asked: Pick<ClickHouseServers, "users" | "backup">) {
    return Object.assign(
        { "default/password_sha256_hex": fromSecret(passwordKeys.default) },
        ...Object.entries(clickHouseLoginsOf(asked)).map(([name, user]) => below(name, planUser(name, user))),
    );
}

function planUser(name: string, { databases, access, profile, quota }: ClickHouseUser) {
    return {
        password_sha256_hex: fromSecret(passwordKeys.user(name)),
        // From which pods, network policies say; without this the operator would let in servers alone.
        "networks/ip": "::/0",
        profile,
        quota,
        "grants/query": [
            ...databases.map((database) => `GRANT ${inDatabase[access]} ON ${database}.*`),
            ...anywhere[access],
        ],
    };
}

const inDatabase = {
    read: "SHOW, SELECT, dictGet",
    write: "SHOW, SELECT, dictGet, INSERT",
    own: "SHOW, SELECT, dictGet, INSERT, ALTER, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, DROP TABLE, DROP VIEW, DROP DICTIONARY, TRUNCATE, OPTIMIZE",
    copy: "SHOW, SELECT",
    // Nothing that is there is changed: rows go into tables that the same user has just made, where parts must not be put together meanwhile.
    restore: "SHOW, SELECT, INSERT, CREATE TABLE, CREATE VIEW, CREATE DICTIONARY, SYSTEM MERGES",
} as const satisfies Readonly<Record<ClickHouseRights, string>>;

/** Tables are made on all servers at once, and those that lead to others ask them. */
const anywhere = {
    read: [],
    write: [],
    own: ["GRANT CLUSTER, REMOTE ON *.*"],
    copy: [],
    restore: ["GRANT REMOTE ON *.*"],
} as const satisfies Readonly<Record<ClickHouseRights, readonly string[]>>;

/**
 * @see https://clickhouse.com/docs/operations/settings/query-complexity
 * @see https://clickhouse.com/docs/operations/settings/constraints-on-settings
 */
export function planProfiles({ profiles, backup }: Pick<ClickHouseServers, "profiles" | "backup">) {
    const plan = ({ memory, seconds, threads }: ClickHouseProfile) => {
        const most = {
            max_memory_usage: `${bytes(memory)}`,
            max_execution_time: `${seconds}`,
            max_threads: `${threads}`,
        };
        // Or a query might say other ones for itself; 0 would be no bound.
        const bounds = Object.entries(most).map(([name, max]) => below(`constraints/${name}`, { min: "1", max }));
        return Object.assign({}, most, ...bounds);
    };
    return named(backup === undefined ? profiles : { ...profiles, [backupUser]: backup.profile }, plan);
}

/** @see https://clickhouse.com/docs/operations/quotas */
export function planQuotas({ quotas }: Pick<ClickHouseServers, "quotas">) {
    const plan = ({ minutes, queries, readRows, seconds }: ClickHouseQuota) =>
        below("interval", {
            duration: `${minutes * 60}`,
            queries: `${queries}`,
            read_rows: `${readRows}`,
            execution_time: `${seconds}`,
        });
    return named(quotas, plan);
}

function named<Plan>(
    all: Readonly<Record<string, Plan>>,
    plan: (one: Plan) => Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
    return Object.assign({}, ...Object.entries(all).map(([name, one]) => below(name, plan(one))));
}
