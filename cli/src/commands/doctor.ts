import type { Command } from "commander";
import { exitCodes } from "../../../simulator/fault";
import { type Check, checkup } from "../checkup";
import { colour, table } from "../terminal";

/** `tars doctor [S]`: everything a run needs, all problems at once. */
export function doctorCommand(program: Command): void {
    program
        .command("doctor")
        .description("check what a run needs: node, go, disk, cache, ports, and with a stack its file and its cluster")
        .argument("[stack]", "stack to check too")
        .addHelpText("after", "\nExamples:\n  $ npx tars doctor\n  $ npx tars doctor dev")
        .action(doctor);
}

async function doctor(stack: string | undefined): Promise<void> {
    const checks = await checkup(stack);
    process.stdout.write(
        `${table(checks.map(({ name, problem, found }) => [problem === undefined ? "ok" : "PROBLEM", name, found]))}\n`,
    );
    const problems = checks.filter((check) => check.problem !== undefined);
    for (const { name, problem, fix } of problems) {
        process.stderr.write(`${colour.red("error:")} ${name}: ${problem}\n  ${colour.bold("fix:")} ${fix}\n`);
    }
    process.exitCode = exitCodeOf(problems);
}

/** A missing prerequisite comes first: without it a wrong setting cannot even be tried. */
function exitCodeOf(problems: readonly Check[]): number {
    const codes = problems.map((check) => check.exitCode);
    return codes.includes(exitCodes.prerequisite) ? exitCodes.prerequisite : (codes[0] ?? exitCodes.done);
}
