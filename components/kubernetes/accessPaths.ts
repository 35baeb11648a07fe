import { behindGateway, behindWaypoint, calls, scraped } from "../foundation/calls";
import type { MeshMode } from "../foundation/mesh";
import { type WorkloadName, workloadNames } from "../foundation/workloads";
import { images } from "./images";

/** Who calls. */
export type Caller =
    /** Pods of a workload in the same namespace. */
    | { readonly kind: "workload"; readonly name: WorkloadName }
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
    readonly to: WorkloadName;
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
}: Outside): readonly AccessPath[] {
    const monitoring: Caller = { kind: "namespace", name: monitoringNamespace };
    const inside = workloadNames.flatMap((name) => pathsOf({ kind: "workload", name }, calls[name]));
    const outside = callers.flatMap(({ calls: called, ...account }) =>
        pathsOf({ kind: "account", ...account, podLabels: {} }, called),
    );
    return [
        // A gateway passes waypoints by, unless it is told otherwise; and who gathers metrics asks pods, not services.
        ...(gateway === undefined ? [] : pathsOf(gateway, behindGateway)),
        ...pathsOf(monitoring, scraped),
        ...[...inside, ...outside]
            .filter(({ to }) => inCluster.includes(to))
            .map((path) => ({
                ...path,
                viaWaypoint: mode === "ambient" && hasWaypoint(path.to),
            })),
    ];
}

function pathsOf(from: Caller, called: readonly WorkloadName[]): readonly AccessPath[] {
    return called.map((to) => ({ from, to, ports: servedPorts[to], viaWaypoint: false }));
}

/** Whether calls of a service pass the waypoint where the mesh is ambient. */
export function hasWaypoint(name: string): boolean {
    return behindWaypoint.some((each) => each === name);
}
