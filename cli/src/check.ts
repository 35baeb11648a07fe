import { exitCodes, Fault } from "../../simulator/fault";
import { readStackFile } from "../../simulator/session/stackFile";
import type { Registration } from "./registrations";

/**
 * Runs the program on the stack's settings with neither engine nor cluster, so that everything it refuses is said before anything is started.
 *
 * @throws Fault (exit code 3) with all that the program finds wrong with the stack's settings
 */
export async function checkProgram(stack: string): Promise<readonly Registration[]> {
    readStackFile(stack); // before the SDK, which takes seconds to load
    const { captureGraph }: typeof import("./graph") = require("./graph");
    try {
        return await captureGraph(stack);
    } catch (error) {
        // One failure of a program rejects every promise that waited for it; the first is reported.
        process.on("unhandledRejection", () => undefined);
        throw isRefusal(error) ? refusal(stack, error) : error;
    }
}

/** What the program throws on purpose, for people: pulumi.RunError and pulumi.ResourceError (sdk/nodejs/errors.ts). */
function isRefusal(error: unknown): error is Error {
    return error instanceof Error && ("__pulumiRunError" in error || "__pulumResourceError" in error);
}

function refusal(stack: string, error: Error): Fault {
    return new Fault(
        error.message,
        `correct Pulumi.${stack}.yaml; its keys are described by: npx tars schema`,
        exitCodes.configuration,
    );
}
