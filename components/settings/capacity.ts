import { type Demand, restDemand, totalDemand } from "../foundation/demand";
import type { Issues } from "../foundation/issues";
import { type NodePoolPlan, nodesWithoutZone } from "../foundation/pools";
import { bytes, formatBytes, formatMillicores, millicores, type NodeAmounts } from "../foundation/quantities";
import { roleOf, type Size, type Sizes, type WorkloadName, workloadNames } from "../foundation/workloads";
import { amountsOf, sum } from "./sums";

/**
 * Refuses pools that cannot hold what lands on them: with all zones every autoscaler at its maximum while everything is rolled out, without
 * one zone every workload at rest. The maximum without a zone is nobody's promise: `shortWithoutZone` tells what would be missing.
 */
export function checkCapacity(sizes: Sizes, pools: readonly NodePoolPlan[], issues: Issues): void {
    const roles = new Set(pools.map(({ role }) => role));
    for (const pool of pools) {
        const names = workloadNames.filter((name) => roleOf(name, roles) === pool.role);
        checkBounds(pool, issues);
        checkPeak(pool, sizes, names, issues);
        checkZoneLoss(pool, sizes, names, issues);
        for (const name of names) checkPodFits(name, sizes[name], pool, issues);
    }
}

function checkBounds({ key, nodes }: NodePoolPlan, issues: Issues): void {
    if (nodes.min <= nodes.max) return;
    issues.add(`${key}.nodes`, `min is ${nodes.min} and max is ${nodes.max}`, `set max to at least ${nodes.min}`);
}

function checkPeak(pool: NodePoolPlan, sizes: Sizes, names: readonly WorkloadName[], issues: Issues): void {
    const { key, nodes, allocatable } = pool;
    const need = totalDemand(sizes, names);
    const fix = `give the cluster more or larger nodes (${key}), or lower replicas or requests`;
    for (const { name, of, format, unit } of lacking(need, pool, nodes.max)) {
        const needed = `${format(of(need))}: ${sum(sizes, name, names)}`;
        issues.add(key, `${nodes.max} x ${allocatable[name]}${unit} cannot hold ${needed}`, fix);
    }
    if (need.pods > nodes.max * pool.pods) {
        issues.add(key, `${nodes.max} nodes of ${pool.pods} pods each cannot hold ${need.pods} pods`, fix);
    }
    if (pool.role !== "gpu" || need.pods <= nodes.max * pool.gpus) return;
    const short = `${nodes.max} nodes of ${pool.gpus} GPUs each cannot hold ${need.pods} pods that want one`;
    issues.add(key, short, "choose machines with GPUs, more of them, or a sharing plan");
}

function checkZoneLoss(pool: NodePoolPlan, sizes: Sizes, names: readonly WorkloadName[], issues: Issues): void {
    const { key, allocatable, zones } = pool;
    const left = nodesWithoutZone(pool);
    const need = restDemand(sizes, names);
    for (const { name, of, format, unit } of lacking(need, pool, left)) {
        const short = `with one of ${zones} zones lost, ${left} x ${allocatable[name]}${unit} cannot hold what is there at rest: ${format(of(need))}`;
        issues.add(key, short, "raise nodes.max, or lower replicas.min or requests");
    }
}

/** What a pool lacks to keep every autoscaler at its maximum while one of its zones is lost; empty when nothing. */
export function shortWithoutZone(sizes: Sizes, pools: readonly NodePoolPlan[]): readonly string[] {
    const roles = new Set(pools.map(({ role }) => role));
    return pools.flatMap((pool) => {
        const names = workloadNames.filter((name) => roleOf(name, roles) === pool.role);
        const need = totalDemand(sizes, names);
        const left = nodesWithoutZone(pool);
        return lacking(need, pool, left).map(
            ({ name, of, format, unit }) =>
                `${pool.key}: ${left} x ${pool.allocatable[name]}${unit} of ${format(of(need))} at the maximum`,
        );
    });
}

function lacking(need: Demand, { allocatable }: NodePoolPlan, nodes: number) {
    return nodeResources.filter(({ name, of, measure }) => of(need) > nodes * measure(allocatable[name]));
}

const nodeResources = [
    {
        name: "cpu",
        of: (need: Demand) => need.requestedCpu,
        measure: millicores,
        format: formatMillicores,
        unit: " cores",
    },
    { name: "memory", of: (need: Demand) => need.requestedMemory, measure: bytes, format: formatBytes, unit: "" },
    { name: "storage", of: (need: Demand) => need.scratch, measure: bytes, format: formatBytes, unit: " of disk" },
] as const;

function checkPodFits(workload: WorkloadName, size: Size, { allocatable }: NodePoolPlan, issues: Issues): void {
    const pod = amountsOf(size);
    if (nodeResources.every(({ name, measure }) => measure(pod[name]) <= measure(allocatable[name]))) return;
    const words = ({ cpu, memory, storage }: NodeAmounts) => `${cpu} cpu, ${memory} and ${storage} of disk`;
    const short = `one pod requests ${words(pod)}, a node has ${words(allocatable)}`;
    issues.add(`sizes.${workload}`, short, "lower requests or scratch, or use larger nodes");
}
