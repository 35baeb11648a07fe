import type { Load } from "./loads";
import type { MeshMode } from "./mesh";
import { meshSidecars } from "./meshSizes";
import type { NodeRole } from "./pools";
import type { Size, StoredSize } from "./workloads";

/** Where vectors are kept, and where others ask for them: requirements/003 names the namespace and the service. */
export const vectorStore = { namespace: "vector-store", store: "qdrant", api: "pinecone-service" } as const;

/** Most pods that the store may have: their names stand in its certificate. */
export const mostVectorPods = 9;

/** Nodes of both, best first: requirements/003 prefers those of the memory pool, which is no reason to wait for one. */
export const vectorRoles = ["memory", "general"] as const satisfies readonly NodeRole[];

/** Quota of requirements/003 (4.1): the least that its namespace has. Ten pods of the service, those of a rollout and the store want more. */
export const vectorQuota = {
    requests: { cpu: "16", memory: "32Gi" },
    limits: { cpu: "32", memory: "64Gi" },
} as const;

/** Where a stack keeps vectors beside what its applications have of their own. */
export type Vectors = { readonly kind: "off" } | Qdrant;

/** A cluster of Qdrant, and the service in front of it. */
export interface Qdrant {
    readonly kind: "qdrant";
    readonly store: StoredSize;
    /** Pods that have each part of a collection for which nobody says another number. */
    readonly replicationFactor: number;
    readonly api: VectorApi;
}

export interface VectorApi {
    /** The owner's. */
    readonly image: { readonly registry: string; readonly repository: string; readonly tag: string };
    readonly size: Size;
    /** Share of the requested cpu at which another pod is added. */
    readonly targetCpuPercent: number;
    readonly clients: readonly VectorClient[];
}

/** Pods that may call the service: both must fit, the namespace and the value of their label `role`. */
export interface VectorClient {
    readonly namespace: string;
    readonly role: string;
}

/** Sizes with what the mesh adds to each pod. */
export function vectorSizes(
    { store, api }: Qdrant,
    mode: MeshMode,
): { readonly store: StoredSize; readonly api: Size } {
    const sidecar = meshSidecars[mode];
    const joined = sidecar && { sidecar };
    return { store: { ...store, ...joined }, api: { ...api.size, ...joined } };
}

/** What it needs room for; on nodes of either role, since pods that the first has no room for land on the second. */
export function vectorLoads(vectors: Vectors, mode: MeshMode): readonly Load[] {
    if (vectors.kind === "off") return [];
    const { store, api } = vectorSizes(vectors, mode);
    const landing = { roles: vectorRoles, overflows: true } as const;
    return [
        { name: vectorStore.store, size: store, ...landing },
        { name: vectorStore.api, size: api, ...landing },
    ];
}
