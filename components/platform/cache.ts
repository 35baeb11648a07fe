import type { CacheServer } from "../cloud/contract";
import { ManagedRedis } from "../data/managedRedis";
import { Redis } from "../data/redis";
import { RedisOperator } from "../data/redisOperator";
import { operatorImage } from "../data/redisOperatorValues";
import { RedisSentinel } from "../data/redisSentinel";
import { redisOperator } from "../foundation/redisNames";
import type { Placement } from "../kubernetes/placement";
import type { Mesh } from "../mesh/mesh";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

/** The cache of the cloud that the stack asks for; undefined where it runs in the cluster. */
export function createCacheServer(
    { settings, createCache: create }: PlatformArgs,
    { cachePassword: password }: Pick<GeneratedSecrets, "cachePassword">,
): CacheServer | undefined {
    const { redis } = settings.data;
    if (redis.kind !== "managed") return undefined;
    if (create === undefined) throw new RangeError("a managed cache passed the check of its cloud");
    return create("redis-server", { ...redis, password });
}

/** Who runs the cache; nobody where it is one pod. */
export function createCacheOperator(args: PlatformArgs, watched: string, stage: Stage): RedisOperator | undefined {
    const { data, mesh } = args.settings;
    if (data.redis.kind !== "sentinel") return undefined;
    return new RedisOperator("redis-operator", { place: systemPlace(args), watched, mesh: mesh.mode }, stage);
}

/** Registries of images that only some stacks run. */
export function cacheRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    return data.redis.kind === "sentinel" ? [operatorImage.repository] : [];
}

/** Network policies by which its operator calls what has no address of its own. */
export function cacheCallers({ data }: Pick<Settings, "data">) {
    return data.redis.kind === "sentinel" ? [{ namespace: redisOperator.namespace, name: "api-server" }] : [];
}

interface CachePlan {
    readonly placement: Placement;
    /** Name of the namespace of its callers. */
    readonly namespace: string;
    readonly cacheServer: CacheServer | undefined;
    readonly cacheOperator: RedisOperator | undefined;
    readonly secrets: Pick<GeneratedSecrets, "cachePassword">;
    readonly mesh: Mesh;
}

/** The cache as the rest of the platform knows it, wherever it runs. */
export function createCache(
    { settings: { sizes, secrets: generations, data, tarsRag } }: PlatformArgs,
    { placement, namespace, cacheServer: server, cacheOperator, secrets, mesh }: CachePlan,
    stage: Stage,
): Redis | RedisSentinel | ManagedRedis {
    const { redis: asked } = data;
    if (server !== undefined) {
        const password = secrets.cachePassword;
        return new ManagedRedis("redis", { placement, namespace, server, password, istio: mesh.istio }, stage);
    }
    const passwordGeneration = generations.cacheGeneration;
    const plan = { placement, size: sizes.redis, password: secrets.cachePassword, passwordGeneration };
    if (asked.kind !== "sentinel" || cacheOperator === undefined) return new Redis("redis", plan, stage);
    const behind = { operator: cacheOperator, entrySeconds: tarsRag.redisCacheTtlSeconds };
    return new RedisSentinel("redis", { ...plan, ...behind, asked }, stage);
}
