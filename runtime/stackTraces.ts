/**
 * Pulumi takes a stack trace of every promise that it makes, so that it can name one that never ends, and ts-node maps every frame of each to the
 * sources: a fifth of the program's time. Those errors have no message and nobody sees them; all others are mapped as before. With Pulumi's own
 * PULUMI_DEBUG_PROMISE_LEAKS the traces are shown, and mapped.
 */
const { prepareStackTrace: mapped } = Error;
if (mapped !== undefined && process.env.PULUMI_DEBUG_PROMISE_LEAKS === undefined) {
    Error.prepareStackTrace = (error, frames) =>
        error.message === "" ? frames.join("\n    at ") : mapped(error, frames);
}
