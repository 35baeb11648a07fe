import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { whenMissing } from "./cache";
import { codeOf } from "./errors";

/** How often the owner of a lock shows that it lives, and others look at it, in milliseconds. */
const beatMs = 1_000;
/** A lock whose owner has not shown itself for so long is dead even if another process has its number now. */
const deadAfterMs = 30_000;

export interface LockOptions {
    readonly signal: AbortSignal;
    /** Called once a beat while another process holds the lock. */
    readonly waiting: (owner: number) => void;
}

/**
 * Run `work` while holding the lock file at `path`; only one process on this machine does at a time. A lock left by a process that
 * died is taken over. Rejects with the signal's reason when it fires while waiting.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
    const token = await acquire(path, options);
    const beat = setInterval(() => {
        const now = new Date();
        // Failing to touch the lock (disk gone) shows in the work itself.
        utimes(path, now, now).catch(() => undefined);
    }, beatMs);
    try {
        return await work();
    } finally {
        clearInterval(beat);
        if ((await readFile(path, "utf8").catch(whenMissing)) === token) await rm(path, { force: true });
    }
}

async function acquire(path: string, { signal, waiting }: LockOptions): Promise<string> {
    const token = JSON.stringify({ pid: process.pid, startedAt: new Date().toISOString(), id: randomUUID() });
    for (;;) {
        signal.throwIfAborted();
        if (await create(path, token)) return token;
        const owner = await readOwner(path);
        if (owner === undefined) continue;
        if (!owner.alive) await takeAway(path, owner.text);
        else {
            waiting(owner.pid);
            await sleep(beatMs, undefined, { signal });
        }
    }
}

async function create(path: string, token: string): Promise<boolean> {
    try {
        const handle = await open(path, "wx", 0o600);
        await handle.writeFile(token);
        await handle.close();
        return true;
    } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        throw error;
    }
}

async function readOwner(path: string): Promise<{ text: string; pid: number; alive: boolean } | undefined> {
    const text = await readFile(path, "utf8").catch(whenMissing);
    const found = await stat(path).catch(whenMissing);
    if (text === undefined || found === undefined) return undefined;
    const recent = Date.now() - found.mtimeMs < deadAfterMs;
    const pid = Number(/"pid":(\d+)/.exec(text)?.[1] ?? Number.NaN);
    // An empty lock is one being written just now, or by a process that died over it.
    return { text, pid, alive: recent && (Number.isNaN(pid) || isRunning(pid)) };
}

/** Remove the dead owner's lock, but not one that a faster process has put in its place meanwhile. */
async function takeAway(path: string, deadOwner: string): Promise<void> {
    const aside = `${path}.${randomUUID()}`;
    const moved = await rename(path, aside).then(() => true, whenMissing);
    if (!moved) return;
    if ((await readFile(aside, "utf8")) !== deadOwner) await link(aside, path).catch(() => undefined);
    await rm(aside, { force: true });
}

/** Whether a process with this number exists, whoever it belongs to. */
export function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return codeOf(error) === "EPERM";
    }
}
