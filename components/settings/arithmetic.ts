import { type Demand, rolloutPods, totalDemand } from "../foundation/demand";
import type { Issues } from "../foundation/issues";
import type { NodePoolPlan, NodeRole } from "../foundation/pools";
import { bytes, formatBytes, formatMillicores, millicores, type NodeAmounts } from "../foundation/quantities";
import { type Size, type Sizes, type WorkloadName, workloadNames } from "../foundation/workloads";
import type { Settings } from "./schema";

/** Refuses a stack whose figures cannot all be true at once, and shows the sum that proves it. */
export function checkArithmetic(settings: Settings, pools: readonly NodePoolPlan[], issues: Issues): void {
    for (const name of workloadNames) checkSize(name, settings.sizes[name], issues);
    checkQuota(settings, issues);
    checkCapacity(settings, pools, issues);
}

function checkSize(name: WorkloadName, { replicas, requests, limits }: Size, issues: Issues): void {
    const { min, max } = replicas;
    if (min > max) {
        issues.add(`sizes.${name}.replicas`, `min is ${min} and max is ${max}`, `set max to at least ${min}`);
    }
    if (millicores(requests.cpu) > millicores(limits.cpu)) {
        issues.add(
            `sizes.${name}.requests.cpu`,
            `requests ${requests.cpu} of at most ${limits.cpu}`,
            "raise limits.cpu or lower requests.cpu",
        );
    }
    if (bytes(requests.memory) > bytes(limits.memory)) {
        issues.add(
            `sizes.${name}.requests.memory`,
            `requests ${requests.memory} of at most ${limits.memory}`,
            "raise limits.memory or lower requests.memory",
        );
    }
}

function checkQuota({ quota, sizes }: Settings, issues: Issues): void {
    if (quota === undefined) return;
    const { cpu, memory } = quota.requests;
    const need = totalDemand(sizes);
    if (millicores(cpu) < need.requestedCpu) {
        const short = `is ${cpu}, but the pods need ${formatMillicores(need.requestedCpu)}: ${sum(sizes, "cpu")}`;
        issues.add(
            "quota.requests.cpu",
            short,
            `set at least "${formatMillicores(need.requestedCpu)}", or lower replicas or requests`,
        );
    }
    if (bytes(memory) < need.requestedMemory) {
        const short = `is ${memory}, but the pods need ${formatBytes(need.requestedMemory)}: ${sum(sizes, "memory")}`;
        issues.add(
            "quota.requests.memory",
            short,
            `set at least "${formatBytes(need.requestedMemory)}", or lower replicas or requests`,
        );
    }
}

function checkCapacity({ sizes }: Settings, pools: readonly NodePoolPlan[], issues: Issues): void {
    const hasGpus = pools.some(({ role }) => role === "gpu");
    for (const pool of pools) {
        const names = workloadNames.filter((name) => roleOf(name, hasGpus) === pool.role);
        checkPool(pool, sizes, names, issues);
    }
}

/** The role of the nodes that a workload's pods land on. */
function roleOf(name: WorkloadName, hasGpus: boolean): NodeRole {
    return name === "ollama" && hasGpus ? "gpu" : "general";
}

function checkPool(
    { key, count, allocatable }: NodePoolPlan,
    sizes: Sizes,
    names: readonly WorkloadName[],
    issues: Issues,
): void {
    const need = totalDemand(sizes, names);
    const fix = `give the cluster more or larger nodes (${key}), or lower replicas or requests`;
    for (const { name, of, measure, format, unit } of nodeResources) {
        if (of(need) <= count * measure(allocatable[name])) continue;
        const needed = `${format(of(need))}: ${sum(sizes, name, names)}`;
        issues.add(key, `${count} x ${allocatable[name]}${unit} cannot hold ${needed}`, fix);
    }
    for (const name of names) checkPodFits(name, sizes[name], allocatable, issues);
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

function checkPodFits(workload: WorkloadName, size: Size, node: NodeAmounts, issues: Issues): void {
    const pod = amountsOf(size);
    if (nodeResources.every(({ name, measure }) => measure(pod[name]) <= measure(node[name]))) return;
    const words = ({ cpu, memory, storage }: NodeAmounts) => `${cpu} cpu, ${memory} and ${storage} of disk`;
    const short = `one pod requests ${words(pod)}, a node has ${words(node)}`;
    issues.add(`sizes.${workload}`, short, "lower requests or scratch, or use larger nodes");
}

/** What a pod reserves of a node. */
function amountsOf({ requests, scratch }: Size): NodeAmounts {
    return { ...requests, storage: scratch };
}

/** The sum in full, such as `tars-backend (10 + 1) x 1 + postgres 1 x 500m`. */
function sum(sizes: Sizes, resource: keyof NodeAmounts, names: readonly WorkloadName[] = workloadNames): string {
    const terms = names.map((name) => {
        const { replicas } = sizes[name];
        const more = rolloutPods(sizes[name]);
        const pods = more === 0 ? `${replicas.max}` : `(${replicas.max} + ${more})`;
        return `${name} ${pods} x ${amountsOf(sizes[name])[resource]}`;
    });
    return terms.join(" + ");
}
