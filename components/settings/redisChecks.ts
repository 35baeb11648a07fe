import type { Issues } from "../foundation/issues";
import type { NodePoolPlan } from "../foundation/pools";
import { bytes } from "../foundation/quantities";
import type { RedisSentinel } from "../foundation/redisPlace";
import { type Size, wantedRoles } from "../foundation/workloads";
import { checkOdd, checkZones, zonesOf } from "./quorumChecks";
import { majority } from "./redis";
import type { Settings } from "./schema";

/** Adds what a cache with sentinels cannot be: without a majority, in zones that are not there, beside proxies that hide who follows. */
export function checkRedis(settings: Settings, pools: readonly NodePoolPlan[], issues: Issues): void {
    const { redis } = settings.data;
    if (redis.kind !== "sentinel") return;
    checkVotes(redis, issues);
    checkSpread(redis, zonesOf(pools, wantedRoles.redis), issues);
    checkVolume(redis, settings.sizes.redis, issues);
    if (settings.mesh.mode !== "sidecar") return;
    const words = "is sentinel, but with a proxy in each pod all that follow show the same address: none can take over";
    issues.add("data.redis.kind", words, "set mesh.mode to ambient where the cloud allows it, or inCluster");
}

/** Whoever misses the pod that writes, it takes most of all sentinels to choose another. */
function checkVotes({ sentinels, quorum }: RedisSentinel, issues: Issues): void {
    const most = majority(sentinels);
    checkOdd("data.redis.sentinels", sentinels, issues);
    if (sentinels < 3) {
        const words = `is ${sentinels}: when one is lost, none can agree with another`;
        issues.add("data.redis.sentinels", words, "set 3 or more, or data.redis.kind to inCluster");
    }
    if (quorum > sentinels) {
        const words = `is ${quorum}, more than the ${sentinels} sentinels: they would never agree`;
        issues.add("data.redis.quorum", words, `set ${most}, or remove it`);
    }
    if (quorum < most && sentinels >= 3) {
        const words = `is ${quorum}: fewer than most of ${sentinels} sentinels would call a pod lost that others still reach`;
        issues.add("data.redis.quorum", words, `set ${most}, or remove it`);
    }
}

/** In a cluster of one zone there is none to lose. */
function checkSpread({ replicas, sentinels }: RedisSentinel, zones: number, issues: Issues): void {
    if (zones === 1) return;
    checkZones("data.redis.replicas", replicas, zones, issues);
    const left = sentinels - Math.ceil(sentinels / zones);
    if (left >= majority(sentinels)) return;
    const words = `is ${sentinels} in ${zones} zones: with one lost, ${left} would be left, and ${majority(sentinels)} have to agree`;
    issues.add("data.redis.sentinels", words, "give the nodes three zones, or set data.redis.kind to inCluster");
}

/** The log of what is written is as large as the entries, and while it is written anew there are two. */
function checkVolume({ storageGi }: RedisSentinel, { limits }: Size, issues: Issues): void {
    if (storageGi === undefined) return;
    const least = Math.ceil((2 * bytes(limits.memory)) / bytes("1Gi"));
    if (storageGi >= least) return;
    const words = `is ${storageGi}, but entries may take ${limits.memory} of memory, and twice that while they are written anew`;
    issues.add("data.redis.storageGi", words, `set at least ${least}, or lower sizes.redis.limits.memory`);
}
