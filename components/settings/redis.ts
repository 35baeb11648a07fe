import { z } from "zod";
import { evictionPolicies, type ManagedRedis, type RedisPlace, type RedisSentinel } from "../foundation/redisPlace";
import { fixed, type Size, type StoredSize } from "../foundation/workloads";
import { count } from "./fields";
import type { Environment } from "./sizing";

const eviction = z
    .enum(evictionPolicies)
    .default("allkeys-lru")
    .meta({ description: "what makes room for a new entry when memory is full", examples: ["volatile-ttl"] });

const sentinel = z.strictObject({
    kind: z
        .literal("sentinel")
        .meta({ description: "pods of the cluster that an operator runs, with sentinels", examples: ["sentinel"] }),
    replicas: count(2, 5)
        .optional()
        .meta({ description: "pods that hold the entries; without it 3 in production and 2 before", examples: [3] }),
    sentinels: count(1, 9)
        .default(3)
        .meta({ description: "pods that watch the one that writes, an odd number", examples: [3] }),
    quorum: count(1, 9)
        .optional()
        .meta({ description: "sentinels that have to miss it; without it most of them", examples: [2] }),
    downAfterSeconds: count(1, 60)
        .default(5)
        .meta({ description: "seconds without an answer after which a sentinel misses it", examples: [5] }),
    eviction,
    storageGi: count(1, 16_384)
        .optional()
        .meta({
            description: "GiB of a volume in each pod, on which entries outlive it; without it nothing is kept",
            examples: [16],
        }),
});

const managed = z.strictObject({
    kind: z.literal("managed").meta({ description: "a cache of the cloud", examples: ["managed"] }),
    size: z
        .string()
        .optional()
        .meta({
            description: "the cloud's name of each machine; without it the environment's (docs/redis.md)",
            examples: ["cache.m7g.large"],
        }),
    replicas: count(1, 6)
        .optional()
        .meta({
            description:
                "machines that hold the entries, each in a zone of its own; without it 3 in production, 2 in staging and 1 in dev",
            examples: [2],
        }),
    eviction,
    snapshotDays: count(1, 35)
        .optional()
        .meta({
            description: "days that a snapshot of each night is kept; without it nothing is kept",
            examples: [7],
        }),
});

/** Where the platform's cache runs. */
export const redis = z
    .discriminatedUnion("kind", [
        z.strictObject({
            kind: z.literal("inCluster").meta({ description: "one pod of the cluster", examples: ["inCluster"] }),
        }),
        sentinel,
        managed,
    ])
    .prefault({ kind: "inCluster" })
    .meta({ description: "where the cache runs", examples: [{ kind: "sentinel" }] });

/** Pods of each environment. In production a zone may go, and a pod that follows is still there for the one that writes. */
export const replicaDefaults = { dev: 2, staging: 2, production: 3 } as const satisfies Readonly<
    Record<Environment, RedisSentinel["replicas"]>
>;

/** Machines of each environment: beyond dev one takes over from another, and in production there is then still one to take over. */
export const machineDefaults = { dev: 1, staging: 2, production: 3 } as const satisfies Readonly<
    Record<Environment, ManagedRedis["replicas"]>
>;

/** The stack's words, with the environment's where it has none. */
export function resolveRedis(place: z.output<typeof redis>, environment: Environment): RedisPlace {
    if (place.kind === "inCluster") return place;
    if (place.kind === "managed") {
        const { size, snapshotDays, replicas = machineDefaults[environment], ...rest } = place;
        return { ...rest, size, replicas, snapshotDays };
    }
    const { replicas, quorum, storageGi, ...rest } = place;
    return {
        ...rest,
        replicas: replicas ?? replicaDefaults[environment],
        quorum: quorum ?? majority(place.sentinels),
        storageGi,
    };
}

/** Fewest of them that no other group of as many can be beside. */
export function majority(sentinels: number): number {
    return Math.floor(sentinels / 2) + 1;
}

/** A cache that an operator runs is as many pods as its stack says, none beside them while they are replaced. */
export function cacheSize(size: Size, place: RedisPlace): Size | StoredSize {
    if (place.kind !== "sentinel") return size;
    const { replicas, storageGi } = place;
    const pods = { ...size, ...fixed(replicas) };
    return storageGi === undefined ? pods : { ...pods, storage: `${storageGi}Gi` };
}
