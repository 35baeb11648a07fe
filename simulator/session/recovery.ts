import * as fs from "node:fs";
import * as path from "node:path";
import { field, listField, onDisk, readIfThere, readJsonIfThere, textField, writePrivateFile } from "../system/files";
import { thisProcess } from "../system/processes";
import { clusterFiles } from "./clusterFiles";
import { ownNames } from "./marker";
import type { StatePaths } from "./paths";

/** Says that an update is under way; `endUpdate` takes it back. */
export function beginUpdate(paths: StatePaths, command: string): void {
    writePrivateFile(
        paths.updateMarker,
        JSON.stringify({ ...thisProcess(), command, since: new Date().toISOString() }),
    );
}

/**
 * To be called once the engine is gone: the mark stays only where the engine was cut off. One that ended by itself, whether done, failed or
 * interrupted, has saved a whole state and given its lock back.
 */
export function endUpdate(paths: StatePaths, stack: string, project?: string): void {
    if (hasBackendLock(paths) || pendingOperations(readJsonIfThere(stateFile(paths, stack, project))).length > 0)
        return;
    onDisk(paths.updateMarker, () => fs.rmSync(paths.updateMarker, { force: true }));
}

/**
 * Why the state of a run cannot be continued, in words that fit after "beginning afresh: "; undefined when it can.
 * To be asked by the lock's owner only: a marker seen then was left by a dead process.
 *
 * @param ground what the stack's things are in: a cluster that is given, or a simulated cloud, in which there may or may not be one
 */
export function reasonToBeginAfresh(
    paths: StatePaths,
    stack: string,
    ground: "cluster" | "cloud" = "cluster",
): string | undefined {
    const marker = readJsonIfThere(paths.updateMarker);
    const since = textField(marker, "since");
    if (marker !== undefined || fs.existsSync(paths.updateMarker)) {
        return `the last run was cut off within an update${since === undefined ? "" : ` begun at ${since}`}`;
    }
    const state = readIfThere(stateFile(paths, stack));
    const kept = ground === "cloud" ? hasCloud(paths) : clusterHasData(paths);
    if (state === undefined) return kept ? `the ${ground} has data but its stack state is gone` : undefined;
    const checkpoint = readJsonIfThere(stateFile(paths, stack));
    if (checkpoint === undefined) return "the stack state is cut short";
    if (pendingOperations(checkpoint).length > 0) return "the last run was cut off and left operations pending";
    if (listField(latestOf(checkpoint), "resources").length > 0 && !kept) return `the ${ground}'s data is gone`;
    return undefined;
}

function latestOf(checkpoint: unknown): unknown {
    return field(field(checkpoint, "checkpoint"), "latest");
}

/** What the engine had begun and not finished when it saved the state. */
function pendingOperations(checkpoint: unknown): readonly unknown[] {
    return listField(latestOf(checkpoint), "pending_operations");
}

function hasCloud(paths: StatePaths): boolean {
    return fs.existsSync(paths.clouds) || clusterHasData(paths);
}

function clusterHasData(paths: StatePaths): boolean {
    return fs.existsSync(path.join(paths.cluster, "etcd", "member"));
}

/** Where the file backend keeps the stack (pulumi/pkg backend/diy: .pulumi/stacks/<project>/<stack>.json). */
export function stateFile(paths: StatePaths, stack: string, project = "tars-platform"): string {
    return path.join(paths.backend, ".pulumi", "stacks", project, `${stack}.json`);
}

/** Forgets everything about a run whose cluster is down, except who holds its lock. */
export function wipe(paths: StatePaths): void {
    onDisk(paths.directory, () => {
        for (const name of ownNames(paths)) {
            const own = path.join(paths.directory, name);
            if (own !== paths.lock) fs.rmSync(own, { recursive: true, force: true });
        }
    });
}

function hasBackendLock(paths: StatePaths): boolean {
    const locks = backendLocks(paths);
    if (!fs.existsSync(locks)) return false;
    const found = onDisk(locks, () => fs.readdirSync(locks, { recursive: true, withFileTypes: true }));
    return found.some((entry) => entry.isFile());
}

/** Where the file backend keeps its locks, one file an engine at work (pulumi/pkg backend/diy/lock.go). */
function backendLocks(paths: StatePaths): string {
    return path.join(paths.backend, ".pulumi", "locks");
}

/** Forgets everything about a run whose cluster is down. What somebody else put into its folder stays, and so does the folder then. */
export function forget(paths: StatePaths): void {
    wipe(paths);
    onDisk(paths.directory, () => {
        fs.rmSync(paths.lock, { recursive: true, force: true });
        if (fs.existsSync(paths.directory) && fs.readdirSync(paths.directory).length === 0)
            fs.rmdirSync(paths.directory);
    });
}

/**
 * Removes what only a dead process can have left, for whoever holds the run's lock: the backend's own lock of an engine, and the zones that a
 * scenario had lost when it was killed. Without this the machines of these would stay away for ever.
 */
export function removeRemains(paths: StatePaths): void {
    for (const left of [backendLocks(paths), clusterFiles(paths).lostZones])
        onDisk(left, () => fs.rmSync(left, { recursive: true, force: true }));
}
