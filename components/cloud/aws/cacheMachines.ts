import type { CacheMachine } from "../../foundation/redisPlace";
import type { Environment } from "../../settings/sizing";

/**
 * Machines of ElastiCache, all with Graviton processors. T machines have their full speed for a while only. Of the memory a quarter is AWS's
 * own, for snapshots and failovers. AWS sells these in every region of the partition but single new or small ones; it refuses what a region does
 * not have before it makes anything.
 *
 * @see https://aws.amazon.com/elasticache/pricing/ (vCPUs and memory; the same by name: https://dragonflydb.io/finops/elasticache)
 * @see https://github.com/aws-cloudformation/cfn-lint/tree/v1.58.0/src/cfnlint/data/schemas/extensions/aws_elasticache_cachecluster (regions)
 */
export const cacheMachines = {
    "cache.t4g.micro": { vcpus: 2, memoryGi: 0.5 },
    "cache.t4g.small": { vcpus: 2, memoryGi: 1.37 },
    "cache.t4g.medium": { vcpus: 2, memoryGi: 3.09 },
    "cache.m7g.large": { vcpus: 2, memoryGi: 6.38 },
    "cache.m7g.xlarge": { vcpus: 4, memoryGi: 12.93 },
    "cache.m7g.2xlarge": { vcpus: 8, memoryGi: 26.04 },
    "cache.r7g.large": { vcpus: 2, memoryGi: 13.07 },
    "cache.r7g.xlarge": { vcpus: 4, memoryGi: 26.32 },
    "cache.r7g.2xlarge": { vcpus: 8, memoryGi: 52.82 },
} as const satisfies Readonly<Record<string, CacheMachine>>;

/** As much room for entries as a pod in the cluster has in that environment, or the next larger. */
export const defaultCacheMachines = {
    dev: "cache.t4g.small",
    staging: "cache.t4g.small",
    production: "cache.m7g.large",
} as const satisfies Readonly<Record<Environment, keyof typeof cacheMachines>>;
