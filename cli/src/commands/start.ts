import type { Command } from "commander";
import type { PluginChoice } from "../../../simulator/engine";
import { deploy, openSession } from "../../../simulator/session";
import { checkProgram } from "../check";
import { interruptSignal } from "../interrupt";
import { pluginsOption } from "../plugins";
import { progressDisplay } from "../progress";
import { deploymentSummary } from "../summary";

interface StartFlags {
    readonly stack: string;
    readonly plugins?: PluginChoice;
}

/** `tars start`: the stack on the embedded cluster, with the policy pack on. */
export function startCommand(program: Command): void {
    program
        .command("start")
        .description("bring a stack up on the embedded cluster, with the policy pack on")
        .option("--stack <name>", "stack to bring up", "dev")
        .addOption(pluginsOption())
        .addHelpText(
            "after",
            `
The first start builds the engine and the control plane (minutes, with progress); later ones take seconds.
What it starts stays up until npx tars down.

Examples:
  $ npx tars start
  $ npx tars start --plugins installed   with the official plugins from ~/.pulumi/plugins`,
        )
        .action(start);
}

async function start(flags: StartFlags): Promise<void> {
    const signal = interruptSignal();
    const began = Date.now();
    await checkProgram(flags.stack);
    const session = await openSession({
        stack: flags.stack,
        command: `tars start --stack ${flags.stack}`,
        ...(flags.plugins === undefined ? {} : { plugins: flags.plugins }),
        signal,
        ...progressDisplay(),
    });
    try {
        const deployment = await deploy(session);
        signal.throwIfAborted();
        session.keep();
        process.stdout.write(deploymentSummary(session, deployment, Date.now() - began));
    } finally {
        await session.end();
    }
}
