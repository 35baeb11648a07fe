import type { Load } from "./loads";
import { database } from "./postgresNames";
import type { PostgresLogins, PostgresPlace } from "./postgresPlace";
import { fixed, type PodSize, type Size, wantedRoles } from "./workloads";

/** The job that gives applications their logins and databases, and the service account that it runs under. */
export const postgresLogins = "postgres-logins";

/** Keys of an application's Secret. The last is there where the platform knows who vouches for the server before the server is there. */
export const loginKeys = {
    user: "username",
    password: "password",
    host: "host",
    url: "url",
    authority: "ca.crt",
} as const;

/** A database, whose it is, and who else may read in it. */
export interface LogicalDatabase {
    readonly name: string;
    readonly owner: string;
    readonly readers: readonly string[];
}

/** The platform's own database, and one for each application that has one. */
export function databasesOf(users: PostgresLogins): readonly LogicalDatabase[] {
    const readersOf = (name: string) =>
        Object.entries(users).flatMap(([user, { reads }]) => (reads.includes(name) ? [user] : []));
    const owned = Object.entries(users).flatMap(([owner, { owns }]) => (owns === undefined ? [] : [[owns, owner]]));
    return [[database.name, database.user], ...owned].map(([name = "", owner = ""]) => ({
        name,
        owner,
        readers: readersOf(name),
    }));
}

/** Databases in which a user works: its own first. */
export function databasesFor({ owns, reads }: PostgresLogins[string]): readonly string[] {
    return owns === undefined ? reads : [owns, ...reads];
}

/** A shell that calls psql once for each login. The figures are ours. */
const amounts = {
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "50m", memory: "64Mi" },
    scratch: "16Mi",
} as const satisfies PodSize;

export const loginsSize: Size = { ...fixed(1), ...amounts };

/**
 * What the job needs room for, where anybody has a login.
 *
 * @param sidecar what the mesh adds to each pod
 */
export function loginLoads({ users }: PostgresPlace, sidecar: PodSize | undefined): readonly Load[] {
    if (Object.keys(users).length === 0) return [];
    const size = sidecar === undefined ? loginsSize : { ...loginsSize, sidecar };
    return [{ name: postgresLogins, size, roles: wantedRoles.postgres }];
}
