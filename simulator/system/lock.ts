import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault";
import { makePrivateDirectory, numberField, onDisk, readJsonIfThere, systemCode, textField } from "./files";
import { isAlive, type ProcessId, thisProcess } from "./processes";

/** Who holds a lock. */
export interface LockOwner extends ProcessId {
    /** Command that took it, as a person would type it. */
    readonly command: string;
    /** ISO time. */
    readonly since: string;
}

export interface Lock {
    release(): void;
}

/**
 * Takes the lock kept in `directory`. A dead owner's lock is no hindrance.
 *
 * Node has no file locks, so a lock is a numbered file that is made whole or not at all (link(2) fails where the name exists). Whoever finds the
 * newest number free (released, or its owner dead) makes the next one; only one can. Numbers never go back, so nobody can take an old one anew.
 *
 * @throws Fault (exit code 1) naming the owner while another process holds it
 */
export function takeLock(directory: string, command: string): Lock {
    const taken = tryLock(directory, command);
    if ("release" in taken) return taken;
    throw heldBy(taken);
}

export interface LockedWork {
    readonly directory: string;
    /** Who takes the lock, as a person would type it. */
    readonly command: string;
    readonly signal: AbortSignal;
    /** Called once a second while another process holds the lock. */
    readonly waiting: (owner: LockOwner) => void;
}

/** Runs `work` while holding a lock, waiting for another holder to end first. Rejects with the signal's reason when it fires meanwhile. */
export async function withLock<T>(
    { directory, command, signal, waiting }: LockedWork,
    work: () => Promise<T>,
): Promise<T> {
    for (;;) {
        signal.throwIfAborted();
        const taken = tryLock(directory, command);
        if ("release" in taken) return work().finally(() => taken.release());
        waiting(taken);
        // An abort ends the wait; the check above then gives its reason.
        await sleep(1_000, undefined, { signal }).catch(() => undefined);
    }
}

/** Takes the lock, or says who holds it. */
export function tryLock(directory: string, command: string): Lock | LockOwner {
    makePrivateDirectory(directory);
    const owner: LockOwner = { ...thisProcess(), command, since: new Date().toISOString() };
    for (;;) {
        const newest = newestGeneration(directory);
        const holder = ownerOf(directory, newest);
        if (holder !== undefined) return holder;
        if (take(directory, newest + 1, owner)) return lockAt(directory, newest + 1);
    }
}

/** The living owner of the lock in `directory`, if there is one. */
export function lockOwner(directory: string): LockOwner | undefined {
    return fs.existsSync(directory) ? ownerOf(directory, newestGeneration(directory)) : undefined;
}

function heldBy(holder: LockOwner): Fault {
    return new Fault(
        `\`${holder.command}\` is already at work here: process ${holder.pid}, since ${holder.since}`,
        "wait for it to end, or stop it with: npx tars down",
    );
}

function generations(directory: string): readonly number[] {
    return onDisk(directory, () => fs.readdirSync(directory)).flatMap((name) =>
        /^\d+$/.test(name) ? [Number(name)] : [],
    );
}

function newestGeneration(directory: string): number {
    return Math.max(0, ...generations(directory));
}

function ownerOf(directory: string, generation: number): LockOwner | undefined {
    const content = readJsonIfThere(path.join(directory, String(generation)));
    const pid = numberField(content, "pid");
    if (pid === undefined) return undefined;
    const owner = {
        pid,
        began: textField(content, "began") ?? "",
        command: textField(content, "command") ?? "tars",
        since: textField(content, "since") ?? "an unknown time",
    };
    return isAlive(owner) ? owner : undefined;
}

function take(directory: string, generation: number, owner: LockOwner): boolean {
    const file = path.join(directory, String(generation));
    if (!createWhole(file, JSON.stringify(owner))) return false;
    const known = generations(directory);
    if (known.some((other) => other > generation)) {
        fs.rmSync(file, { force: true });
        return false;
    }
    for (const older of known) if (older < generation) fs.rmSync(path.join(directory, String(older)), { force: true });
    return true;
}

function createWhole(file: string, text: string): boolean {
    const beside = `${file}.${process.pid}.new`;
    return onDisk(file, () => {
        try {
            fs.writeFileSync(beside, text, { mode: 0o600 });
            fs.linkSync(beside, file);
            return true;
        } catch (error) {
            if (systemCode(error) === "EEXIST") return false;
            throw error;
        } finally {
            fs.rmSync(beside, { force: true });
        }
    });
}

function lockAt(directory: string, generation: number): Lock {
    const file = path.join(directory, String(generation));
    return {
        release() {
            if (fs.existsSync(file)) fs.writeFileSync(file, JSON.stringify({ released: new Date().toISOString() }));
        },
    };
}
