import * as path from "node:path";
import type { Command } from "commander";
import { childEnvironment, projectRoot, takeLock } from "../../../simulator/session";
import { beginUpdate, endUpdate } from "../../../simulator/session/recovery";
import { writeWorkspace } from "../../../simulator/session/stack";
import { completed, readWords } from "../engineWords";
import { passThrough } from "../passThrough";
import { type RunningSession, requireRunning } from "../running";

/** `tars pulumi ARGS...`: the engine on the simulated stack. */
export function pulumiCommand(program: Command): void {
    program
        .command("pulumi")
        .description("run the Pulumi engine on the simulated stack; everything after the command is pulumi's")
        .argument(
            "[arguments...]",
            "pulumi's own arguments; preview and up get --policy-pack policy unless they have one",
        )
        .option("--stack <name>", "run to work on, when several are up; goes before pulumi's own words")
        .allowUnknownOption()
        .passThroughOptions()
        .helpOption(false)
        .addHelpText("after", "\nExamples:\n  $ npx tars pulumi preview --diff\n  $ npx tars pulumi stack output")
        .action(pulumi);
}

async function pulumi(args: readonly string[], flags: { readonly stack?: string }): Promise<void> {
    const running = await requireRunning(flags.stack);
    const { command, effect } = readWords(args, `Pulumi.${running.stack}.yaml`);
    if (effect === "reads") {
        process.exitCode = await runEngine(running, args, command);
        return;
    }
    const lock = takeLock(running.paths.lock, `tars pulumi ${command}`);
    try {
        process.exitCode =
            effect === "edits" ? await runEngine(running, args, command) : await update(running, args, command);
    } finally {
        lock.release();
    }
}

/** Marks the run as within an update: the mark stays when this process or the engine is cut off, and the next start begins afresh. */
async function update(running: RunningSession, args: readonly string[], command: string): Promise<number> {
    beginUpdate(running.paths, `pulumi ${command}`);
    const code = await runEngine(running, args, command);
    endUpdate(running.paths, running.stack);
    return code;
}

function runEngine(running: RunningSession, args: readonly string[], command: string): Promise<number> {
    const { paths, stack, token, pluginEnv } = running;
    writeWorkspace(paths, stack);
    return passThrough({
        command: running.pulumi,
        args: completed(args, command, path.join(projectRoot, "policy")),
        env: childEnvironment(paths, stack, token, pluginEnv),
        cwd: paths.workspace,
    });
}
