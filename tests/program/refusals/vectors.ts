import type { Case } from "./case";

const vectors = (more: object = {}) => ({ "data.vectors": { kind: "qdrant", ...more } });
const identity = {
    "aws.identities.qdrant": { namespace: "vector-store", serviceAccount: "qdrant", permissions: ["backups.write"] },
};

/** What a store of vectors cannot be anywhere. */
const anywhere: readonly Case[] = [
    ["vectors in a store that nobody knows", { "data.vectors": { kind: "pinecone" } }, "data.vectors.kind"],
    [
        "a store of vectors that is said to be off and on",
        { "data.vectors": { kind: "off", store: {} } },
        "data.vectors.store",
    ],
    [
        "an even number of pods that keep vectors",
        vectors({ store: { replicas: 4 } }),
        "data.vectors.store.replicas: is 4: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "more copies of vectors than pods",
        vectors({ store: { replicas: 3, replicationFactor: 5 } }),
        "data.vectors.store.replicationFactor: is 5, but there are 3 pods, and none keeps the same part twice",
    ],
    [
        "vectors of which nobody has a copy",
        vectors({ store: { replicas: 3, replicationFactor: 1 } }),
        "data.vectors.store.replicationFactor: is 1: what one of the 3 pods has is lost with it",
    ],
    [
        "a service for vectors with a maximum below its minimum",
        vectors({ api: { replicas: { min: 4, max: 3 } } }),
        "data.vectors.api.replicas: min is 4 and max is 3",
    ],
    [
        "a service for vectors that is away while it is replaced",
        vectors({ api: { replicas: { min: 1 } } }),
        "data.vectors.api.replicas.min: is 1: nobody answers while that one is replaced",
    ],
    [
        "a pod of the store that requests more than it may have",
        vectors({ store: { requests: { memory: "64Gi" } } }),
        "data.vectors.store.requests.memory: requests 64Gi of at most",
    ],
    [
        "clients of vectors in a namespace of the platform's",
        vectors({ api: { clients: [{ namespace: "tars", role: "client" }] } }),
        "data.vectors.api.clients.0.namespace: is tars, which is the platform's own",
    ],
    [
        "an image for vectors from a registry that is not admitted",
        { ...vectors(), "tarsRag.image.registry": "a.example.com", admission: { registries: ["a.example.com"] } },
        "data.vectors.api.image.registry: your-registry/pinecone-service comes from",
    ],
];

export const vectorsElsewhere = anywhere;

export const vectorsOnAws: readonly Case[] = [
    ...anywhere.map(([name, changes, words]): Case => [name, { ...identity, ...changes }, words]),
    [
        "vectors in production on one pod",
        { ...vectors({ store: { replicas: 1 } }), ...identity },
        "data.vectors.store.replicas: is 1: in production no pod's loss may take the majority",
    ],
    [
        "more pods that keep vectors than zones",
        { ...vectors({ store: { replicas: 5 } }), ...identity },
        "data.vectors.store.replicas: is 5, more than the 3 zones of the nodes: two would be lost with one",
    ],
    [
        "vectors whose snapshots nobody may write",
        { ...vectors(), "aws.identities.qdrant": undefined },
        "aws.identities: gives vector-store/qdrant no backups.write, and so no snapshot of vectors reaches the store",
    ],
    [
        "vectors whose snapshots a proxy lets nowhere",
        { ...vectors(), ...identity, "mesh.mode": "sidecar", "data.postgres": { kind: "inCluster" } },
        "data.vectors.kind: is qdrant, but with a proxy in each pod the mesh lets none of its pods call the store of aws",
    ],
];
