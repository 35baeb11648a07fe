import { behindGateway, calls, scraped } from "../foundation/calls";
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
export function planPaths({ gateway, monitoringNamespace, callers }: Outside): readonly AccessPath[] {
    const monitoring: Caller = { kind: "namespace", name: monitoringNamespace };
    const outside = callers.flatMap(({ calls: called, ...account }) =>
        pathsOf({ kind: "account", ...account, podLabels: {} }, called),
    );
    return [
        ...(gateway === undefined ? [] : pathsOf(gateway, behindGateway)),
        ...pathsOf(monitoring, scraped),
        ...workloadNames.flatMap((name) => pathsOf({ kind: "workload", name }, calls[name])),
        ...outside,
    ];
}

function pathsOf(from: Caller, called: readonly WorkloadName[]): readonly AccessPath[] {
    return called.map((to) => ({ from, to, ports: servedPorts[to] }));
}
