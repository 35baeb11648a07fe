import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";

const root = path.resolve(__dirname, "..", "..");

/** What a stack needs of the repository; the rest stays where it is. */
const copied = ["index.ts", "package.json", "tsconfig.json", "tsconfig.pulumi.json"];
const projectFile = /^Pulumi\.(.+\.)?yaml$/;
const copiedFolders = ["components", "policy", "cli", "simulator", "runtime", "examples"];

export interface Ended {
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** A copy of the project with a state folder of its own, in which a test may change settings and code. */
export interface Project {
    readonly folder: string;
    readonly state: string;
    /** Runs `tars ARGS` to its end. */
    tars(...args: readonly string[]): Promise<Ended>;
    /** Starts `tars ARGS` and leaves it to the test. */
    spawn(...args: readonly string[]): ChildProcess;
    /** Starts `npm ARGS` as a terminal does, at the head of a process group of its own, and leaves it to the test. */
    npm(...args: readonly string[]): ChildProcess;
    /** Rewrites the settings of a stack, under the project's own configuration keys. */
    configure(stack: string, change: (config: Record<string, unknown>) => void): void;
    /** Stops everything the project runs and removes the copy. */
    remove(): Promise<void>;
}

export function copyProject(): Project {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-project-"));
    const files = fs.readdirSync(root).filter((file) => projectFile.test(file));
    for (const file of [...files, ...copied]) fs.copyFileSync(path.join(root, file), path.join(folder, file));
    for (const name of copiedFolders) fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
    linkModules(folder);
    const state = path.join(folder, ".tars");
    // The official plugin leaves a kubeconfig with credentials there for each provider.
    const temporary = path.join(folder, "tmp");
    fs.mkdirSync(temporary);
    const options = {
        cwd: folder,
        env: { ...withoutNpm(process.env), TARS_STATE_DIR: state, TMPDIR: temporary, NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "pipe"],
    } satisfies SpawnOptions;
    const run = (args: readonly string[]): ChildProcess =>
        spawn(process.execPath, [path.join(folder, "cli", "bin", "tars.js"), ...args], options);
    const tars = (...args: readonly string[]): Promise<Ended> => ended(run(args));
    return {
        folder,
        state,
        tars,
        spawn: (...args) => run(args),
        npm: (...args) => spawn("npm", args, { ...options, detached: true }),
        configure: (stack, change) => configure(path.join(folder, `Pulumi.${stack}.yaml`), change),
        async remove() {
            const down = await tars("down", "--delete");
            fs.rmSync(folder, { recursive: true, force: true });
            if (down.code !== 0) throw new Error(`tars down ended with ${down.code}: ${down.stderr}`);
        },
    };
}

/** All installed packages and commands are the repository's, but `tars`, which npm finds there, is the copy's own. */
function linkModules(folder: string): void {
    const [from, to] = [path.join(root, "node_modules"), path.join(folder, "node_modules")];
    fs.mkdirSync(path.join(to, ".bin"), { recursive: true });
    const names = fs.readdirSync(from).filter((name) => !name.startsWith("."));
    const commands = fs.readdirSync(path.join(from, ".bin")).filter((name) => name !== "tars");
    for (const name of [...names, ...commands.map((command) => path.join(".bin", command))]) {
        fs.symlinkSync(path.join(from, name), path.join(to, name));
    }
    fs.symlinkSync(path.join(folder, "cli", "bin", "tars.js"), path.join(to, ".bin", "tars"));
}

/** What `npm test` tells its children would make an npm in the copy, and what it starts, take themselves for part of that run. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return Object.fromEntries(
        Object.entries(env).filter(([name]) => !/^(npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$)/.test(name)),
    );
}

export function ended(child: ChildProcess): Promise<Ended> {
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk) => {
        stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
        stderr += chunk;
    });
    return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
}

function configure(file: string, change: (config: Record<string, unknown>) => void): void {
    const document: { config: Record<string, unknown> } = parse(fs.readFileSync(file, "utf8"));
    change(document.config);
    fs.writeFileSync(file, stringify(document));
}
