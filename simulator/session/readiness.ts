import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault";
import {
    type PodStatus,
    readAutoscalers,
    readPods,
    readWarnings,
    readWorkloads,
    type Warning,
    type WorkloadStatus,
} from "./inventory";
import type { ApiClient } from "./kubernetes";

/** requirements/001: the system must be ready within 300 s. */
export const readyWithinMs = 300_000;
const pollMs = 250;
/** So many of the cluster's own words are shown, newest last: enough for each workload of a stack once, and they still fit a screen. */
const warningsShown = 10;

export interface Readiness {
    readonly pods: readonly PodStatus[];
    readonly workloads: readonly WorkloadStatus[];
}

interface WaitOptions {
    /** Whose things are waited for; what is in other namespaces is the user's own. */
    readonly namespaces: ReadonlySet<string>;
    /** What a person ran, and runs again once it is mended: `tars start --stack dev`. */
    readonly command: string;
    readonly signal: AbortSignal;
    /** Called whenever the number of ready pods changes. */
    readonly progress: (ready: number, pods: number) => void;
    /** @default 300 000 */
    readonly withinMs?: number;
}

/**
 * Waits until every workload in the namespaces has all its replicas, every autoscaler its minimum, and every pod is ready.
 *
 * @throws Fault naming what is not ready, and why in the cluster's own words, when the time is up
 */
export async function waitUntilReady(api: ApiClient, options: WaitOptions): Promise<Readiness> {
    const withinMs = options.withinMs ?? readyWithinMs;
    const deadline = Date.now() + withinMs;
    let last = "";
    for (;;) {
        const { pods, workloads, scalers } = await look(api, options.namespaces);
        const ready = pods.filter((pod) => pod.ready).length;
        if (`${ready}/${pods.length}` !== last) options.progress(ready, pods.length);
        last = `${ready}/${pods.length}`;
        const missing = { pods: pods.filter((pod) => !pod.ready), workloads: [...workloads, ...scalers].filter(lacks) };
        if (missing.pods.length + missing.workloads.length === 0) return { pods, workloads };
        if (Date.now() >= deadline) throw notReady(missing, await readWarnings(api), { ...options, withinMs });
        await sleep(pollMs, undefined, { signal: options.signal });
    }
}

/** Everything in the namespaces, ready or not. */
export async function look(
    api: ApiClient,
    namespaces: ReadonlySet<string>,
): Promise<Readiness & { readonly scalers: readonly WorkloadStatus[] }> {
    const [pods, workloads, scalers] = await Promise.all([readPods(api), readWorkloads(api), readAutoscalers(api)]);
    const isWaitedFor = ({ namespace }: { readonly namespace: string }): boolean => namespaces.has(namespace);
    return {
        pods: pods.filter(isWaitedFor),
        workloads: workloads.filter(isWaitedFor),
        scalers: scalers.filter(isWaitedFor),
    };
}

/** Whether replicas are missing. */
export function lacks(workload: WorkloadStatus): boolean {
    return workload.ready < workload.desired;
}

function notReady(
    { pods, workloads }: Readiness,
    warnings: readonly Warning[],
    { withinMs, command }: { readonly withinMs: number; readonly command: string },
): Fault {
    const lines = [
        ...pods.map((pod) => `pod ${pod.namespace}/${pod.name}: ${pod.reason}`),
        ...workloads.map(
            ({ kind, namespace, name, ready, desired }) => `${kind} ${namespace}/${name}: ${ready} of ${desired} ready`,
        ),
        ...relevant(warnings, [...pods, ...workloads]).map(
            ({ kind, namespace, name, reason, message }) =>
                `event of ${kind} ${namespace}/${name}: ${reason}: ${message}`,
        ),
    ];
    return new Fault(
        `not everything was ready within ${withinMs / 1000}s:\n  ${lines.join("\n  ")}`,
        `correct what these name and run npx ${command} again: it goes on from there`,
    );
}

/** Of the things themselves and what is named after them: a Deployment's ReplicaSets, a StatefulSet's volume claims (data-<pod>). */
function relevant(
    warnings: readonly Warning[],
    things: readonly { readonly namespace: string; readonly name: string }[],
): readonly Warning[] {
    return warnings.filter((warning) => things.some((thing) => isAbout(warning, thing))).slice(-warningsShown);
}

function isAbout(warning: Warning, thing: { readonly namespace: string; readonly name: string }): boolean {
    return warning.namespace === thing.namespace && `-${warning.name}-`.includes(`-${thing.name}-`);
}
