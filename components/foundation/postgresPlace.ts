import type { Consumer } from "./consumers";

/**
 * Major versions that the platform's clouds run: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-versions.html,
 * https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-version-policy
 */
export const postgresVersions = ["17", "18"] as const;
export type PostgresVersion = (typeof postgresVersions)[number];

/** Who logs in to PostgreSQL beside the platform's own, and in which databases. */
export interface PostgresLogin extends Consumer {
    /** The database that is its own; undefined where it has none. */
    readonly owns: string | undefined;
    /** Databases of others in which it reads. */
    readonly reads: readonly string[];
}

/** By the name of the user. */
export type PostgresLogins = Readonly<Record<string, PostgresLogin>>;

/** A PostgreSQL server that the cloud runs, as a stack file asks for it, with the environment's word where it has none. */
export interface ManagedPostgres {
    readonly kind: "managed";
    readonly version: PostgresVersion;
    /** Name that the cloud has for the machine; undefined for the cloud's own default of the environment. */
    readonly size: string | undefined;
    /** Disk to begin with, in GiB. */
    readonly storageGi: number;
    /** What the disk may grow to by itself, in GiB; undefined for what the cloud's plan says. */
    readonly maxStorageGi: number | undefined;
    /** Days back to which the server can be restored, to any second. */
    readonly backupDays: number;
    readonly users: PostgresLogins;
}

/** How long a client keeps its connection to the server: until it leaves, or for a transaction. */
export const poolModes = ["session", "transaction"] as const;

/** PgBouncer before the instance that writes, which shares few connections among many clients. */
export interface PostgresPooler {
    /** Pods of it. */
    readonly instances: number;
    readonly mode: (typeof poolModes)[number];
    /** Clients that one pod takes. */
    readonly clients: number;
    /** Connections that one pod has to the server, for each pair of database and user. */
    readonly connections: number;
}

/** How the restore of a database of several instances is practised, and what it has to keep. */
export type PostgresDrill =
    | { readonly kind: "off"; readonly because: string }
    | {
          readonly kind: "scheduled";
          /** Minutes within which what is written is in the store, should all instances be lost (RPO). */
          readonly rpoMinutes: number;
          /** Minutes in which a backup is a server again (RTO). */
          readonly rtoMinutes: number;
          /** Days between two drills, a day or a week. */
          readonly everyDays: number;
      };

/** PostgreSQL in the cluster, run by an operator: one instance that writes, others that follow it, and backups in the cloud's store. */
export interface PostgresCluster {
    readonly kind: "cluster";
    readonly version: PostgresVersion;
    /** Pods, each with volumes of its own. One of them writes. */
    readonly instances: number;
    /** Days back to which the database can be restored, to any second. */
    readonly keepDays: number;
    /** Folder of the store that its log and its backups go to. */
    readonly archive: string;
    /** What it begins with, where that is no empty database. */
    readonly recover: PostgresRecovery | undefined;
    /** Whose log it follows, or did before it was promoted. */
    readonly follows: PostgresFollowing | undefined;
    /** What callers come through; undefined where they call the instance itself. */
    readonly pooler: PostgresPooler | undefined;
    readonly drill: PostgresDrill;
    readonly users: PostgresLogins;
}

/** A database as it was, in the backups that it or another one left. */
export interface PostgresRecovery {
    /** Folder of the store that has them. */
    readonly archive: string;
    /** Moment to which it is to come back; undefined for the last that the log knows of. */
    readonly time: string | undefined;
}

/** A database in another region, of which this one is to be what is left should the other be lost. */
export interface PostgresFollowing {
    /** Folder of the followed store that the other's log and backups are in. */
    readonly archive: string;
    /** Whether it writes itself from now on. There is no way back. */
    readonly promoted: boolean;
}

/** Where the platform's database runs: in one pod of the cluster, in several by an operator, or as a server of the cloud. */
export type PostgresPlace = PostgresPod | PostgresCluster | ManagedPostgres;

/** PostgreSQL in one pod. */
export interface PostgresPod {
    readonly kind: "inCluster";
    readonly users: PostgresLogins;
}

/** What callers of a database come through, where there is such a thing. */
export function poolerOf(place: PostgresPlace): PostgresPooler | undefined {
    return place.kind === "cluster" ? place.pooler : undefined;
}

/** The drill of a stack that has one. */
export function drillOf(place: PostgresPlace) {
    return place.kind === "cluster" && place.drill.kind === "scheduled" ? place.drill : undefined;
}

/** Whose log a database follows, or did; undefined where it began by itself. */
export function followingOf(place: PostgresPlace): PostgresFollowing | undefined {
    return place.kind === "cluster" ? place.follows : undefined;
}

/** Whether nobody writes to a database but the log of another. */
export function isFollowing(place: PostgresPlace): boolean {
    return followingOf(place)?.promoted === false;
}

/** How much memory and how many cores a machine for databases has. */
export interface DatabaseMachine {
    readonly vcpus: number;
    readonly memoryGi: number;
}
