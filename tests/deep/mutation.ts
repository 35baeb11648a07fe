import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

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

interface Report {
    readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
    readonly status: string;
    readonly mutatorName: string;
    readonly location: { readonly start: { readonly line: number } };
}

/**
 * Changes the policy pack in thousands of places, one at a time, and counts how many the tests notice (Stryker). Over an hour on two cores.
 * Asked are the tests that judge in this process; what starts a process of its own, replaces the registry or looks at whole stacks is left out
 * (`ignore` in stryker.json), so that the true share is a little higher.
 *
 * @param files which files of the pack, as Stryker's `--mutate` takes them. @default all
 */
export async function mutate(files: string | undefined): Promise<Mutation> {
    await run("npm", ["ci", "--no-audit", "--no-fund"], folder);
    const stryker = path.join(folder, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
    const only = files === undefined ? [] : ["--mutate", files];
    await run(process.execPath, [stryker, "run", path.join("tests", "deep", "stryker.json"), ...only], root);
    const report: Report = JSON.parse(fs.readFileSync(path.join(folder, "mutation.json"), "utf8"));
    return scoreOf(report);
}

export function scoreOf({ files }: Report): Mutation {
    const all = Object.entries(files).flatMap(([file, { mutants }]) => mutants.map((mutant) => ({ file, ...mutant })));
    // Static ones are ignored: they stand in what is evaluated once, such as the words of a rule, and need a whole run each.
    const valid = all.filter(({ status }) => ["Killed", "Timeout", "Survived", "NoCoverage"].includes(status));
    const survived = valid.filter(({ status }) => status === "Survived" || status === "NoCoverage");
    return {
        score: valid.length === 0 ? 0 : (100 * (valid.length - survived.length)) / valid.length,
        mutants: valid.length,
        survived: survived
            .map(({ file, mutatorName, location }) => `${file}:${location.start.line} ${mutatorName}`)
            .sort(),
    };
}

function run(command: string, args: readonly string[], cwd: string): Promise<void> {
    const child = spawn(command, args, { cwd, stdio: "inherit" });
    return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
    });
}
