import type { Consumer } from "./consumers";
import type { Labels } from "./labels";
import type { Amounts, Bytes } from "./quantities";

/** Namespace of ClickHouse, of Keeper and of the operator that runs both: what the operator may do in a namespace is about them alone. */
export const clickHouseNamespace = "clickhouse";

/** Name of the installation of ClickHouse, and of that of Keeper; and of the one cluster in each. The names of pods and Services are made of them. */
export const clickHouseInstallation = "clickhouse";
export const clickHouseCluster = "main";

/** Name of the chart's release, and so of the operator's Deployment, service account, role and Secret: _helpers.tpl of the chart at 0.25.6. */
export const clickHouseOperator = "altinity-clickhouse-operator";

/** By what the operator tells pods from others. @see https://github.com/Altinity/clickhouse-operator/blob/release-0.25.6/pkg/model/chi/tags/labeler/list.go */
export const shardLabel = "clickhouse.altinity.com/shard";

export const clickHousePods = {
    operator: { "app.kubernetes.io/name": clickHouseOperator, "app.kubernetes.io/instance": clickHouseOperator },
    servers: { "clickhouse.altinity.com/chi": clickHouseInstallation },
    /** @see https://github.com/Altinity/clickhouse-operator/blob/release-0.25.6/pkg/model/chk/tags/labeler/list.go */
    keepers: { "clickhouse-keeper.altinity.com/chk": clickHouseInstallation },
} as const satisfies Readonly<Record<string, Labels>>;

/** Service accounts of pods. */
export const clickHouseAccounts = { servers: "clickhouse", keepers: "clickhouse-keeper" } as const;

/** TCP ports. @see https://github.com/Altinity/clickhouse-operator/blob/release-0.25.6/pkg/apis/clickhouse.altinity.com/v1/type_host.go */
export const clickHousePorts = {
    https: 8443,
    /** ClickHouse's own protocol. */
    native: 9440,
    /** Where replicas fetch parts of tables from each other; the operator's number, whatever is spoken there. */
    interserver: 9009,
    /** Where ClickHouse asks Keeper; the operator's number, whatever is spoken there. */
    keeper: 2181,
    /** Where Keepers vote. */
    raft: 9444,
    /** Where a Keeper says whether it is ready, to the kubelet alone. */
    keeperReady: 9182,
    metrics: 9363,
    operatorMetrics: 9999,
} as const;

/** Service before all servers, and its host. */
export const clickHouseService = "clickhouse";
export const clickHouseHost = `${clickHouseService}.${clickHouseNamespace}.svc`;

/** Secret with the certificate, and no key, of the authority that vouches for servers; and where it is in it. */
export const clickHouseAuthority = { secret: "clickhouse-trust", key: "ca.crt" } as const;

/** Keys of a user's Secret. */
export const clickHouseLoginKeys = { user: "username", password: "password", url: "url" } as const;

/** Secret of a user, in ClickHouse's namespace. */
export const clickHouseLogin = (user: string) => `user-${user}`;

/** Hosts of a layout as the operator names them: by the number of the shard, and by that of the copy in it. */
export function hostsOf(kind: "chi" | "chk", shards: number, replicas: number): readonly string[] {
    return Array.from({ length: shards }, (_, shard) => shard).flatMap((shard) =>
        Array.from(
            { length: replicas },
            (_, replica) => `${kind}-${clickHouseInstallation}-${clickHouseCluster}-${shard}-${replica}`,
        ),
    );
}

/** Versions of long support that the platform runs, oldest first. @see https://github.com/ClickHouse/ClickHouse/blob/master/utils/list-versions/version_date.tsv */
export const clickHouseVersions = ["25.8.20.4", "26.3.1.896"] as const;
export type ClickHouseVersion = (typeof clickHouseVersions)[number];

/** What a user may do in its databases. */
export const clickHouseAccess = ["read", "write", "own"] as const;
export type ClickHouseAccess = (typeof clickHouseAccess)[number];

/** What the platform's own jobs may: read all, or write it back as well. */
export type ClickHouseRights = ClickHouseAccess | "copy" | "restore";

/** User, and profile, of the jobs that back ClickHouse up. */
export const backupUser = "backup";

/** Bounds of one query. */
export interface ClickHouseProfile {
    readonly memory: Bytes;
    readonly seconds: number;
    readonly threads: number;
}

/** Bounds of all queries of a user in some time. */
export interface ClickHouseQuota {
    readonly minutes: number;
    readonly queries: number;
    /** Rows that queries read, together. */
    readonly readRows: number;
    /** Seconds that queries take, together. */
    readonly seconds: number;
}

/** Who may ask for and write data, and where its pods are. */
export interface ClickHouseUser extends Consumer {
    readonly databases: readonly string[];
    readonly access: ClickHouseRights;
    readonly profile: string;
    readonly quota: string;
}

/** ClickHouse in the cluster, by an operator: servers that keep data, and Keepers that have them agree. */
export interface ClickHouseServers {
    readonly kind: "cluster";
    readonly version: ClickHouseVersion;
    readonly shards: number;
    /** Servers that each have all of a shard. */
    readonly replicas: number;
    /** Keepers, which vote. */
    readonly keepers: number;
    /** Volume of each server. */
    readonly storage: Bytes;
    /** A second volume of each server, slower and cheaper, for what tables move there; undefined where there is none. */
    readonly coldStorage: Bytes | undefined;
    /** What each server requests, and gets. */
    readonly server: Amounts;
    /** Queries that a server works on at once. */
    readonly mostQueries: number;
    /** Days that servers keep what they write about themselves. */
    readonly logDays: number;
    /** Days that tables may keep what is in them: who makes a table says so in it, as ClickHouse knows no bound for all of them. */
    readonly keepDays: number;
    readonly databases: readonly string[];
    readonly profiles: Readonly<Record<string, ClickHouseProfile>>;
    readonly quotas: Readonly<Record<string, ClickHouseQuota>>;
    /** Users of the stack file. */
    readonly users: Readonly<Record<string, ClickHouseUser>>;
    /** Who backs it up; undefined where nobody does. */
    readonly backup: { readonly user: ClickHouseUser; readonly profile: ClickHouseProfile } | undefined;
}

/** Everybody who logs in by a password, by name. */
export function clickHouseLoginsOf({
    users,
    backup,
}: Pick<ClickHouseServers, "users" | "backup">): ClickHouseServers["users"] {
    return backup === undefined ? users : { ...users, [backupUser]: backup.user };
}

export type ClickHousePlace = { readonly kind: "off" } | ClickHouseServers;
