import { z } from "zod";
import { mostVectorPods, type Qdrant, type Vectors } from "../foundation/vectors";
import { fixed, type Size, type StoredSize } from "../foundation/workloads";
import { count, distinct, dnsLabel, labelValue, switchedOff } from "./fields";
import { ownImage } from "./ownImage";
import { changed, changedStored, replicas, sizeChange, storage } from "./sizeChanges";
import type { Environment } from "./sizing";

const store = z
    .strictObject({
        replicas: count(1, mostVectorPods)
            .optional()
            .meta({
                description: "pods with volumes of their own, an odd number; without it 3 in production and 1 before",
                examples: [3],
            }),
        replicationFactor: count(1, mostVectorPods)
            .optional()
            .meta({
                description:
                    "pods that have each part of a collection that says no number itself; without it 2, or 1 of a single pod",
                examples: [2],
            }),
        ...sizeChange,
        storage,
    })
    .prefault({})
    .meta({ description: "the cluster of Qdrant" });

const client = z.strictObject({
    namespace: dnsLabel().meta({ description: "namespace of the calling pods", examples: ["api-gateway"] }),
    role: labelValue().meta({ description: "value of their label `role`", examples: ["client"] }),
});

const api = z
    .strictObject({
        // The version of requirements/003; like every image of an owner's it is there once somebody has built it.
        image: ownImage({ repository: "pinecone-service", tag: "1.0.0", example: "1.2.0" }),
        replicas,
        targetCpuPercent: count(1, 100)
            .default(70)
            .meta({ description: "share of the requested cpu at which another pod is added", examples: [70] }),
        clients: distinct(client)
            .default([{ namespace: "api-gateway", role: "client" }])
            .meta({ description: "pods that may call it: in this namespace, and with this label" }),
        ...sizeChange,
    })
    .prefault({})
    .meta({ description: "pinecone-service, which stands before it" });

export const vectors = z
    .discriminatedUnion("kind", [
        switchedOff("nowhere"),
        z.strictObject({
            kind: z.literal("qdrant").meta({ description: "in a cluster of Qdrant", examples: ["qdrant"] }),
            store,
            api,
        }),
    ])
    .prefault({ kind: "off" })
    .meta({
        description: "where vectors are kept that any service may ask for (docs/vectors.md)",
        examples: [{ kind: "qdrant" }],
    });

interface VectorSizes {
    readonly store: StoredSize;
    readonly api: Size;
}

const little = {
    store: {
        ...fixed(1),
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { cpu: "1", memory: "1Gi" },
        scratch: "1Gi",
        storage: "10Gi",
    },
    api: {
        replicas: { min: 2, max: 3 },
        surge: 1,
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
        scratch: "256Mi",
    },
} as const satisfies VectorSizes;

/**
 * Sizes by environment. Those of the service in production are requirements/003's: requests 2 and 4Gi, limits 4 and 8Gi, 2 to 10 pods (2.1 and 4.2). All others
 * are ours: a pod of Qdrant holds in 8Gi what its makers reckon for some 1.8 million vectors of 768 numbers (number x dimensions x 4 bytes x 1.5), and is
 * bound by memory, which it therefore gets all of at once.
 *
 * @see https://qdrant.tech/documentation/capacity-planning/
 */
export const vectorSizing = {
    dev: little,
    staging: little,
    production: {
        store: {
            ...fixed(3),
            requests: { cpu: "2", memory: "8Gi" },
            limits: { cpu: "4", memory: "8Gi" },
            scratch: "4Gi",
            storage: "100Gi",
        },
        api: {
            replicas: { min: 2, max: 10 },
            surge: 1,
            requests: { cpu: "2", memory: "4Gi" },
            limits: { cpu: "4", memory: "8Gi" },
            scratch: "1Gi",
        },
    },
} as const satisfies Readonly<Record<Environment, VectorSizes>>;

/** The stack's words, with the environment's where it has none. */
export function resolveVectors(settings: z.output<typeof vectors>, environment: Environment): Vectors {
    if (settings.kind === "off") return settings;
    const own = vectorSizing[environment];
    const { replicas: pods = own.store.replicas.min, replicationFactor, ...storeChange } = settings.store;
    const { image, targetCpuPercent, clients, ...apiChange } = settings.api;
    const size = { ...changedStored(own.store, storeChange), replicas: { min: pods, max: pods } };
    return {
        kind: "qdrant",
        store: size,
        replicationFactor: replicationFactor ?? Math.min(2, pods),
        api: { image, targetCpuPercent, clients, size: changed(own.api, apiChange) },
    } satisfies Qdrant;
}
