import type { Issues } from "../../foundation/issues";
import { physicalName } from "../../foundation/names";
import { checkCacheMachine, checkMachineZones } from "../../settings/managedRedisChecks";
import type { Settings } from "../../settings/schema";
import type { Environment } from "../../settings/sizing";
import type { CacheServerPlan } from "../contract";
import { cacheMachines, defaultCacheMachines } from "./cacheMachines";
import { nameRules } from "./names";
import type { AwsSettings } from "./settings";

/** Adds a machine that ElastiCache does not have, and more machines than zones. */
export function checkCache({ zones }: AwsSettings, { data: { redis } }: Settings, issues: Issues): void {
    if (redis.kind !== "managed") return;
    checkCacheMachine(redis, cacheMachines, issues);
    checkMachineZones(redis, zones.length, issues);
}

/** What a stack's cache is called in ElastiCache. */
export function cacheName({ name }: Pick<AwsSettings, "name">): string {
    return physicalName(nameRules.cache, name, "redis");
}

/**
 * Valkey is what ElastiCache has gone on with since Redis 7.1, and speaks as Redis does. AWS moves on within the minor version by itself; the
 * provider wants the minor version said.
 *
 * @see https://github.com/aws-cloudformation/cfn-lint/tree/v1.58.0/src/cfnlint/data/schemas/extensions/aws_elasticache_cachecluster (engine_version.json)
 */
const engine = { engine: "valkey", engineVersion: "8.2", family: "valkey8" } as const;

/**
 * What the cache is told of its work. A quarter of its memory stays free of entries by itself, as in pods.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html (reserved-memory-percent)
 */
export function planParameters({ eviction }: Pick<CacheServerPlan, "eviction">) {
    return { family: engine.family, parameters: [{ name: "maxmemory-policy", value: eviction }] };
}

/** Hours of the night in most regions of Europe: snapshots first, then whatever AWS maintains, as of databases. Each takes an hour at least. */
const windows = { snapshotWindow: "00:00-01:00", maintenanceWindow: "sun:02:00-sun:03:00" } as const;

/** What of a cache is settled by the stack alone, before anything stands around it. */
export function planCache(
    section: AwsSettings,
    environment: Environment,
    { size, replicas, snapshotDays = 0 }: Omit<CacheServerPlan, "password" | "eviction">,
) {
    const { snapshotWindow, maintenanceWindow } = windows;
    return {
        replicationGroupId: cacheName(section),
        description: "Cache of the platform",
        engine: engine.engine,
        engineVersion: engine.engineVersion,
        // By hand: what AWS moved on by itself this version would take back, which ElastiCache does by making the cache anew.
        autoMinorVersionUpgrade: false,
        nodeType: size ?? defaultCacheMachines[environment],
        // One part that has all of it: a plain client follows no keys to other machines.
        clusterMode: "disabled",
        numCacheClusters: replicas,
        // The first writes; what is added later goes where AWS puts it.
        preferredCacheClusterAzs: section.zones.slice(0, replicas),
        automaticFailoverEnabled: replicas > 1,
        multiAzEnabled: replicas > 1,
        port: 6379,
        atRestEncryptionEnabled: true,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        // The password before goes on working until the next one, so that pods may change one after the other.
        authTokenUpdateStrategy: "ROTATE",
        snapshotRetentionLimit: snapshotDays,
        ...(snapshotDays === 0 ? {} : { snapshotWindow }),
        maintenanceWindow,
        // What somebody runs is done when it has run, and not in a week.
        applyImmediately: true,
    };
}
