import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../../simulator/system/processes";

export interface Started {
    readonly process: ChildProcess;
    /** Lines of standard output so far. */
    readonly lines: string[];
    readonly closed: Promise<number | null>;
}

/** Start a Node script and collect its lines. */
export function startNode(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Started {
    const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
    const closed = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    return { process: child, lines, closed };
}

/** Longest wait of a test, in milliseconds: only for a failing one to end, so much longer than anything takes. */
const patienceMs = 60_000;

/** Wait until `condition` gives something. */
export async function until<T>(condition: () => T | undefined | false): Promise<T> {
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
        const value = condition();
        if (value !== undefined && value !== false) return value;
        await sleep(20);
    }
    throw new Error(`waited in vain for: ${condition}`);
}

export async function untilGone(pid: number): Promise<void> {
    await until(() => !isRunning(pid));
}
