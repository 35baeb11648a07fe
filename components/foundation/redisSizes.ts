import type { Copies } from "./copies";
import { type Load, systemRoles } from "./loads";
import type { RedisPlace } from "./redisPlace";
import { fixed, type Size, wantedRoles } from "./workloads";

/**
 * Limits are those of the operator's chart (charts/redis-operator/values.yaml of OT-CONTAINER-KIT/redis-operator), which requests as much; less is ours, for
 * it waits half a minute between one look and the next.
 */
export function redisOperatorSize({ controllers }: Copies): Size {
    return {
        replicas: { min: controllers, max: controllers },
        surge: 1,
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "500Mi" },
        scratch: "64Mi",
    };
}

/** What a sentinel holds is the names of a few pods. The figures are ours. */
export function sentinelSize(sentinels: number): Size {
    return {
        ...fixed(sentinels),
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "200m", memory: "128Mi" },
        scratch: "64Mi",
    };
}

/** What a cache that an operator runs needs room for beside its own pods, in their namespace. */
export function sentinelLoads(place: RedisPlace): readonly Load[] {
    if (place.kind !== "sentinel") return [];
    return [{ name: "redis-sentinel", size: sentinelSize(place.sentinels), roles: wantedRoles.redis }];
}

/** The same in the operator's. */
export function redisOperatorLoads({ kind }: Pick<RedisPlace, "kind">, copies: Copies): readonly Load[] {
    if (kind !== "sentinel") return [];
    return [{ name: "redis-operator", size: redisOperatorSize(copies), roles: systemRoles }];
}
