import { bytes, millicores } from "./quantities";
import { type PodSize, type Size, type Sizes, type StoredSize, type WorkloadName, workloadNames } from "./workloads";

/** Sums over pods: cpu in millicores, the rest in bytes. */
export interface Demand {
    readonly pods: number;
    readonly requestedCpu: number;
    readonly requestedMemory: number;
    readonly limitedCpu: number;
    readonly limitedMemory: number;
    readonly scratch: number;
    readonly volumes: number;
    readonly storage: number;
}

/**
 * Pods beyond `replicas` while an update is rolled out: the new ones ahead of the old, and as many old ones that are still
 * shutting down, because a quota and the scheduler count a pod until it is gone. Never more than there are pods to replace.
 */
export function rolloutPods({ replicas, surge }: Pick<Size, "replicas" | "surge">): number {
    return Math.min(2 * surge, replicas.max);
}

/** What one workload needs when its autoscaler is at the maximum while an update is rolled out. */
export function peakDemand(size: Size | StoredSize): Demand {
    return demandOf(size, size.replicas.max, size.replicas.max + rolloutPods(size));
}

function demandOf(size: Size | StoredSize, replicas: number, pods: number): Demand {
    const parts = size.sidecar === undefined ? [size] : [size, size.sidecar];
    const all = (amount: (part: PodSize) => number) => pods * parts.reduce((sum, part) => sum + amount(part), 0);
    const claims =
        "storage" in size
            ? [size.storage, size.walStorage, size.coldStorage].filter((claim) => claim !== undefined)
            : [];
    return {
        pods,
        requestedCpu: all(({ requests }) => millicores(requests.cpu)),
        requestedMemory: all(({ requests }) => bytes(requests.memory)),
        limitedCpu: all(({ limits }) => millicores(limits.cpu)),
        limitedMemory: all(({ limits }) => bytes(limits.memory)),
        scratch: all(({ scratch }) => bytes(scratch)),
        volumes: replicas * claims.length,
        storage: replicas * claims.reduce((sum, claim) => sum + bytes(claim), 0),
    };
}

/** What the named workloads need at the same time at their peak; without names, all of them. */
export function totalDemand(sizes: Sizes, names: readonly WorkloadName[] = workloadNames): Demand {
    return demandAtPeak(names.map((name) => sizes[name]));
}

/** What pods of these sizes need when every autoscaler is at its maximum and all of them are rolled out at once. */
export function demandAtPeak(sizes: readonly Size[]): Demand {
    return sizes.map(peakDemand).reduce(add, none);
}

/** What pods of these sizes need when nothing is scaled up and nothing is rolled out. */
export function demandAtRest(sizes: readonly Size[]): Demand {
    return sizes.map((size) => demandOf(size, size.replicas.min, size.replicas.min)).reduce(add, none);
}

/** The same with as much cpu and memory as is promised, where it is less. */
export function atLeast(demand: Demand, promised: Promised): Demand {
    return {
        ...demand,
        requestedCpu: Math.max(demand.requestedCpu, millicores(promised.requests.cpu)),
        requestedMemory: Math.max(demand.requestedMemory, bytes(promised.requests.memory)),
        limitedCpu: Math.max(demand.limitedCpu, millicores(promised.limits.cpu)),
        limitedMemory: Math.max(demand.limitedMemory, bytes(promised.limits.memory)),
    };
}

/** What a document gives to a namespace. */
export type Promised = Pick<PodSize, "requests" | "limits">;

const none: Demand = {
    pods: 0,
    requestedCpu: 0,
    requestedMemory: 0,
    limitedCpu: 0,
    limitedMemory: 0,
    scratch: 0,
    volumes: 0,
    storage: 0,
};

function add(a: Demand, b: Demand): Demand {
    return {
        pods: a.pods + b.pods,
        requestedCpu: a.requestedCpu + b.requestedCpu,
        requestedMemory: a.requestedMemory + b.requestedMemory,
        limitedCpu: a.limitedCpu + b.limitedCpu,
        limitedMemory: a.limitedMemory + b.limitedMemory,
        scratch: a.scratch + b.scratch,
        volumes: a.volumes + b.volumes,
        storage: a.storage + b.storage,
    };
}
