import * as path from "node:path";
import { exitCodes, Fault } from "../../simulator/fault";

/** What a command of the engine does to a run: reads it, edits its state at once, or brings the cluster to another state step by step. */
export type Effect = "reads" | "edits" | "updates";

/** A command line of the engine, as far as it matters to a run. */
export interface EngineWords {
    /** `preview`, `stack rm`; empty when there is none. */
    readonly command: string;
    readonly effect: Effect;
}

/** Flags before or between the words of a command whose value is a word of its own. */
const withValue = new Set(
    "--color --cwd -C --memprofilerate --otel-traces --profiling --tracing --tracing-header --verbose -v --stack -s --config-file".split(
        " ",
    ),
);

/** Flags whose value names a file or folder; the engine runs in another folder than its user. */
const withPath = new Set(
    "--file --import-file --out --plan --policy-pack --policy-pack-config --profiling --save-plan".split(" "),
);
const shortWithPath = new Set(["-f", "-o"]);

/** Commands of the engine that make sense on a simulated run; for groups, their subcommands (the empty one is the group alone). */
const effects: Readonly<Record<Effect, readonly string[]>> = {
    reads: [
        ..."help version about whoami plugin schema logs gen-completion completion preview pre".split(" "),
        ..."stack,stack output,stack export,stack graph,stack history,stack hist,stack list,stack ls,stack get".split(
            ",",
        ),
        ...["config", "config get"],
    ],
    edits: [
        ...["cancel", "stack import", "state", "state delete", "state edit", "state protect", "state rename"],
        ...["state repair", "state taint", "state unprotect", "state untaint", "state upgrade"],
    ],
    updates: ["up", "update", "refresh", "destroy", "down", "dn", "import"],
};
const groups = new Set(["stack", "config", "state"]);
const guarded = new Set(["preview", "pre", "up", "update"]);
const destroying = new Set(["destroy", "down", "dn"]);

/**
 * What `args` would do.
 *
 * @throws Fault (exit code 3) when it is nothing that a simulated run can take
 */
export function readWords(args: readonly string[], stackFile: string): EngineWords {
    const [first = "", second = ""] = operands(args);
    const command = groups.has(first) ? `${first} ${second}`.trim() : first;
    if (command === "" || asksForHelp(args)) return { command, effect: "reads" };
    for (const flag of ["--config-file", "--cwd", "-C"]) {
        if (has(args, flag))
            throw refused(flag, `the engine works with a copy of ${stackFile} here; leave ${flag} out`);
    }
    const removes = command === "stack rm" || command === "stack remove";
    if (removes || (destroying.has(first) && has(args, "--remove")))
        throw refused(command, "to forget the simulated stack: npx tars down --delete");
    const found = entriesOf(effects).find(([, commands]) => commands.includes(command));
    if (found !== undefined) return { command, effect: found[0] };
    if (first === "config") throw refused(command, `change ${stackFile} itself, then: npx tars pulumi preview`);
    throw refused(command, "the simulated stack takes up, preview, refresh, destroy, import, stack, state and config");
}

/** The arguments with what a simulated run needs: the policy pack where the user names none, and paths as the user means them. */
export function completed(args: readonly string[], command: string, policyPack: string): readonly string[] {
    const given = absolutePaths(args, command);
    if (!guarded.has(command) || has(args, "--policy-pack")) return given;
    const end = given.indexOf("--");
    const at = end < 0 ? given.length : end;
    return [...given.slice(0, at), "--policy-pack", policyPack, ...given.slice(at)];
}

/**
 * The configurations that `args` give to a policy pack: the engine joins each to the pack at the same place in the list of packs, and
 * where the user names none, the only pack is `policyPack`.
 */
export function packConfigurations(args: readonly string[], policyPack: string): readonly string[] {
    const packs = valuesOf(args, "--policy-pack").map((pack) => path.resolve(pack));
    const own = packs.length === 0 ? [policyPack] : packs;
    return valuesOf(args, "--policy-pack-config").filter((_, index) => own[index] === policyPack);
}

/** Values of a flag that may be given several times, or once with commas, as the engine reads it (pflag StringSlice). */
function valuesOf(args: readonly string[], flag: string): readonly string[] {
    return args.flatMap((word, index) => {
        const [name, value = args[index + 1] ?? ""] = split(word);
        return name === flag ? value.split(",") : [];
    });
}

function absolutePaths(args: readonly string[], command: string): readonly string[] {
    const graph = command === "stack graph" ? operands(args)[2] : undefined;
    const isPath = (flag: string): boolean => withPath.has(flag) || (command === "import" && shortWithPath.has(flag));
    return args.map((word, index) => {
        const [flag = "", value] = split(word);
        if (value !== undefined && isPath(flag)) return `${flag}=${path.resolve(value)}`;
        return isPath(args[index - 1] ?? "") || word === graph ? path.resolve(word) : word;
    });
}

function operands(args: readonly string[]): readonly string[] {
    return args.filter((word, index) => !word.startsWith("-") && !withValue.has(args[index - 1] ?? ""));
}

function asksForHelp(args: readonly string[]): boolean {
    return ["--help", "-h", "--version"].some((flag) => args.includes(flag));
}

function has(args: readonly string[], flag: string): boolean {
    return args.some((word) => split(word)[0] === flag && word !== `${flag}=false`);
}

function split(word: string): readonly [string, string?] {
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

function entriesOf(table: typeof effects): readonly (readonly [Effect, readonly string[]])[] {
    return [
        ["reads", table.reads],
        ["edits", table.edits],
        ["updates", table.updates],
    ];
}

function refused(what: string, fix: string): Fault {
    return new Fault(`pulumi ${what} does not work on the simulated stack`, fix, exitCodes.configuration);
}
