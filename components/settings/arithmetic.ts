import { demandAtPeak } from "../foundation/demand";
import type { Issues } from "../foundation/issues";
import type { Loads } from "../foundation/loads";
import type { NodePoolPlan } from "../foundation/pools";
import { bytes, formatBytes, formatMillicores, millicores } from "../foundation/quantities";
import type { Size, WorkloadName } from "../foundation/workloads";
import { checkCapacity } from "./capacity";
import { inCluster, tenantLoads } from "./data";
import type { Settings } from "./schema";
import { checkSize } from "./sizeChecks";
import { sum } from "./sums";

/** Refuses a stack whose figures cannot all be true at once, and shows the sum that proves it. */
export function checkArithmetic(
    settings: Settings,
    system: Loads,
    pools: readonly NodePoolPlan[],
    issues: Issues,
): void {
    for (const name of inCluster(settings)) {
        checkReplicas(name, settings.sizes[name].replicas, issues);
        checkSize(`sizes.${name}`, settings.sizes[name], issues);
    }
    checkQuota(settings, issues);
    checkCapacity(allLoads(settings, system), pools, issues);
}

/** Everything that the stack runs: what serves the rest, and what it is all for. */
export function allLoads(settings: Pick<Settings, "sizes" | "data">, system: Loads): Loads {
    return { ...system, pods: [...tenantLoads(settings), ...system.pods] };
}

function checkReplicas(name: WorkloadName, { min, max }: Size["replicas"], issues: Issues): void {
    if (min <= max) return;
    issues.add(`sizes.${name}.replicas`, `min is ${min} and max is ${max}`, `set max to at least ${min}`);
}

function checkQuota(settings: Settings, issues: Issues): void {
    const { quota } = settings;
    if (quota === undefined) return;
    const loads = tenantLoads(settings);
    const { cpu, memory } = quota.requests;
    const need = demandAtPeak(loads.map(({ size }) => size));
    if (millicores(cpu) < need.requestedCpu) {
        const short = `is ${cpu}, but the pods need ${formatMillicores(need.requestedCpu)}: ${sum(loads, "cpu")}`;
        issues.add(
            "quota.requests.cpu",
            short,
            `set at least "${formatMillicores(need.requestedCpu)}", or lower replicas or requests`,
        );
    }
    if (bytes(memory) < need.requestedMemory) {
        const short = `is ${memory}, but the pods need ${formatBytes(need.requestedMemory)}: ${sum(loads, "memory")}`;
        issues.add(
            "quota.requests.memory",
            short,
            `set at least "${formatBytes(need.requestedMemory)}", or lower replicas or requests`,
        );
    }
}
