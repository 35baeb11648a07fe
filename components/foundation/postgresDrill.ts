import { together } from "./dataBackups";
import type { Load } from "./loads";
import { drillOf, type PostgresPlace } from "./postgresPlace";
import { bytes, formatBytes } from "./quantities";
import { fixed, type PodSize, type Size, type StoredSize, wantedRoles } from "./workloads";

/** The jobs by which the restore of a database of several instances is practised, and the service accounts that they run under. */
export const postgresJobs = { manifest: "postgres-manifest", drill: "postgres-drill" } as const;

/** Who reads all tables for a manifest, as the database knows it. */
export const manifestUser = "tars_manifest";

/** Users of a database beside the platform's own: who reads all for a drill, and applications. */
export function postgresUsersOf(place: PostgresPlace): readonly string[] {
    return [...(drillOf(place) === undefined ? [] : [manifestUser]), ...Object.keys(place.users)];
}

/** Secret with the password of one of them. */
export function postgresLogin(user: string): string {
    return `postgres-user-${user.replaceAll("_", "-")}`;
}

/** A program that passes on what it reads: a file of the log at a time, once packed and once not. The figures are ours; nobody has measured them. */
export const drillProgramSize: PodSize = {
    requests: { cpu: "500m", memory: "512Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
    scratch: "256Mi",
};

/** A server that reads a log, and then each table once, for one session. It is smaller than the real one, and no faster for that. */
export const drillServerSize: PodSize = {
    requests: { cpu: "1", memory: "2Gi" },
    limits: { cpu: "1", memory: "2Gi" },
    scratch: "256Mi",
};

export const manifestSize: Size = { ...fixed(1), ...drillProgramSize };

/** The pod of a drill: program and server beside each other, with a volume for what an instance has on two. */
export function postgresDrillSize({ storage, walStorage }: StoredSize): StoredSize {
    if (walStorage === undefined) throw new RangeError("a database of an operator without a volume for its log");
    const both = together(drillProgramSize, drillServerSize);
    return { ...fixed(1), ...both, storage: formatBytes(bytes(storage) + bytes(walStorage)) };
}

/** What the job in the database's namespace needs room for. */
export function manifestLoads(place: PostgresPlace): readonly Load[] {
    return drillOf(place) === undefined
        ? []
        : [{ name: postgresJobs.manifest, size: manifestSize, roles: wantedRoles.postgres }];
}

/** What the drill needs room for. */
export function postgresDrillLoads(place: PostgresPlace, database: StoredSize): readonly Load[] {
    return drillOf(place) === undefined
        ? []
        : [{ name: postgresJobs.drill, size: postgresDrillSize(database), roles: wantedRoles.postgres }];
}
