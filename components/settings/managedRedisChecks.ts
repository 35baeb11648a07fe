import type { Issues } from "../foundation/issues";
import type { ManagedRedis } from "../foundation/redisPlace";
import type { Settings, StackSettings } from "./schema";

/** Adds what a stack says of a cache in pods although it has none, and what no cache of a cloud may be. */
export function checkManagedRedis(common: StackSettings, { data, environment }: Settings, issues: Issues): void {
    const { redis } = data;
    if (redis.kind !== "managed") return;
    if (common.sizes.redis !== undefined) {
        const words = "is the size of a pod, but the cache is machines of the cloud";
        issues.add("sizes.redis", words, "remove it, and set data.redis.size, or keep the cache inCluster");
    }
    common.callers.forEach(({ calls }, index) => {
        if (!calls.includes("redis")) return;
        const words =
            "names redis, which the cloud runs: the mesh carries the platform's own calls to it and nobody else's";
        issues.add(`callers.${index}.calls`, words, "remove redis there, or keep the cache inCluster");
    });
    if (redis.replicas > 1 || environment === "dev") return;
    const words = `is 1, but ${environment} asks for another machine in another zone, which takes over`;
    issues.add("data.redis.replicas", words, "set at least 2, or remove it");
}

/** Adds more machines than zones: the cloud would put two of them where one fault takes both. */
export function checkMachineZones({ replicas }: ManagedRedis, zones: number, issues: Issues): void {
    if (replicas <= zones) return;
    const words = `is ${replicas}, more than the ${zones} zones: two machines would be lost with one`;
    issues.add("data.redis.replicas", words, `set ${zones} or less`);
}

/** Adds a machine that the cloud's table does not have. */
export function checkCacheMachine(
    { size }: ManagedRedis,
    machines: Readonly<Record<string, unknown>>,
    issues: Issues,
): void {
    if (size === undefined || Object.hasOwn(machines, size)) return;
    issues.add(
        "data.redis.size",
        `is ${size}, which is none of the known machines`,
        `choose one of ${Object.keys(machines).join(", ")}`,
    );
}

/** Refuses a cache of the cloud where the platform has none to give. @param why in words that go on a sentence about the kind */
export function refuseManagedRedis({ data: { redis } }: Settings, why: string, issues: Issues): void {
    if (redis.kind !== "managed") return;
    issues.add("data.redis.kind", `is managed, ${why}`, "set inCluster, or remove it; cloud: aws has one");
}
