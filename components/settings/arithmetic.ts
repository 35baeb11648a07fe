import { totalDemand } from "../foundation/demand";
import type { Issues } from "../foundation/issues";
import type { NodePoolPlan, NodeRole } from "../foundation/pools";
import { type Amounts, bytes, formatBytes, formatMillicores, millicores } from "../foundation/quantities";
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
    const { cpu, memory } = allocatable;
    const fix = `give the cluster more or larger nodes (${key}), or lower replicas or requests`;
    if (need.requestedCpu > count * millicores(cpu)) {
        const needed = `${formatMillicores(need.requestedCpu)}: ${sum(sizes, "cpu", names)}`;
        issues.add(key, `${count} x ${cpu} cores cannot hold ${needed}`, fix);
    }
    if (need.requestedMemory > count * bytes(memory)) {
        const needed = `${formatBytes(need.requestedMemory)}: ${sum(sizes, "memory", names)}`;
        issues.add(key, `${count} x ${memory} cannot hold ${needed}`, fix);
    }
    for (const name of names) checkPodFits(name, sizes[name].requests, allocatable, issues);
}

function checkPodFits(name: WorkloadName, requests: Amounts, node: Amounts, issues: Issues): void {
    const fits = millicores(requests.cpu) <= millicores(node.cpu) && bytes(requests.memory) <= bytes(node.memory);
    if (fits) return;
    const short = `one pod requests ${requests.cpu} cpu and ${requests.memory}, a node has ${node.cpu} cpu and ${node.memory}`;
    issues.add(`sizes.${name}.requests`, short, "lower the requests or use larger nodes");
}

/** The sum in full, such as `tars-backend (10 + 1) x 1 + postgres 1 x 500m`. */
function sum(sizes: Sizes, resource: keyof Amounts, names: readonly WorkloadName[] = workloadNames): string {
    const terms = names.map((name) => {
        const { replicas, surge, requests } = sizes[name];
        const pods = surge === 0 ? `${replicas.max}` : `(${replicas.max} + ${surge})`;
        return `${name} ${pods} x ${requests[resource]}`;
    });
    return terms.join(" + ");
}
