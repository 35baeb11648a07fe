import type { Command } from "commander";
import { takeDown } from "../../../simulator/session/down";
import { interruptSignal } from "../interrupt";

/** `tars down`: nothing that was started runs afterwards. */
export function downCommand(program: Command): void {
    program
        .command("down")
        .description("stop everything that was started, also what a crashed run left; the state is kept")
        .option("--delete", "forget the state too: the next start begins with an empty cluster", false)
        .addHelpText("after", "\nExamples:\n  $ npx tars down\n  $ npx tars down --delete")
        .action(down);
}

async function down(flags: { readonly delete: boolean }): Promise<void> {
    interruptSignal(); // an interrupted stop would leave things running: it goes on to its end
    const runs = await takeDown(flags);
    const stopped = runs.filter((run) => run.wasRunning || run.interrupted !== undefined);
    for (const { run, interrupted } of stopped) {
        const ended = interrupted === undefined ? "" : `, with the command at work (process ${interrupted})`;
        process.stderr.write(`stopped ${run}${ended}\n`);
    }
    if (stopped.length === 0) process.stderr.write("nothing was running\n");
    if (flags.delete && runs.length > 0)
        process.stderr.write(`forgot the state of ${runs.map(({ run }) => run).join(", ")}\n`);
}
