import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { Fault } from "../simulator/fault";
import { git, leastScore, mutate } from "./deep/mutation";
import { liveSetup } from "./live/prerequisites";
import { toolchain } from "./support/cluster";

interface Count {
    readonly passed: number;
    readonly failed: number;
    /** Names of what did not run, with the reason in the name. */
    readonly skipped: readonly string[];
}

interface Check {
    readonly name: string;
    run(): Promise<Count>;
}

const root = path.resolve(__dirname, "..");
const host = path.join(root, "simulator", "host");
const none: Count = { passed: 0, failed: 0, skipped: [] };

/** In the order in which a mistake is found soonest. */
const everyTime: readonly Check[] = [
    { name: "lint", run: () => single("biome", ["check", "--error-on-warnings"]) },
    { name: "types", run: () => single("tsc", ["--project", "tsconfig.json"]) },
    // The host's tests mostly wait for servers, while the others compute.
    { name: "unit and host", run: () => together(unit, goTests) },
    { name: "drills", run: () => jest("drills", ["--maxWorkers=2"]) },
    { name: "cluster", run: () => jest("cluster", ["--maxWorkers=2"]) },
];

/** What needs no cluster. */
const quick: readonly Check[] = [
    ...everyTime.filter(({ name }) => ["lint", "types"].includes(name)),
    { name: "unit", run: unit },
];

/** What takes hours; its last result is kept in tests/deep/result.json. */
const deep: readonly Check[] = [
    // By itself: beside other tests it would measure them.
    { name: "alone", run: () => jest("deep", ["--runInBand"]) },
    { name: "mutation", run: mutation },
];

const live: readonly Check[] = [{ name: "live", run: () => jest("live", ["--runInBand"]) }];

export async function main(args: readonly string[]): Promise<void> {
    try {
        const checks = chosen(args);
        if (checks === live) await liveSetup(process.env);
        else await toolchain();
        const counts: Count[] = [];
        for (const check of checks) counts.push(await announced(check));
        finish(counts);
    } catch (error) {
        if (!(error instanceof Fault)) throw error;
        process.stderr.write(`error: ${error.message}\n  fix: ${error.fix}\n`);
        process.exit(error.exitCode);
    }
}

function chosen(args: readonly string[]): readonly Check[] {
    if (args.includes("--live")) return live;
    if (args.includes("--deep")) return deep;
    return args.includes("--quick") ? quick : everyTime;
}

/** TARS_MUTATE narrows it to one file of the pack, and then nothing is written down. */
async function mutation(): Promise<Count> {
    const { TARS_MUTATE: file } = process.env;
    const { score, mutants, survived } = await mutate(file);
    for (const each of survived) process.stdout.write(`not noticed: ${each}\n`);
    process.stdout.write(`${score.toFixed(1)} % of ${mutants} mutants noticed\n`);
    if (file === undefined) writeResult({ score, mutants });
    return score >= leastScore ? { ...none, passed: 1 } : { ...none, failed: 1 };
}

function writeResult(result: { readonly score: number; readonly mutants: number }): void {
    const commit = git("rev-parse", "HEAD").trim();
    const date = new Date().toISOString();
    const file = path.join(root, "tests", "deep", "result.json");
    fs.writeFileSync(file, `${JSON.stringify({ date, commit, ...result }, undefined, 4)}\n`);
}

async function announced(check: Check): Promise<Count> {
    const start = Date.now();
    process.stdout.write(`\n== ${check.name}\n`);
    const count = await check.run();
    const seconds = Math.round((Date.now() - start) / 1000);
    process.stdout.write(`== ${check.name}: ${count.passed} passed, ${count.failed} failed in ${seconds} s\n`);
    return count;
}

function finish(counts: readonly Count[]): void {
    const { passed, failed, skipped } = total(counts);
    process.stdout.write("\n");
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
    process.stdout.write(
        `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}\n`,
    );
    process.exitCode = failed > 0 ? 1 : 0;
}

function unit(): Promise<Count> {
    return jest("unit", ["--maxWorkers=2"]);
}

async function together(...runs: readonly (() => Promise<Count>)[]): Promise<Count> {
    return total(await Promise.all(runs.map((run) => run())));
}

function total(counts: readonly Count[]): Count {
    return {
        passed: counts.reduce((sum, count) => sum + count.passed, 0),
        failed: counts.reduce((sum, count) => sum + count.failed, 0),
        skipped: counts.flatMap((count) => count.skipped),
    };
}

async function single(tool: string, args: readonly string[]): Promise<Count> {
    const code = await inherit(process.execPath, [require.resolve(binary(tool)), ...args], root);
    return code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
}

function binary(tool: string): string {
    return fs.realpathSync(path.join(root, "node_modules", ".bin", tool));
}

async function jest(project: string, args: readonly string[]): Promise<Count> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-jest-"));
    const file = path.join(folder, "result.json");
    const options = ["--selectProjects", project, "--json", "--outputFile", file, ...args];
    const code = await inherit(process.execPath, [binary("jest"), ...options], root, "ignore");
    const result = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : undefined;
    fs.rmSync(folder, { recursive: true });
    return result === undefined ? { ...none, failed: 1 } : jestCount(result, code);
}

interface JestResult {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly testResults: readonly {
        readonly status: string;
        readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
    }[];
}

/** A test file that could not be run at all has no tests of its own: it counts as one failure. */
function jestCount(result: JestResult, code: number): Count {
    const broken = result.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
    const failed = result.numFailedTests + broken.length;
    const tests = result.testResults.flatMap((file) => file.assertionResults);
    const skipped = tests.filter((test) => test.status === "pending").map((test) => test.fullName);
    return { passed: result.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}

async function goTests(): Promise<Count> {
    const vet = await inherit("go", ["vet", "-trimpath", "./..."], host);
    const counts = { passed: 0, failed: 0 };
    const skipped: string[] = [];
    const child = spawn("go", ["test", "-trimpath", "-count=1", "-json", "./..."], {
        cwd: host,
        stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout })) {
        const event = JSON.parse(line);
        if (event.Action === "output" && event.Test === undefined) process.stdout.write(event.Output);
        if (event.Action === "fail" && event.Test === undefined && event.FailedBuild) counts.failed += 1;
        if (event.Test === undefined) continue;
        if (event.Action === "pass") counts.passed += 1;
        if (event.Action === "fail") counts.failed += 1;
        if (event.Action === "skip") skipped.push(`${event.Package} ${event.Test}`);
        if (event.Action === "output" && /^\s+\S+\.go:\d+: /.test(event.Output)) process.stdout.write(event.Output);
    }
    const code = await new Promise((resolve) =>
        child.exitCode === null ? child.once("exit", resolve) : resolve(child.exitCode),
    );
    const unexplained = code !== 0 && counts.failed === 0 ? 1 : 0;
    return vet === 0
        ? { passed: counts.passed + 1, failed: counts.failed + unexplained, skipped }
        : { passed: counts.passed, failed: counts.failed + unexplained + 1, skipped };
}

function inherit(
    command: string,
    args: readonly string[],
    cwd: string,
    stdout: "inherit" | "ignore" = "inherit",
): Promise<number> {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { cwd, stdio: ["ignore", stdout, "inherit"] });
        child.once("error", reject);
        child.once("exit", (code) => resolve(code ?? 1));
    });
}
