import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

export const projectRoot = path.resolve(__dirname, "..", "..");

export interface Ran {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** A folder of its own for one test file, removed at the end. */
export function scratchFolder(): { readonly path: string; at(...parts: string[]): string } {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-cli-"));
    afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
    return { path: folder, at: (...parts) => path.join(folder, ...parts) };
}

/** Runs `tars` as a user's shell would, with a state folder of its own. */
export function tars(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
    const result = spawnSync(process.execPath, [path.join(projectRoot, "cli", "bin", "tars.js"), ...args], {
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1", ...env },
    });
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Starts a Node process with the project's TypeScript at hand; `script` may require it by absolute path. */
export function node(script: string): ChildProcess {
    const prelude = `require(${JSON.stringify(path.join(projectRoot, "runtime", "typescript.js"))});`;
    return spawn(process.execPath, ["-e", prelude + script], { stdio: ["pipe", "pipe", "inherit"] });
}

/** The first line that a process prints. */
export function firstLine(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
        let text = "";
        child.stdout?.on("data", (part: Buffer) => {
            text += part.toString();
            if (text.includes("\n")) resolve(text.split("\n")[0] ?? "");
        });
        child.on("exit", (code) => reject(new Error(`it ended with ${code} before it said a line`)));
    });
}

/** What `work` throws; fails when it throws nothing. */
export async function thrownBy(work: () => unknown): Promise<unknown> {
    try {
        await work();
    } catch (error) {
        return error;
    }
    throw new Error("nothing was thrown");
}
