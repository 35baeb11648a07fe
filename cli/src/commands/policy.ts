import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import {
    environmentOf,
    judge,
    PackFilesError,
    readConfiguration,
    readPackFiles,
    rules,
    type Terms,
    today,
} from "tars-platform-policy/judge";
import { type ExitCode, exitCodes, Fault } from "../../../simulator/fault";
import { checkProgram } from "../check";
import { judgedResources, statedEnvironment } from "../judgedResources";
import { readManifests } from "../policyManifests";
import { asText, manifestsAsText, toManifestFindings } from "../policyReport";

interface PolicyOptions {
    readonly manifests?: readonly string[];
    readonly format: string;
    readonly out?: string;
    readonly policyPackConfig?: string;
}

const formats = ["text", "json"] as const;
type Format = (typeof formats)[number];

/** `tars policy`: the pack over a stack, or over any Kubernetes YAML. Exit 2 for a mandatory finding, 3 for bad input or none. */
export function policyCommand(program: Command): void {
    program
        .command("policy")
        .description("judge a stack, or any Kubernetes YAML, by the policy pack")
        .argument("[stack]", "stack to judge, by what its program registers")
        .option("--manifests <path...>", "judge these files and folders instead; - is standard input")
        .option("--format <format>", `how to report: ${formats.join(" or ")}`, "text")
        .option("--out <file>", "write the report here instead of to standard output")
        .option("--policy-pack-config <file>", "levels and settings of rules, JSON, as pulumi takes it")
        .addHelpText(
            "after",
            "\nExamples:\n  $ npx tars policy dev\n  $ npx tars policy --manifests k8s/ --format json --out findings.json",
        )
        .action(async (stack: string | undefined, options: PolicyOptions) => {
            process.exitCode = await runPolicy(stack, options);
        });
}

interface Result {
    readonly report: string;
    readonly exitCode: ExitCode;
}

async function runPolicy(stack: string | undefined, options: PolicyOptions): Promise<ExitCode> {
    const format = checkFormat(options.format);
    const { manifests } = options;
    if ((stack === undefined) === (manifests === undefined)) {
        const problem = stack === undefined ? "nothing to judge" : "both a stack and --manifests are given";
        throw new Fault(problem, "give either a stack or --manifests PATH...", exitCodes.configuration);
    }
    const configuration = loadConfiguration(options.policyPackConfig);
    const result = manifests
        ? judgeManifests(manifests, configuration, format)
        : await judgeStack(stack ?? "", configuration, format);
    write(result.report, options.out);
    return result.exitCode;
}

type Configuration = ReturnType<typeof loadConfiguration>;

async function judgeStack(stack: string, configuration: Configuration, format: Format): Promise<Result> {
    const resources = judgedResources(await checkProgram(stack));
    const { findings, remediations } = judge(resources, configuration, termsOf(statedEnvironment(stack)));
    return {
        report: format === "json" ? asJson(findings) : asText(findings, remediations),
        exitCode: findings.some(({ level }) => level === "mandatory") ? exitCodes.found : exitCodes.done,
    };
}

function judgeManifests(paths: readonly string[], configuration: Configuration, format: Format): Result {
    const read = readManifests(paths);
    const { findings } = judge(
        read.manifests.map(({ resource }) => resource),
        configuration,
        termsOf(undefined),
    );
    const reported = toManifestFindings(findings, read);
    const mandatory = findings.some(({ level }) => level === "mandatory");
    for (const given of read.empty) process.stderr.write(`no Kubernetes object found in ${given}\n`);
    if (read.others > 0) process.stderr.write(`${notJudged(read.others)}\n`);
    return {
        report: format === "json" ? asJson(reported) : manifestsAsText(reported),
        exitCode: mandatory ? exitCodes.found : read.broken.length > 0 ? exitCodes.configuration : exitCodes.done,
    };
}

/** What the pack's own files say, for a stack of this environment. */
function termsOf(environment: unknown): Terms {
    try {
        return { ...readPackFiles(rules), environment: environmentOf(environment), today: today() };
    } catch (error) {
        if (!(error instanceof PackFilesError)) throw error;
        throw new Fault(
            `the policy pack's files are wrong:\n${error.message}`,
            "correct them",
            exitCodes.configuration,
        );
    }
}

function checkFormat(given: string): Format {
    const format = formats.find((known) => known === given);
    if (format) return format;
    throw new Fault(`--format ${given} is not known`, `use ${formats.join(" or ")}`, exitCodes.configuration);
}

/** Read the pack configuration; one Fault names every wrong rule, level and setting in it. */
function loadConfiguration(file: string | undefined): ReturnType<typeof readConfiguration> {
    const configuration = readConfiguration(file === undefined ? {} : readJson(file));
    const { problems } = configuration;
    if (problems.length === 0) return configuration;
    const lines = problems.map(({ key, problem, fix }) => `  ${key} ${problem}: ${fix}`);
    throw new Fault(
        `${file} is no pack configuration:\n${lines.join("\n")}`,
        "correct these keys",
        exitCodes.configuration,
    );
}

function readJson(file: string): unknown {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new Fault(`${file} cannot be read: ${reasonOf(error)}`, "give a JSON file", exitCodes.configuration);
    }
}

function notJudged(documents: number): string {
    return documents === 1
        ? "1 document is no Kubernetes object and was not judged"
        : `${documents} documents are no Kubernetes objects and were not judged`;
}

function write(report: string, file: string | undefined): void {
    if (file === undefined) {
        // A reader such as `head` that has seen enough is no fault.
        process.stdout.once("error", (error: NodeJS.ErrnoException) => {
            if (error.code !== "EPIPE") throw error;
        });
        process.stdout.write(report);
        return;
    }
    try {
        writeFileSync(file, report);
    } catch (error) {
        throw new Fault(`${file} cannot be written: ${reasonOf(error)}`, "give another file", exitCodes.configuration);
    }
}

function reasonOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

function asJson(value: unknown): string {
    return `${JSON.stringify(value, undefined, 4)}\n`;
}
