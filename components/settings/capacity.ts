import { type Demand, demandAtPeak, demandAtRest } from "../foundation/demand";
import type { Issues } from "../foundation/issues";
import { type Load, type Loads, mayLandOn, withoutAgents } from "../foundation/loads";
import { type NodePoolPlan, nodesWithoutZone } from "../foundation/pools";
import { bytes, formatBytes, formatMillicores, millicores, type NodeAmounts } from "../foundation/quantities";
import { workloadNames } from "../foundation/workloads";
import { amountsOf, sum } from "./sums";

/**
 * Refuses pools that cannot hold what lands on them: with all zones every autoscaler at its maximum while everything is rolled out, without
 * one zone every workload at rest. The maximum without a zone is nobody's promise: `shortWithoutZone` tells what would be missing.
 */
export function checkCapacity(loads: Loads, pools: readonly NodePoolPlan[], issues: Issues): void {
    for (const { pool, landing } of placed(loads, pools)) {
        checkBounds(pool, issues);
        checkPeak(pool, landing, issues);
        checkZoneLoss(pool, landing, issues);
        for (const load of landing) checkPodFits(load, pool, issues);
    }
}

/** Each pool, as it is after what runs on each of its nodes, with what lands on it. */
function placed({ pods, agents }: Loads, pools: readonly NodePoolPlan[]) {
    const roles = new Set(pools.map(({ role }) => role));
    return pools.map((pool) => ({
        pool: withoutAgents(pool, agents),
        landing: pods.filter((load) => mayLandOn(load, roles).includes(pool.role)),
    }));
}

const sizesOf = (loads: readonly Load[]) => loads.map(({ size }) => size);

function checkBounds({ key, nodes }: NodePoolPlan, issues: Issues): void {
    if (nodes.min <= nodes.max) return;
    issues.add(`${key}.nodes`, `min is ${nodes.min} and max is ${nodes.max}`, `set max to at least ${nodes.min}`);
}

function checkPeak(pool: NodePoolPlan, landing: readonly Load[], issues: Issues): void {
    const { key, nodes, allocatable } = pool;
    const need = demandAtPeak(sizesOf(landing));
    const fix = `give the cluster more or larger nodes (${key}), or lower replicas or requests`;
    for (const { name, of, format, unit } of lacking(need, pool, nodes.max)) {
        const needed = `${format(of(need))}: ${sum(landing, name)}`;
        issues.add(key, `${nodes.max} x ${allocatable[name]}${unit} cannot hold ${needed}`, fix);
    }
    if (need.pods > nodes.max * pool.pods) {
        issues.add(key, `${nodes.max} nodes of ${pool.pods} pods each cannot hold ${need.pods} pods`, fix);
    }
    if (pool.role !== "gpu" || need.pods <= nodes.max * pool.gpus) return;
    const short = `${nodes.max} nodes of ${pool.gpus} GPUs each cannot hold ${need.pods} pods that want one`;
    issues.add(key, short, "choose machines with GPUs, more of them, or a sharing plan");
}

function checkZoneLoss(pool: NodePoolPlan, landing: readonly Load[], issues: Issues): void {
    const { key, allocatable, zones } = pool;
    const left = nodesWithoutZone(pool);
    const need = demandAtRest(sizesOf(landing));
    for (const { name, of, format, unit } of lacking(need, pool, left)) {
        const short = `with one of ${zones} zones lost, ${left} x ${allocatable[name]}${unit} cannot hold what is there at rest: ${format(of(need))}`;
        issues.add(key, short, "raise nodes.max, or lower replicas.min or requests");
    }
}

/** What a pool lacks to keep every autoscaler at its maximum while one of its zones is lost; empty when nothing. */
export function shortWithoutZone(loads: Loads, pools: readonly NodePoolPlan[]): readonly string[] {
    return placed(loads, pools).flatMap(({ pool, landing }) => {
        // What overflows waits nowhere but on the last of its roles.
        const waiting = landing.filter(({ roles, overflows }) => overflows === undefined || roles.at(-1) === pool.role);
        const need = demandAtPeak(sizesOf(waiting));
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

function checkPodFits({ name, size }: Load, { key, allocatable }: NodePoolPlan, issues: Issues): void {
    const pod = amountsOf(size);
    if (nodeResources.every(({ name, measure }) => measure(pod[name]) <= measure(allocatable[name]))) return;
    const words = ({ cpu, memory, storage }: NodeAmounts) => `${cpu} cpu, ${memory} and ${storage} of disk`;
    const short = `one pod requests ${words(pod)}, a node has ${words(allocatable)}`;
    const known = workloadNames.find((workload) => workload === name);
    if (known !== undefined) issues.add(`sizes.${known}`, short, "lower requests or scratch, or use larger nodes");
    else issues.add(key, `${name}: ${short}`, "use larger nodes");
}
