import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault";
import { clusterFiles } from "../session/clusterFiles";
import { readNodes } from "../session/inventory";
import { apiClient } from "../session/kubernetes";
import type { StatePaths } from "../session/paths";
import { field, numberField, readIfThere, readJsonIfThere } from "../system/files";

/** A node is ready in about a second; draining may take a minute (drainLimit in the host's simulation/drain.go). */
const withinMs = 120_000;
const pollMs = 200;

/** Waits until a pool has all the nodes that the host means it to have, and all are ready; with `desired` undefined, until it has none. */
export async function untilPoolIs(paths: StatePaths, pool: string, desired: number | undefined): Promise<void> {
    const api = apiClient(paths.kubeconfig);
    for (const deadline = Date.now() + withinMs; ; await sleep(pollMs)) {
        const nodes = (await readNodes(api)).filter((node) => node.pool === pool);
        const planned = plannedNodes(paths, pool);
        const ready = nodes.filter((node) => node.ready).length;
        const settled =
            planned?.desired === desired && nodes.length === (planned?.nodes ?? 0) && ready === nodes.length;
        if (settled) return;
        if (Date.now() > deadline) throw notSettled(paths, pool, `${ready} of ${planned?.nodes ?? "unknown"} nodes`);
    }
}

/** What the host plans for a pool, outside of lost zones. */
function plannedNodes(paths: StatePaths, pool: string): { desired: number | undefined; nodes: number } | undefined {
    const files = clusterFiles(paths);
    const plan = field(readJsonIfThere(files.plan), pool);
    if (plan === undefined) return undefined;
    const lost = readJsonIfThere(files.lostZones);
    const standing = Object.entries(Object(field(plan, "zones"))).filter(
        ([zone]) => !(Array.isArray(lost) && lost.includes(zone)),
    );
    const nodes = standing.reduce((sum, [, count]) => sum + (typeof count === "number" ? count : 0), 0);
    return { desired: numberField(plan, "desired"), nodes };
}

function notSettled(paths: StatePaths, pool: string, found: string): Fault {
    const { log } = clusterFiles(paths);
    const said = readIfThere(log)?.trim().split("\n").at(-1) ?? "nothing";
    return new Fault(
        `pool ${pool} is not as wanted after ${withinMs / 1000}s: ${found}; the host says: ${said}`,
        `see ${log}`,
    );
}
