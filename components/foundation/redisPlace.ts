/**
 * What makes room for a new entry when the memory is full: `allkeys` takes any entry, `volatile` only those with a time to live, and `noeviction` refuses
 * to write.
 *
 * @see https://redis.io/docs/latest/develop/reference/eviction/
 */
export const evictionPolicies = [
    "allkeys-lru",
    "allkeys-lfu",
    "volatile-lru",
    "volatile-lfu",
    "volatile-ttl",
    "noeviction",
] as const;
export type EvictionPolicy = (typeof evictionPolicies)[number];

/** Redis that an operator runs: a pod that writes, others that follow it, and sentinels that make one of these write when the first is gone. */
export interface RedisSentinel {
    readonly kind: "sentinel";
    /** Pods that hold the entries, all of them each. One of them writes. */
    readonly replicas: number;
    /** Pods that watch the one that writes. Most of them have to agree on another. */
    readonly sentinels: number;
    /** Sentinels that have to miss the one that writes before they vote. */
    readonly quorum: number;
    /** Seconds without an answer after which a sentinel misses it. */
    readonly downAfterSeconds: number;
    readonly eviction: EvictionPolicy;
    /** GiB of the volume of each pod on which entries outlive it; undefined where nothing is kept. */
    readonly storageGi: number | undefined;
}

/** A cache that the cloud runs: a machine that writes, others that follow it in other zones, and one name for whichever writes. */
export interface ManagedRedis {
    readonly kind: "managed";
    /** Name that the cloud has for each machine; undefined for the cloud's own default of the environment. */
    readonly size: string | undefined;
    /** Machines that hold the entries, all of them each. One of them writes. */
    readonly replicas: number;
    readonly eviction: EvictionPolicy;
    /** Days that the cloud keeps a snapshot of each night; undefined where nothing is kept. */
    readonly snapshotDays: number | undefined;
}

/** Where the platform's cache runs: in one pod of the cluster, in several by an operator, or as a service of the cloud. */
export type RedisPlace = { readonly kind: "inCluster" } | RedisSentinel | ManagedRedis;

/** How much memory and how many cores a machine for caches has. */
export interface CacheMachine {
    readonly vcpus: number;
    readonly memoryGi: number;
}
