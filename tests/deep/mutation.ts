import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { field, numberField, textField } from "../../simulator/system/files";

const folder = __dirname;
const root = path.resolve(folder, "..", "..");

/** Least share of the pack's mutants that its tests must notice, in percent. */
export const leastScore = 85;

export interface Mutation {
    /** Share of the mutants that were noticed, in percent, with those that ended no test counted as noticed. */
    readonly score: number;
    readonly mutants: number;
    /** Mutants that no test noticed, as `file:line what`. */
    readonly survived: readonly string[];
}

/** A mutant and what became of it, as record.js writes it. */
export interface Result {
    readonly file: string;
    readonly id: string;
    readonly status: string;
    readonly mutatorName: string;
    readonly line: number;
}

/** Files that are changed in one run. What is prepared for changes is several times slower, so that all at once take hours. */
const filesAtOnce = 16;

/**
 * Changes the policy pack in thousands of places, one at a time, and counts how many the tests notice (Stryker). Over an hour on two cores; a
 * run that was interrupted goes on with the files that it had not finished, as long as nothing has changed since.
 * Asked are the tests that judge in this process; what starts a process of its own, replaces the registry or looks at whole stacks is left out
 * (`ignore` in stryker.json), so that the true share is a little higher.
 *
 * @param file one file of the pack. @default all
 */
export async function mutate(file: string | undefined): Promise<Mutation> {
    await run("npm", ["ci", "--no-audit", "--no-fund"], folder);
    const record = path.join(folder, file === undefined ? `mutation-${sources()}.jsonl` : "mutation-part.jsonl");
    if (file !== undefined) fs.rmSync(record, { force: true });
    const before = finishedOf(linesOf(record));
    const lines = [{ planned: before.planned }, ...before.results];
    fs.writeFileSync(record, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const wanted = file === undefined ? mutated().filter((each) => !(each in before.planned)) : [file];
    for (let first = 0; first < wanted.length; first += filesAtOnce) {
        process.stdout.write(`${wanted.length - first} files to change\n`);
        await stryker(wanted.slice(first, first + filesAtOnce), record);
    }
    return scoreOf(resultsOf(linesOf(record)));
}

function stryker(files: readonly string[], record: string): Promise<void> {
    const program = path.join(folder, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
    const args = [program, "run", path.join("tests", "deep", "stryker.json"), "--mutate", files.join(",")];
    return run(process.execPath, args, root, { TARS_MUTATION_RECORD: record });
}

/** The pack without its samples, which are tests themselves, and without what only starts it in the engine. */
function mutated(): readonly string[] {
    const names = git("ls-files", "policy").split("\n");
    return names.filter((name) => /(?<!\.samples)\.ts$/.test(name) && !/^policy\/(index|pack)\.ts$/.test(name));
}

/** Tells one state of the project from every other: what a test stands on is not for us to say. */
function sources(): string {
    const state = [git("rev-parse", "HEAD"), git("diff", "HEAD")].join("");
    return createHash("sha256").update(state).digest("hex").slice(0, 16);
}

/** What git says of the project. */
export function git(...args: readonly string[]): string {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
}

/** The last line may be half written. */
function linesOf(file: string): readonly unknown[] {
    if (!fs.existsSync(file)) return [];
    return fs
        .readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line) => (line.endsWith("}") ? [JSON.parse(line)] : []));
}

function resultsOf(lines: readonly unknown[]): readonly Result[] {
    return lines.flatMap((line) => {
        const [file, id, status] = [textField(line, "file"), textField(line, "id"), textField(line, "status")];
        const [mutatorName, at] = [textField(line, "mutatorName"), numberField(line, "line")];
        if (!file || !id || !status || !mutatorName || at === undefined) return [];
        return [{ file, id, status, mutatorName, line: at }];
    });
}

export interface Finished {
    /** How many mutants there are, by file. */
    readonly planned: Readonly<Record<string, number>>;
    readonly results: readonly Result[];
}

/** The files of which every planned mutant has a result. */
export function finishedOf(lines: readonly unknown[]): Finished {
    const results = resultsOf(lines);
    const plans = lines.flatMap((line) => Object.entries<number>(Object(field(line, "planned"))));
    const counts = new Map<string, number>();
    for (const { file } of results) counts.set(file, (counts.get(file) ?? 0) + 1);
    const done = plans.filter(([file, count]) => counts.get(file) === count);
    const planned = Object.fromEntries(done);
    return { planned, results: results.filter(({ file }) => file in planned) };
}

export function scoreOf(results: readonly Result[]): Mutation {
    // Static ones are ignored: they stand in what is evaluated once, such as the words of a rule, and need a whole run each.
    const valid = results.filter(({ status }) => ["Killed", "Timeout", "Survived", "NoCoverage"].includes(status));
    const survived = valid.filter(({ status }) => status === "Survived" || status === "NoCoverage");
    return {
        score: valid.length === 0 ? 0 : (100 * (valid.length - survived.length)) / valid.length,
        mutants: valid.length,
        survived: survived.map(({ file, mutatorName, line }) => `${file}:${line} ${mutatorName}`).sort(),
    };
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const child = spawn(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
    return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
    });
}
