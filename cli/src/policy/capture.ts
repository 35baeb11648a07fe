import { fork } from "node:child_process";
import module from "node:module";
import * as path from "node:path";
import { type ExitCode, Fault } from "../../../simulator/fault";
import { projectRoot } from "../../../simulator/session/paths";
import { checkProgram } from "../check";
import { inTurns } from "../inTurns";
import type { Registration } from "../registrations";

/** What a process that ran the program says to the one that asked for it. */
export type CaptureAnswer =
    | { readonly kind: "registered"; readonly registrations: readonly Registration[] }
    | { readonly kind: "refused"; readonly message: string; readonly fix: string; readonly exitCode: ExitCode }
    | { readonly kind: "failed"; readonly message: string };

/** The SDK of a cloud takes hundreds of megabytes. */
const atOnce = 2;

/**
 * What the program registers on each of the stacks. Several are run in a process each: the Pulumi runtime is global, and a program
 * loads the SDK of its own cloud only.
 *
 * @throws Fault (exit code 3) with all that the program refuses, of every stack
 */
export async function captureStacks(stacks: readonly string[]): Promise<ReadonlyMap<string, readonly Registration[]>> {
    const [only, ...others] = stacks;
    if (only === undefined) return new Map();
    if (others.length === 0) return new Map([[only, await checkProgram(only)]]);
    const answers = await inTurns(stacks, atOnce, captureBeside);
    const refused = answers.flatMap((answer) => (answer.kind === "refused" ? [answer] : []));
    const [first] = refused;
    if (first) {
        const said = refused.map(({ message }) => message).join("\n");
        throw new Fault(said, [...new Set(refused.map(({ fix }) => fix))].join("; "), first.exitCode);
    }
    return new Map(stacks.map((stack, index) => [stack, registrationsOf(stack, answers[index])]));
}

function registrationsOf(stack: string, answer: CaptureAnswer | undefined): readonly Registration[] {
    if (answer?.kind === "registered") return answer.registrations;
    const said = answer?.kind === "failed" ? answer.message : "no answer";
    throw new Error(`the program failed on ${stack}: ${said}`);
}

function captureBeside(stack: string): Promise<CaptureAnswer> {
    const cache = module.getCompileCacheDir?.();
    const child = fork(path.join(__dirname, "captureChild.ts"), [stack], {
        execArgv: ["--require", path.join(projectRoot, "runtime", "typescript.js")],
        env: { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(cache) }) },
        // Standard output is the report's; what the program has to say goes where this command's own words go.
        stdio: ["ignore", 2, 2, "ipc"],
    });
    return new Promise((resolve) => {
        child.once("message", (answer) =>
            resolve(isAnswer(answer) ? answer : { kind: "failed", message: "no answer" }),
        );
        child.once("error", ({ message }) => resolve({ kind: "failed", message }));
        child.once("exit", (code, signal) => resolve({ kind: "failed", message: `it ended with ${code ?? signal}` }));
    });
}

function isAnswer(message: unknown): message is CaptureAnswer {
    return typeof message === "object" && message !== null && "kind" in message;
}
