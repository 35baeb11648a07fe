import { behindGateway, behindWaypoint, calls, scraped } from "../foundation/calls";
import { type Consumer, ownConsumers } from "../foundation/consumers";
import { selectorOf } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import { postgresJobs } from "../foundation/postgresDrill";
import { postgresLogins } from "../foundation/postgresLogins";
import { instancePorts, postgresOperator } from "../foundation/postgresNames";
import { redisOperator, redisPorts } from "../foundation/redisNames";
import { type MemberName, type WorkloadName, workloadNames } from "../foundation/workloads";
import { images } from "./images";

/** Who calls. */
export type Caller =
    /** Pods of a workload in the same namespace. */
    | { readonly kind: "workload"; readonly name: MemberName }
    /** Pods of another namespace that run under one service account, told from others there by their labels where they have any of their own. */
    | {
          readonly kind: "account";
          readonly namespace: string;
          readonly serviceAccount: string;
          readonly podLabels: Readonly<Record<string, string>>;
      }
    /** Any pod of another namespace. */
    | { readonly kind: "namespace"; readonly name: string };

/** One path that is open; whatever is not listed stays closed. */
export interface AccessPath {
    readonly from: Caller;
    readonly to: MemberName;
    /** TCP ports of the called pods. */
    readonly ports: readonly number[];
    /** Whether calls pass the waypoint: then they arrive from it, and not from who calls. */
    readonly viaWaypoint: boolean;
}

/** A service account of another team, and the workloads that it may call. */
export interface OutsideCaller {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly calls: readonly WorkloadName[];
}

export interface Outside {
    /** The gateway; undefined where none leads to the platform. */
    readonly gateway: Caller | undefined;
    /** Namespace that metrics are scraped from. */
    readonly monitoringNamespace: string;
    readonly callers: readonly OutsideCaller[];
    readonly mode: MeshMode;
    /** Workloads that run in the cluster: paths lead between these alone. @default all of them */
    readonly inCluster?: readonly WorkloadName[];
    /** Whether an operator runs the database, as several instances. @default false */
    readonly isOperated?: boolean;
    /** Whether a job reads all of it, for drills of its restore. @default false */
    readonly isDrilled?: boolean;
    /** Applications that log in to it. @default [] */
    readonly logins?: readonly Consumer[];
    /** Whether its callers come through a pooler. @default false */
    readonly isPooled?: boolean;
    /** Whether an operator runs the cache, as several pods with sentinels beside them. @default false */
    readonly hasSentinels?: boolean;
}

/** TCP ports that the pods of each workload serve. */
export const servedPorts: Readonly<Record<WorkloadName, readonly number[]>> = {
    "tars-backend": Object.values(images.tarsBackend.ports),
    postgres: Object.values(images.postgres.ports),
    redis: Object.values(images.redis.ports),
    chromadb: Object.values(images.chromadb.ports),
    ollama: Object.values(images.ollama.ports),
};

/** Who calls whom in the whole platform. Nothing else gets through. */
export function planPaths({
    gateway,
    monitoringNamespace,
    callers,
    mode,
    inCluster = workloadNames,
    isOperated = false,
    isDrilled = false,
    logins = [],
    isPooled = false,
    hasSentinels = false,
}: Outside): readonly AccessPath[] {
    const monitoring: Caller = { kind: "namespace", name: monitoringNamespace };
    const inside = workloadNames.flatMap((name) => pathsOf({ kind: "workload", name }, calls[name]));
    const outside = [...callers, ...applicationsOf(logins, callers)].flatMap(({ calls: called, ...account }) =>
        pathsOf({ kind: "account", ...account, podLabels: {} }, called),
    );
    return [
        // A gateway passes waypoints by, unless it is told otherwise; and who gathers metrics asks pods, not services.
        ...(gateway === undefined ? [] : pathsOf(gateway, behindGateway)),
        ...pathsOf(monitoring, scraped),
        ...(isOperated ? operatedPaths : []),
        ...(isDrilled ? [jobPath(postgresJobs.manifest)] : []),
        ...(logins.length > 0 && inCluster.includes("postgres") ? [jobPath(postgresLogins)] : []),
        ...(isPooled ? pathsOf({ kind: "workload", name: "postgres-pooler" }, ["postgres"]) : []),
        ...(hasSentinels ? sentinelPaths : []),
        ...[...inside, ...outside]
            .filter(({ to }) => inCluster.includes(to))
            .map((path) => ({
                ...path,
                ...(isPooled && path.to === "postgres" ? pooled : {}),
                viaWaypoint: mode === "ambient" && hasWaypoint(path.to),
            })),
    ];
}

const pooled = { to: "postgres-pooler", ports: [instancePorts.postgres] } as const;

/**
 * What an operated database needs beside its callers: the operator asks each instance how it is and sets it up, and instances follow the one that writes and
 * see whether they are alone.
 *
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/samples/networkpolicy-example.yaml
 * @see https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/docs/src/instance_manager.md (primary isolation)
 */
const operatedPaths: readonly AccessPath[] = [
    { kind: "account" as const, ...postgresOperator },
    { kind: "workload" as const, name: "postgres" as const },
].map((from) => ({
    from,
    to: "postgres",
    ports: [instancePorts.status, instancePorts.postgres],
    viaWaypoint: false,
}));

/** The platform's own jobs ask the instance that writes: a pooler would let others share a session that locks tables, and wait for a server to be set up. */
function jobPath(job: string): AccessPath {
    return {
        from: { kind: "account", namespace: ownConsumers, serviceAccount: job, podLabels: selectorOf(job) },
        to: "postgres",
        ports: [instancePorts.postgres],
        viaWaypoint: false,
    };
}

/** Applications of other teams that log in to the database, each once and unless it calls already. The platform's own say for themselves whom they call. */
function applicationsOf(logins: readonly Consumer[], callers: readonly OutsideCaller[]): readonly OutsideCaller[] {
    const nameOf = ({ namespace, serviceAccount }: Consumer) => `${namespace}/${serviceAccount}`;
    const calling = callers.filter(({ calls: called }) => called.includes("postgres")).map(nameOf);
    const others = logins.filter((each) => each.namespace !== ownConsumers && !calling.includes(nameOf(each)));
    const once = new Map(others.map((each) => [nameOf(each), each]));
    return [...once.values()].map(({ namespace, serviceAccount }) => ({
        namespace,
        serviceAccount,
        calls: ["postgres"],
    }));
}

/**
 * The same of a cache with sentinels: the operator asks all pods what they are and sets them up, pods follow the one that writes, and sentinels watch these
 * and each other.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#sentinels-and-replicas-auto-discovery
 */
const sentinelPaths: readonly AccessPath[] = [
    ...callersOf("redis", ["redis", "redis-sentinel"], redisPorts.redis),
    ...callersOf("redis-sentinel", ["redis-sentinel"], redisPorts.sentinel),
];

function callersOf(to: MemberName, members: readonly MemberName[], port: number): readonly AccessPath[] {
    const callers: readonly Caller[] = [
        { kind: "account", ...redisOperator },
        ...members.map((name) => ({ kind: "workload" as const, name })),
    ];
    return callers.map((from) => ({ from, to, ports: [port], viaWaypoint: false }));
}

function pathsOf(
    from: Caller,
    called: readonly WorkloadName[],
): readonly (AccessPath & { readonly to: WorkloadName })[] {
    return called.map((to) => ({ from, to, ports: servedPorts[to], viaWaypoint: false }));
}

/** Whether calls of a service pass the waypoint where the mesh is ambient. */
export function hasWaypoint(name: string): boolean {
    return behindWaypoint.some((each) => each === name);
}
