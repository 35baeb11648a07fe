import * as path from "node:path";
import type { Command } from "commander";
import { childEnvironment, projectRoot, takeLock } from "../../../simulator/session";
import { saveAtEnd } from "../../../simulator/session/environment";
import { beginUpdate, endUpdate } from "../../../simulator/session/recovery";
import {
    type EngineProject,
    ownProject,
    prepareStack,
    projectBeside,
    writeWorkspace,
} from "../../../simulator/session/stack";
import { completed, packConfigurations, readWords } from "../engineWords";
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
        .option(
            "--project <dir>",
            "another Pulumi project to work on, beside the platform; goes before pulumi's own words",
        )
        .allowUnknownOption()
        .passThroughOptions()
        .helpOption(false)
        .addHelpText(
            "after",
            "\nExamples:\n  $ npx tars pulumi preview --diff\n  $ npx tars pulumi stack output" +
                "\n  $ npx tars pulumi --project examples/team-app up --yes",
        )
        .action(pulumi);
}

interface Flags {
    readonly stack?: string;
    readonly project?: string;
}

/** What a command of the engine works on: a project, on the backend and the cluster of a run. */
interface Target {
    readonly running: RunningSession;
    readonly project: EngineProject;
}

const policyPack = path.join(projectRoot, "policy");

async function pulumi(args: readonly string[], flags: Flags): Promise<void> {
    checkPackConfigurations(packConfigurations(args, policyPack));
    const running = await requireRunning(flags.stack);
    const { command, effect } = readWords(args, `Pulumi.${running.stack}.yaml`);
    const target = flags.project === undefined ? ownTarget(running) : await targetBeside(running, flags.project);
    if (effect === "reads") {
        process.exitCode = await runEngine(target, args, command);
        return;
    }
    const lock = takeLock(running.paths.lock, `tars pulumi ${command}`);
    try {
        process.exitCode =
            effect === "edits" ? await runEngine(target, args, command) : await update(target, args, command);
    } finally {
        lock.release();
    }
}

/**
 * The engine takes a misspelled rule or setting without a word, and runs with the default: here it never starts.
 *
 * @throws Fault (exit code 3) with everything that is wrong in a file
 */
function checkPackConfigurations(files: readonly string[]): void {
    if (files.length === 0) return;
    // The pack with all its rules, which no other command line needs.
    const { loadConfiguration }: typeof import("../policy/terms") = require("../policy/terms");
    for (const file of files) loadConfiguration(file);
}

function ownTarget(running: RunningSession): Target {
    return { running, project: ownProject(running.paths) };
}

/** Makes the project's stack in the run's backend where it is not there yet. */
async function targetBeside(running: RunningSession, directory: string): Promise<Target> {
    const { paths, stack, pulumi } = running;
    const project = projectBeside(paths, directory);
    const lock = takeLock(paths.lock, `tars pulumi --project ${directory}`);
    try {
        const signal = new AbortController().signal;
        await prepareStack({ paths, stack, pulumi, env: environmentOf(running, project), signal }, project);
    } finally {
        lock.release();
    }
    return { running, project };
}

/** Marks the run as within an update: the mark stays when this process or the engine is cut off, and the next start begins afresh. */
async function update(target: Target, args: readonly string[], command: string): Promise<number> {
    const { paths, stack } = target.running;
    beginUpdate(paths, `pulumi ${command}`);
    const code = await runEngine(target, args, command, saveAtEnd);
    endUpdate(paths, stack, target.project.name);
    return code;
}

function runEngine(
    { running, project }: Target,
    args: readonly string[],
    command: string,
    settings: Readonly<Record<string, string>> = {},
): Promise<number> {
    writeWorkspace(project, running.stack);
    return passThrough({
        command: running.pulumi,
        args: completed(args, command, policyPack),
        env: { ...environmentOf(running, project), ...settings },
        cwd: project.workspace,
    });
}

/** Another team has a kubeconfig of its own for the platform's cluster, which the platform itself may not need. */
function environmentOf(
    { paths, stack, token, pluginEnv }: RunningSession,
    { folder }: EngineProject,
): Record<string, string> {
    const env = childEnvironment(paths, stack, token, pluginEnv);
    return folder === projectRoot ? env : { ...env, KUBECONFIG: paths.kubeconfig };
}
