import type { Command } from "commander";
import { childEnvironment, projectRoot, takeLock } from "../../../simulator/session";
import { writeConfigFile } from "../../../simulator/session/stack";
import { passThrough } from "../passThrough";
import { requireRunning } from "../running";

/** Commands that read the stack's settings through `--config-file`; each but preview also changes the stack's state. */
const configured = new Set(["preview", "pre", "up", "update", "refresh", "destroy", "import", "watch"]);
const guarded = new Set(["preview", "pre", "up", "update", "watch"]);
const readOnly = new Set([
    "preview",
    "pre",
    "version",
    "about",
    "help",
    "config",
    "logs",
    "whoami",
    "plugin",
    "schema",
]);

/** `tars pulumi ARGS...`: the engine on the simulated stack. */
export function pulumiCommand(program: Command): void {
    program
        .command("pulumi")
        .description("run the Pulumi engine on the simulated stack; everything after the command is pulumi's")
        .argument(
            "[arguments...]",
            "pulumi's own arguments; preview and up get --policy-pack policy unless they have one",
        )
        .allowUnknownOption()
        .passThroughOptions()
        .helpOption(false)
        .addHelpText("after", "\nExamples:\n  $ npx tars pulumi preview --diff\n  $ npx tars pulumi stack output")
        .action(pulumi);
}

async function pulumi(args: readonly string[]): Promise<void> {
    const stack = "dev";
    const running = await requireRunning(stack);
    const { paths, token, pluginEnv } = running;
    const command = args.find((word) => !word.startsWith("-")) ?? "help";
    const lock =
        readOnly.has(command) || command === "stack" ? undefined : takeLock(paths.lock, `tars pulumi ${command}`);
    try {
        writeConfigFile(paths, stack);
        process.chdir(projectRoot);
        const env = childEnvironment(paths, stack, token, pluginEnv);
        process.exitCode = await passThrough(running.pulumi, completed(args, command, paths.configFile), env);
    } finally {
        lock?.release();
    }
}

/** The arguments with what the simulated run needs added, where the user has not said otherwise. */
export function completed(args: readonly string[], command: string, configFile: string): readonly string[] {
    const added = [
        ...(configured.has(command) && !has(args, "--config-file") ? ["--config-file", configFile] : []),
        ...(guarded.has(command) && !has(args, "--policy-pack") ? ["--policy-pack", "policy"] : []),
    ];
    const end = args.indexOf("--");
    return end < 0 ? [...args, ...added] : [...args.slice(0, end), ...added, ...args.slice(end)];
}

function has(args: readonly string[], flag: string): boolean {
    return args.some((word) => word === flag || word.startsWith(`${flag}=`));
}
