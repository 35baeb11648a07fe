import { Fault } from "../../../simulator/fault";
import { checkProgram } from "../check";
import type { CaptureAnswer } from "./capture";

// Runs the program on one stack and hands what it registers to the process that started this one (capture.ts).

/** Nothing of a capture outlives whoever asked for it. */
process.once("disconnect", () => process.exit());

async function answer(stack: string): Promise<CaptureAnswer> {
    try {
        return { kind: "registered", registrations: await checkProgram(stack) };
    } catch (error) {
        if (error instanceof Fault) {
            return { kind: "refused", message: error.message, fix: error.fix, exitCode: error.exitCode };
        }
        return { kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
}

answer(process.argv[2] ?? "").then((found) => process.send?.(found, () => process.disconnect()));
