import { readdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { type ExitCode, exitCodes, Fault } from "../../../simulator/fault";
import { projectRoot } from "../../../simulator/session/paths";
import { onDisk } from "../../../simulator/system/files";
import { type Check, checkup } from "../checkup";
import { colour, table } from "../terminal";

interface DoctorOptions {
    readonly charts?: true;
    readonly mirror?: string;
    readonly out?: string;
}

/** `tars doctor [S]`: everything a run needs, all problems at once; with `--charts`, what is in the charts of stacks. */
export function doctorCommand(program: Command): void {
    program
        .command("doctor")
        .description("check what a run needs: node, go, disk, cache, ports, and with a stack its file and its cluster")
        .argument("[stack]", "stack to check too")
        .option("--charts", "instead render the charts of the stack, or of all, and judge what is in them")
        .option(
            "--mirror <dir>",
            "take charts from this folder, as NAME-VERSION.tgz, wherever the stacks take them from",
        )
        .option("--out <file>", "write the table of charts as Markdown too")
        .addHelpText(
            "after",
            `
With --charts it ends with 2 for a value that nobody reads, a chart that Helm refuses or that is not the pinned one, and a mandatory rule that an
object breaks. A chart that cannot be reached is listed as unverified.

Examples:
  $ npx tars doctor
  $ npx tars doctor dev
  $ npx tars doctor --charts --mirror mirror`,
        )
        .action(async (stack: string | undefined, options: DoctorOptions) => {
            process.exitCode = options.charts ? await doctorCharts(stack, options) : await doctor(stack, options);
        });
}

async function doctor(stack: string | undefined, { mirror, out }: DoctorOptions): Promise<ExitCode> {
    if (mirror !== undefined || out !== undefined)
        throw new Fault("--mirror and --out are about charts", "give --charts too", exitCodes.configuration);
    const checks = await checkup(stack);
    process.stdout.write(
        `${table(checks.map(({ name, problem, found }) => [problem === undefined ? "ok" : "PROBLEM", name, found]))}\n`,
    );
    const problems = checks.filter((check) => check.problem !== undefined);
    for (const { name, problem, fix } of problems) {
        process.stderr.write(`${colour.red("error:")} ${name}: ${problem}\n  ${colour.bold("fix:")} ${fix}\n`);
    }
    return exitCodeOf(problems);
}

/** A missing prerequisite comes first: without it a wrong setting cannot even be tried. */
function exitCodeOf(problems: readonly Check[]): ExitCode {
    const codes = problems.flatMap(({ exitCode }) => exitCode ?? []);
    return codes.includes(exitCodes.prerequisite) ? exitCodes.prerequisite : (codes[0] ?? exitCodes.done);
}

async function doctorCharts(stack: string | undefined, { mirror, out }: DoctorOptions): Promise<ExitCode> {
    const { checkCharts }: typeof import("../charts/checkup") = require("../charts/checkup");
    const { asMarkdown, asText, remarks }: typeof import("../charts/report") = require("../charts/report");
    const { interruptSignal }: typeof import("../interrupt") = require("../interrupt");
    const { progressDisplay }: typeof import("../progress") = require("../progress");
    const { stacksAmong }: typeof import("../preview/touched") = require("../preview/touched");
    const found = await checkCharts({
        stacks: stack === undefined ? stacksAmong(readdirSync(projectRoot)) : [stack],
        mirror: mirror === undefined ? undefined : path.resolve(mirror),
        display: progressDisplay(),
        signal: interruptSignal(),
    });
    process.stdout.write(asText(found));
    const { unverified, problems } = remarks(found);
    for (const reason of unverified) process.stderr.write(`${colour.yellow("unverified:")} ${reason}\n`);
    for (const problem of problems) process.stderr.write(`${colour.red("error:")} ${problem}\n`);
    if (out !== undefined) onDisk(out, () => writeFileSync(out, asMarkdown(found)));
    return problems.length > 0 ? exitCodes.found : exitCodes.done;
}
