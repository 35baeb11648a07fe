import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "./files";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
    readonly pid: number;
    /** When it began, in the words of the operating system; empty where that cannot be told. */
    readonly began: string;
}

/** This process. */
export function thisProcess(): ProcessId {
    return { pid: process.pid, began: beganAt(process.pid) };
}

/** True while that very process runs (also while it is only a zombie's parentless number: false). */
export function isAlive({ pid, began }: ProcessId): boolean {
    if (!isRunning(pid)) return false;
    const now = beganAt(pid);
    return began === "" || now === "" || now === began;
}

/** Whether a process with this number exists, whoever it belongs to. */
export function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return systemCode(error) === "EPERM";
    }
}

/** Start time from /proc where there is one (field 22 of proc_pid_stat(5)), else from ps, which POSIX gives everybody else. */
function beganAt(pid: number): string {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return fields[0] === "Z" ? "ended" : `tick ${fields[19]}`;
    } catch {
        const answer = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
        return answer.error === undefined ? answer.stdout.trim() : "";
    }
}

/**
 * Asks the process to end and waits for it; kills it when it has not ended within `graceMs`.
 *
 * @returns whether it had to be killed
 */
export async function endProcess(target: ProcessId, graceMs: number): Promise<boolean> {
    if (await endsAfter(target, "SIGTERM", graceMs)) return false;
    await endsAfter(target, "SIGKILL", graceMs);
    return true;
}

async function endsAfter(target: ProcessId, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
    if (!isAlive(target)) return true;
    send(target.pid, signal);
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(50)) {
        if (!isAlive(target)) return true;
    }
    return !isAlive(target);
}

/** Signals a process, or a whole group for a negative number; one that has just ended is no error. */
export function send(pid: number, signal: NodeJS.Signals): void {
    try {
        process.kill(pid, signal);
    } catch (error) {
        if (systemCode(error) !== "ESRCH") throw error;
    }
}

/** Numbers of the processes above this one, nearest first, up to and with the first whose command line `last` accepts; empty if there is none. */
export function ancestorsUpTo(last: (command: string) => boolean): readonly number[] {
    const found: number[] = [];
    // Between a script and npm there are at most a shell and a first Node; a few more do no harm.
    for (let pid = process.ppid; pid > 1 && found.length < 6; ) {
        found.push(pid);
        const { parent, command } = lineage(pid);
        if (last(command)) return found;
        pid = parent;
    }
    return [];
}

function lineage(pid: number): { readonly parent: number; readonly command: string } {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return { parent, command: fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") };
    } catch {
        const answer = spawnSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { encoding: "utf8" });
        const [, parent = "0", command = ""] = /^\s*(\d+)\s+(.*)/.exec(answer.stdout ?? "") ?? [];
        return { parent: Number(parent), command };
    }
}
