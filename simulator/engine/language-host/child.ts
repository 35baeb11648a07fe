import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { systemCode } from "../../system/files";

/** How long an interrupted program may take to end before it is killed, in milliseconds; as the official host's WaitDelay. */
const patienceMs = 5_000;

/** Processes of the language host, so that a cancelled run leaves none. */
export class Children {
    readonly #running = new Set<ChildProcess>();

    start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, stdout: "inherit" | "pipe"): ChildProcess {
        const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", stdout, "pipe"] });
        this.#running.add(child);
        child.once("close", () => this.#running.delete(child));
        return child;
    }

    /** Interrupt every child, then kill what does not end; resolves when none is left. */
    async stop(): Promise<void> {
        await Promise.all([...this.#running].map(stopChild));
    }
}

export async function stopChild(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await closed;
    clearTimeout(timer);
}

/** Resolves to the exit code; 128 for a child that a signal ended. Rejects when it cannot be started. */
export function exitOf(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code) => resolve(code ?? 128));
    });
}

/** Path of a module as the program in `folder` would load it. */
export function locateModule(module: string, folder: string, install: string): string {
    try {
        return createRequire(join(folder, "program.js")).resolve(module);
    } catch (error) {
        if (systemCode(error) !== "MODULE_NOT_FOUND") throw error;
        throw new Error(`It looks like the Pulumi SDK has not been installed in ${folder}. Have you run ${install}?`);
    }
}

/**
 * Pass `from` on and notice whether Node says that it ran out of memory.
 * @see https://github.com/pulumi/pulumi/blob/v3.253.0/sdk/nodejs/cmd/pulumi-language-nodejs/main.go oomSniffer
 */
export function watchMemory(from: Readable | null, to: (text: Buffer) => void): { readonly exhausted: boolean } {
    const seen = { exhausted: false };
    from?.on("data", (text: Buffer) => {
        seen.exhausted ||= text.includes("<--- Last few GCs --->");
        to(text);
    });
    return seen;
}
