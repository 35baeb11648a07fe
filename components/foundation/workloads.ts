import type { NodeRole } from "./pools";
import type { Amounts, Bytes } from "./quantities";

/** Everything of this platform that runs pods, by the name that its objects have in the cluster. */
export const workloadNames = ["tars-backend", "postgres", "redis", "chromadb", "ollama"] as const;
export type WorkloadName = (typeof workloadNames)[number];

/** The same with what an operator puts beside one of them, and calls or is called as well. */
export const memberNames = [...workloadNames, "postgres-pooler", "redis-sentinel"] as const;
export type MemberName = (typeof memberNames)[number];

/** Roles of nodes that a workload's pods land on, best first: the first that the cluster has takes them all. */
export const wantedRoles = {
    "tars-backend": ["general"],
    postgres: ["general"],
    redis: ["general"],
    chromadb: ["general"],
    // Without GPUs it runs on CPUs, and wants many of them.
    ollama: ["gpu", "compute", "general"],
} as const satisfies Readonly<Record<WorkloadName, readonly NodeRole[]>>;

/** What one pod gets, or one container of it. */
export interface PodSize {
    /** What the scheduler reserves for a pod. */
    readonly requests: Amounts;
    /** Where the kernel stops a pod. */
    readonly limits: Amounts;
    /** Node disk that a pod may fill with scratch files and logs. */
    readonly scratch: Bytes;
}

/** How many pods of a workload there may be, and what each of them gets. */
export interface Size extends PodSize {
    /** Pods at rest, and the most that autoscaling may make of them. */
    readonly replicas: { readonly min: number; readonly max: number };
    /** Pods beyond `replicas` while an update is rolled out. */
    readonly surge: number;
    /**
     * What comes into each pod beside its own container: the proxy of a mesh.
     * @default undefined - nothing
     */
    readonly sidecar?: PodSize;
}

/** So many pods, none beside them while they are replaced: what holds a volume, or an operator replaces by its own rules. */
export function fixed(count: number): Pick<Size, "replicas" | "surge"> {
    return { replicas: { min: count, max: count }, surge: 0 };
}

/** Size of a workload that keeps data. */
export interface StoredSize extends Size {
    /** Volume of each pod. */
    readonly storage: Bytes;
    /** A second volume of each pod, for a log that is written before the data. @default undefined - it is with the data */
    readonly walStorage?: Bytes;
    /** A further volume of each pod, slower and cheaper, for what is old. @default undefined - there is none */
    readonly coldStorage?: Bytes | undefined;
}

export interface Sizes extends Readonly<Record<WorkloadName, Size>> {
    readonly postgres: StoredSize;
    readonly chromadb: StoredSize;
    readonly ollama: StoredSize;
}
