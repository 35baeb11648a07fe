import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { copyProject, type Ended, ended } from "../support/project";
import { kubectl, type LiveSetup } from "./prerequisites";
import { isTree, merged, type SettingsTree } from "./settings";

/** The dev stack on a real cluster, in a copy of the project: the user's stack file, login and state stay as they are. */
export interface LiveStack {
    /** Runs `pulumi ARGS --stack dev --non-interactive` to its end. */
    pulumi(...args: readonly string[]): Promise<Ended>;
    /** Standard output of kubectl on the stack's cluster. */
    kubectl(...args: readonly string[]): string;
    /** Lays settings over those of the stack file. */
    change(settings: SettingsTree): void;
    /** Removes the copy; what is in the cluster must have been destroyed before. */
    remove(): Promise<void>;
}

const prefix = "tars-platform:";

export async function liveStack({ kubeconfig, pulumi, settings }: LiveSetup): Promise<LiveStack> {
    const project = copyProject();
    const backend = fs.mkdtempSync(path.join(os.tmpdir(), "tars-live-"));
    const env = {
        ...process.env,
        KUBECONFIG: path.resolve(kubeconfig),
        PULUMI_BACKEND_URL: `file://${backend}`,
        // The state that it encrypts does not outlive the run.
        PULUMI_CONFIG_PASSPHRASE: randomUUID(),
        // Only plugins that the engine downloaded itself, never one that happens to lie on PATH.
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // As the README says: destroy and refresh run the program, which looks first which cluster this is.
        PULUMI_RUN_PROGRAM: "true",
        // Without it the simulator's own plugins refuse to start.
        TARS_SIMULATOR_TOKEN: undefined,
    };
    const run = (args: readonly string[]): Promise<Ended> =>
        ended(
            spawn(pulumi, [...args, "--non-interactive"], {
                cwd: project.folder,
                env,
                stdio: ["ignore", "pipe", "pipe"],
            }),
        );
    const change = (over: SettingsTree): void => project.configure("dev", (config) => lay(over, config));
    const created = await run(["stack", "init", "dev", "--secrets-provider", "passphrase"]);
    if (created.code !== 0) throw new Error(`pulumi stack init ended with ${created.code}: ${created.stderr}`);
    change(settings);
    return {
        pulumi: (...args) => run([...args, "--stack", "dev"]),
        kubectl: (...args) => kubectl(kubeconfig, env, args),
        change,
        async remove() {
            fs.rmSync(backend, { recursive: true, force: true });
            await project.remove();
        },
    };
}

function lay(over: SettingsTree, config: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(over)) {
        const key = `${prefix}${name}`;
        const before = config[key];
        config[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
    }
}
