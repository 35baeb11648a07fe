/** The operator of Redis, by its service account and the labels of its pods: those of its chart. */
export const redisOperator = {
    namespace: "redis-operator",
    serviceAccount: "redis-operator",
    podLabels: { name: "redis-operator" },
} as const;

/**
 * Name of the RedisReplication and of the RedisSentinel beside it, of the account of its pods, and the beginning of all that is made for them. It is not
 * that of the cache in one pod, whose Service the operator would take over on the day that a stack changes from one to the other.
 */
export const redisReplication = "redis-ha";

/** Names of both kinds of pods in their labels; that of sentinels is their service account's as well. */
export const redisMembers = { replication: "redis", sentinel: "redis-sentinel" } as const;

/** Service that leads to the pod that writes. @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/api/redisreplication/v1beta2/redisreplication_types_helper.go */
export const masterService = `${redisReplication}-master`;

/** TCP ports of both kinds of pods. @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/internal/controller/common/constants.go */
export const redisPorts = { redis: 6379, sentinel: 26_379 } as const;
