import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensureToolchain, layOutPlugins, type Toolchain } from "../../simulator/engine";

const root = path.join(__dirname, "..", "..");

/** A program, the real engine and the simulator's plugins of one cloud, in a folder of their own; no cluster is started. */
export class CloudScene {
    private constructor(
        readonly folder: string,
        private readonly toolchain: Toolchain,
        private readonly env: NodeJS.ProcessEnv,
    ) {}

    /** @param official file of an official plugin to take instead of ours, by the plugin's name */
    static async open(cloud: "aws" | "azure", official: Readonly<Record<string, string>> = {}): Promise<CloudScene> {
        const toolchain = await ensureToolchain({ report: () => undefined, signal: new AbortController().signal });
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-cloud-"));
        for (const place of ["backend", "cloud"]) fs.mkdirSync(path.join(folder, place));
        fs.writeFileSync(path.join(folder, "passphrase"), "a test's");
        fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
        const home = path.join(folder, "home");
        const laidOut = await layOutPlugins({
            directory: path.join(folder, "plugins"),
            pulumiHome: home,
            toolchain,
            choice: { kind: "own" },
            cloud,
            token: "test",
        });
        for (const [name, file] of Object.entries(official)) replacePlugin(home, name, file);
        const env = {
            ...process.env,
            ...laidOut.env,
            PULUMI_HOME: home,
            PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`,
            PULUMI_CONFIG_PASSPHRASE_FILE: path.join(folder, "passphrase"),
            TARS_SIMULATOR_CLOUD: path.join(folder, "cloud"),
            TARS_SIMULATOR_CLUSTERS: "recorded",
        };
        const scene = new CloudScene(folder, toolchain, env);
        scene.write("package.json", JSON.stringify({ name: "program", main: "index.js" }));
        scene.write(
            "Pulumi.yaml",
            "name: program\nruntime:\n    name: nodejs\n    options:\n        typescript: false\n",
        );
        scene.write("index.js", "");
        await scene.pulumi("stack", "init", "dev");
        return scene;
    }

    close(): void {
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    write(file: string, text: string): void {
        fs.writeFileSync(path.join(this.folder, file), text);
    }

    /** Lets `program` be the stack's program from now on. */
    program(text: string): void {
        this.write("index.js", text);
    }

    read(file: string): string {
        return fs.readFileSync(path.join(this.folder, file), "utf8");
    }

    /** Everything an engine printed; rejects with it when the engine fails. */
    pulumi(...args: string[]): Promise<string> {
        const { folder: cwd, env, toolchain } = this;
        return new Promise((resolve, reject) => {
            execFile(toolchain.pulumi, [...args, "--non-interactive"], { cwd, env }, (error, stdout, stderr) =>
                error ? reject(new Error(stdout + stderr)) : resolve(stdout + stderr),
            );
        });
    }

    up(): Promise<string> {
        return this.pulumi("up", "--yes", "--skip-preview");
    }

    destroy(): Promise<string> {
        return this.pulumi("destroy", "--yes", "--skip-preview");
    }

    /** What a command that must fail says. */
    refused(command: Promise<string>): Promise<string> {
        return command.then(
            (printed) => Promise.reject(new Error(`must fail, but printed ${printed}`)),
            (error: Error) => error.message,
        );
    }

    async outputs(): Promise<Record<string, unknown>> {
        return JSON.parse(await this.pulumi("stack", "output", "--json", "--show-secrets"));
    }
}

/** Lets the engine find an official plugin where ours was laid out. */
function replacePlugin(home: string, name: string, official: string): void {
    const plugins = path.join(home, "plugins");
    for (const folder of fs.readdirSync(plugins).filter((found) => found.startsWith(`resource-${name}-v`))) {
        const file = path.join(plugins, folder, `pulumi-resource-${name}`);
        fs.rmSync(file);
        fs.writeFileSync(file, `#!/bin/sh\nexec '${official}' "$@"\n`, { mode: 0o755 });
    }
}
