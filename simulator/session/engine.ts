import * as fs from "node:fs";
import { spawnOnLeash } from "../engine/leash";
import { exitCodes, Fault } from "../fault";
import { onDisk } from "../system/files";
import { saveAtEnd } from "./environment";
import { serveEvents } from "./eventServer";
import { type EngineOutcome, type EngineProgress, EventReader, hasDiagnosis } from "./events";
import type { StatePaths } from "./paths";

/** What the engine is asked to do. */
export type EngineCommand = "preview" | "up" | "refresh" | "destroy";

export interface EngineRun {
    readonly command: EngineCommand;
    /** What a person ran, and runs again once it is mended: `tars simulate dev`. */
    readonly calledBy: string;
    readonly arguments: readonly string[];
    readonly pulumi: string;
    readonly paths: StatePaths;
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
    readonly progress: (progress: EngineProgress) => void;
}

/** Between interrupt, termination and kill of an engine that is told to end: the state of a cut off simulated run is thrown away, so it need not finish. */
const graceMs = 3_000;
const changing: ReadonlySet<EngineCommand> = new Set(["up", "destroy"]);
/** Lines of the engine's log that are shown when it fails without an error event. */
const logLines = 15;

/**
 * Runs the engine to its end; what it prints goes to the run's engine log.
 *
 * @throws Fault with the engine's own error messages when it fails (exit code 2 when rules of the policy pack are all that is wrong)
 * @throws the signal's reason when it was interrupted; nothing of it runs on then
 */
export async function runEngine(run: EngineRun): Promise<EngineOutcome> {
    const reader = new EventReader();
    const events = await serveEvents((event) => {
        reader.read(event);
        run.progress(reader.progress);
    });
    try {
        const code = await spawnEngine(run, events.address);
        run.signal.throwIfAborted();
        if (code !== 0) throw engineFault(run, reader.outcome, code);
        return reader.outcome;
    } finally {
        events.close();
    }
}

async function spawnEngine(run: EngineRun, eventLog: string): Promise<number> {
    const flags = ["--non-interactive", "--color", "never", "--suppress-permalink", "--event-log", eventLog];
    const child = spawnOnLeash(run.pulumi, [run.command, ...flags, ...run.arguments], {
        cwd: run.paths.workspace,
        // The engine knows --event-log only with its commands for debugging switched on.
        env: { ...run.env, PULUMI_DEBUG_COMMANDS: "true", ...(changing.has(run.command) ? saveAtEnd : {}) },
        signal: run.signal,
        graceMs,
    });
    const log = onDisk(run.paths.engineLog, () =>
        fs.createWriteStream(run.paths.engineLog, { mode: 0o600, flags: "w" }),
    );
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const { code } = await child.ended;
    await new Promise((resolve) => log.end(resolve));
    return code;
}

/** What a person is told of an engine that failed. */
export function engineFault(
    run: Pick<EngineRun, "command" | "calledBy" | "paths">,
    outcome: EngineOutcome,
    code: number,
): Fault {
    const broken = outcome.violations.filter((violation) => violation.mandatory);
    const rules = broken.map(({ policy, urn, message }) => `${policy}: ${message} (${urn.split("::").at(-1)})`);
    const errors = outcome.errors.filter((error) => !/^(update|preview) failed$/.test(error));
    const said = hasDiagnosis(outcome) ? [...rules, ...errors] : lastLines(run.paths.engineLog, code);
    const onlyRules = rules.length > 0 && errors.length === 0;
    return new Fault(
        `pulumi ${run.command} failed:\n${said.map(indented).join("\n")}`,
        `correct what it names and run npx ${run.calledBy} again; the engine's own output is in ${run.paths.engineLog}`,
        onlyRules ? exitCodes.found : exitCodes.fault,
    );
}

function lastLines(log: string, code: number): readonly string[] {
    const lines = fs.readFileSync(log, "utf8").trim().split("\n").slice(-logLines);
    return lines.join("") === "" ? [`it ended with code ${code} without a word`] : lines;
}

function indented(text: string): string {
    return text
        .split("\n")
        .map((line) => `  ${line}`)
        .join("\n");
}
