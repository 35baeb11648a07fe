import { readdirSync } from "node:fs";
import type { Command } from "commander";
import { type Environment, environments, today } from "tars-platform-policy/judge";
import { type ExitCode, exitCodes, Fault } from "../../../simulator/fault";
import { projectRoot } from "../../../simulator/session/paths";
import { type Format, formats, render, writeCoverage, writeReport } from "../policy/formats";
import { type Ground, type Judged, judgeManifests, judgeStacks } from "../policy/judged";
import { loadConfiguration, packTerms } from "../policy/terms";
import { stacksAmong } from "../preview/touched";

interface PolicyOptions {
    readonly manifests?: readonly string[];
    readonly state?: readonly string[];
    readonly environment?: string;
    readonly format: string;
    readonly out?: string;
    readonly coverage?: string;
    readonly date?: string;
    readonly policyPackConfig?: string;
}

/** `tars policy`: the pack over stacks, states, or any Kubernetes YAML. Exit 2 for a mandatory finding, 3 for bad input or none. */
export function policyCommand(program: Command): void {
    program
        .command("policy")
        .description("judge stacks, states of stacks, or any Kubernetes YAML, by the policy pack")
        .argument("[stacks...]", "stacks to judge, by what their program registers; without any, every stack file's")
        .option("--state <file...>", "judge these states of stacks too, as pulumi stack export writes them")
        .option("--manifests <path...>", "judge these files and folders instead; - is standard input")
        .option("--environment <name>", `what states and manifests are for: ${environments.join(", ")}`)
        .option("--format <format>", `how to report: ${formats.join(", ")}`, "text")
        .option("--out <file>", "write the report here instead of to standard output")
        .option("--coverage <file>", "write what each rule and control had to judge here, as JSON, with its digest")
        .option("--date <day>", "judge and report as of this day, such as 2026-11-21, by which exemptions end")
        .option("--policy-pack-config <file>", "levels and settings of rules, JSON, as pulumi takes it")
        .addHelpText(
            "after",
            `
Several stacks are judged by the rules that compare stacks, too.

Examples:
  $ npx tars policy dev
  $ npx tars policy --format markdown --out report.md
  $ npx tars policy --state exported.json --environment staging
  $ npx tars policy --manifests k8s/ --format json --out findings.json`,
        )
        .action(async (stacks: readonly string[], options: PolicyOptions) => {
            process.exitCode = await runPolicy(stacks, options);
        });
}

async function runPolicy(stacks: readonly string[], options: PolicyOptions): Promise<ExitCode> {
    const format = checkFormat(options.format);
    const date = checkDate(options.date ?? today());
    const environment = checkEnvironment(options.environment);
    refuseMixtures(stacks, options);
    const ground: Ground = {
        configuration: loadConfiguration(options.policyPackConfig),
        terms: packTerms(date),
        date,
        environment: environment ?? "production",
    };
    const judged = options.manifests
        ? judgeManifests(options.manifests, ground)
        : await judgeStacks(chosen(stacks, options.state), options.state ?? [], ground);
    tellOfManifests(judged);
    writeReport(render(judged, format), options.out);
    if (options.coverage !== undefined) writeCoverage(judged.report, options.coverage);
    return exitCodeOf(judged);
}

/** Every stack that there is, where none is named and no state is given. */
function chosen(stacks: readonly string[], states: readonly string[] = []): readonly string[] {
    if (stacks.length > 0) return [...new Set(stacks)];
    return states.length > 0 ? [] : stacksAmong(readdirSync(projectRoot));
}

function refuseMixtures(stacks: readonly string[], { manifests, state, environment }: PolicyOptions): void {
    if (manifests && (stacks.length > 0 || state)) {
        const other = stacks.length > 0 ? "a stack" : "--state";
        throw refused(
            `both ${other} and --manifests are given`,
            "give either stacks and states, or --manifests PATH...",
        );
    }
    if (environment !== undefined && !manifests && !state) {
        const fix = "leave --environment out: the stack file says what a stack is for";
        throw refused("--environment is for states and manifests", fix);
    }
}

function exitCodeOf({ report: { findings, unreadable } }: Judged): ExitCode {
    if (findings.some(({ level }) => level === "mandatory")) return exitCodes.found;
    return unreadable.length > 0 ? exitCodes.configuration : exitCodes.done;
}

function tellOfManifests({ manifests }: Judged): void {
    for (const given of manifests?.empty ?? []) process.stderr.write(`no Kubernetes object found in ${given}\n`);
    if (manifests && manifests.others > 0) process.stderr.write(`${notJudged(manifests.others)}\n`);
}

function notJudged(documents: number): string {
    return documents === 1
        ? "1 document is no Kubernetes object and was not judged"
        : `${documents} documents are no Kubernetes objects and were not judged`;
}

function checkFormat(given: string): Format {
    const format = formats.find((known) => known === given);
    if (format) return format;
    throw refused(`--format ${given} is not known`, `use ${formats.join(", ")}`);
}

function checkEnvironment(given: string | undefined): Environment | undefined {
    const environment = environments.find((known) => known === given);
    if (environment !== undefined || given === undefined) return environment;
    throw refused(`--environment ${given} is not known`, `use ${environments.join(", ")}`);
}

function checkDate(given: string): string {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(given) ? new Date(`${given}T00:00:00Z`) : undefined;
    // The calendar of JavaScript turns the 31st of a short month into the next month's first.
    if (day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(given)) return given;
    throw refused(`--date ${given} is no day`, "give a day such as 2026-11-21");
}

function refused(problem: string, fix: string): Fault {
    return new Fault(problem, fix, exitCodes.configuration);
}
