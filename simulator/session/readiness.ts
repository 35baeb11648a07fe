import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault";
import { type PodStatus, readAutoscalers, readPods, readWorkloads, type WorkloadStatus } from "./inventory";
import type { ApiClient } from "./kubernetes";

/** requirements/001: the system must be ready within 300 s. */
const readyWithinMs = 300_000;
const pollMs = 250;

export interface Readiness {
    readonly pods: readonly PodStatus[];
    readonly workloads: readonly WorkloadStatus[];
}

interface WaitOptions {
    readonly signal: AbortSignal;
    /** Called whenever the number of ready pods changes. */
    readonly progress: (ready: number, pods: number) => void;
    /** @default 300 000 */
    readonly withinMs?: number;
}

/**
 * Waits until every workload has all its replicas, every autoscaler its minimum, and every pod is ready.
 *
 * @throws Fault naming the pods that are not ready when the time is up
 */
export async function waitUntilReady(api: ApiClient, options: WaitOptions): Promise<Readiness> {
    const deadline = Date.now() + (options.withinMs ?? readyWithinMs);
    let last = "";
    for (;;) {
        const [pods, workloads, scalers] = await Promise.all([readPods(api), readWorkloads(api), readAutoscalers(api)]);
        const ready = pods.filter((pod) => pod.ready).length;
        if (`${ready}/${pods.length}` !== last) options.progress(ready, pods.length);
        last = `${ready}/${pods.length}`;
        if (ready === pods.length && [...workloads, ...scalers].every(isComplete)) return { pods, workloads };
        if (Date.now() >= deadline) throw notReady(pods, [...workloads, ...scalers], options.withinMs ?? readyWithinMs);
        await sleep(pollMs, undefined, { signal: options.signal });
    }
}

function isComplete(workload: WorkloadStatus): boolean {
    return workload.ready >= workload.desired;
}

function notReady(pods: readonly PodStatus[], workloads: readonly WorkloadStatus[], withinMs: number): Fault {
    const lines = [
        ...pods.filter((pod) => !pod.ready).map((pod) => `pod ${pod.namespace}/${pod.name}: ${pod.reason}`),
        ...workloads
            .filter((workload) => !isComplete(workload))
            .map(
                ({ kind, namespace, name, ready, desired }) =>
                    `${kind} ${namespace}/${name}: ${ready} of ${desired} ready`,
            ),
    ];
    return new Fault(
        `not everything was ready within ${withinMs / 1000}s:\n  ${lines.join("\n  ")}`,
        "see why with: npx tars kubectl get events -A",
    );
}
