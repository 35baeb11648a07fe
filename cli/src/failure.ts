import { exitCodes, Fault } from "../../simulator/fault";
import { Interrupted } from "./interrupt";
import { colour } from "./terminal";

/** Says what went wrong, for a person, on standard error. @returns the exit code */
export function showFailure(error: unknown): number {
    if (error instanceof Interrupted || causedByInterrupt(error)) {
        process.stderr.write("interrupted: everything this command began is stopped\n");
        return exitCodes.interrupted;
    }
    if (error instanceof Fault) {
        process.stderr.write(`${colour.red("error:")} ${error.message}\n  ${colour.bold("fix:")} ${error.fix}\n`);
        return error.exitCode;
    }
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(
        `${colour.red("error:")} ${message}\n  ${colour.bold("fix:")} this is a fault of tars itself; `,
    );
    process.stderr.write("run again with TARS_DEBUG=1 to see where it comes from, and report it\n");
    if (process.env.TARS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return exitCodes.fault;
}

/** Node wraps an AbortSignal's reason into an AbortError of its own. */
function causedByInterrupt(error: unknown): boolean {
    return (
        error instanceof Error &&
        (error.cause instanceof Interrupted || (error.name === "AbortError" && Interrupted.happened))
    );
}
