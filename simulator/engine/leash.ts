import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { send } from "../system/processes";

export interface LeashOptions {
    readonly cwd?: string;
    /** @default this process's environment */
    readonly env?: NodeJS.ProcessEnv;
    /** Ends the command when it fires. */
    readonly signal?: AbortSignal;
    /**
     * Milliseconds between SIGINT and SIGTERM, and again between SIGTERM and SIGKILL.
     * @default 10000 - what an engine needs to finish the calls it has begun and save its state
     */
    readonly graceMs?: number;
    /** @default "pipe" */
    readonly output?: "pipe" | "inherit";
    /**
     * Leaves the command in the foreground of this process's terminal, with its input and output: Ctrl-C and the like reach it as they
     * would without a leash. When this process is gone, the command and all it started are killed at once.
     * @default false
     */
    readonly terminal?: boolean;
}

export interface Ended {
    /** Exit code of the command; 127 when it does not exist, 128 + n when signal n ended it. */
    readonly code: number;
    /** Whether it ended because it was told to (AbortSignal or `stop`). */
    readonly stopped: boolean;
}

export interface LeashedProcess {
    readonly stdout: Readable | null;
    readonly stderr: Readable | null;
    /** Resolves, never rejects, once nothing of the command runs any more. */
    readonly ended: Promise<Ended>;
    /** Ends the command as the AbortSignal does, and waits for it. */
    stop(): Promise<Ended>;
}

/** @source engine/leash.ts - long enough for an engine that is saving its state after the first interrupt */
const defaultGraceMs = 10_000;

/**
 * Start a command that cannot outlive this process: when this process ends in whatever way, the command and everything in its
 * process group is interrupted, then terminated, then killed.
 */
export function spawnOnLeash(command: string, args: readonly string[], options: LeashOptions = {}): LeashedProcess {
    const { terminal = false, output = "pipe", graceMs = defaultGraceMs } = options;
    const place = terminal ? "terminal" : "group";
    const leash = spawn(process.execPath, [join(__dirname, "leashed.js"), place, String(graceMs), command, ...args], {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: options.env ?? process.env,
        // The group must not be the terminal's: Ctrl-C would reach the command at the same moment as this process, which decides.
        detached: !terminal,
        stdio: terminal ? ["inherit", "inherit", "inherit", "pipe"] : ["pipe", output, output],
    });
    let stopped = false;
    const end = () => {
        stopped = true;
        leash.kill("SIGTERM");
    };
    const ended = waitFor(leash, !terminal).then((code) => {
        options.signal?.removeEventListener("abort", end);
        return { code, stopped };
    });
    if (options.signal?.aborted) end();
    else options.signal?.addEventListener("abort", end, { once: true });
    return {
        stdout: leash.stdout,
        stderr: leash.stderr,
        ended,
        stop: () => {
            end();
            return ended;
        },
    };
}

function waitFor(leash: ChildProcess, leadsGroup: boolean): Promise<number> {
    // A leash that is gone is not worth an exception: its exit is what is waited for.
    for (const lifeline of [leash.stdin, leash.stdio[3]]) lifeline?.on("error", () => undefined);
    return new Promise((resolve) => {
        leash.once("error", () => resolve(127));
        leash.once("close", (code, signal) => {
            if (leadsGroup) sweep(leash.pid);
            resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
        });
    });
}

/** What the command left behind in its group ends with it. */
function sweep(group: number | undefined): void {
    if (group !== undefined) send(-group, "SIGKILL");
}
