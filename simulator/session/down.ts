import { lockOwner } from "../system/lock";
import { endProcess } from "../system/processes";
import { answeringCluster, type RunningCluster } from "./cluster";
import { stopCluster } from "./clusterStop";
import { knownRuns } from "./marker";
import { type StatePaths, statePaths, stateRoot } from "./paths";
import { forget } from "./recovery";

/** What a command at work may take to stop what it began, in milliseconds, before it is killed: a stopping engine and a stopping cluster. */
const commandGraceMs = 45_000;

/** What `takeDown` found of one run. */
export interface TakenDown {
    readonly run: string;
    /** Process of a command that was at work and was ended, if one was. */
    readonly interrupted: number | undefined;
    readonly wasRunning: boolean;
}

/**
 * Stops everything of every run in the state folder: a command at work, a cluster, and what a crashed run left.
 *
 * @param options.delete also forget their state
 */
export async function takeDown(options: {
    readonly delete: boolean;
    readonly root?: string;
}): Promise<readonly TakenDown[]> {
    const root = options.root ?? stateRoot();
    const found: TakenDown[] = [];
    for (const run of knownRuns(root)) found.push(await takeDownRun(run, statePaths(run, root), options.delete));
    return found;
}

async function takeDownRun(run: string, paths: StatePaths, deleteState: boolean): Promise<TakenDown> {
    const owner = lockOwner(paths.lock);
    if (owner !== undefined && owner.pid !== process.pid) await endProcess(owner, commandGraceMs);
    const running: RunningCluster | undefined = await answeringCluster(paths);
    await stopCluster(paths);
    if (deleteState) forget(paths);
    return { run, interrupted: owner?.pid, wasRunning: running !== undefined };
}
