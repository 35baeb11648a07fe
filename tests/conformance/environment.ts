import type { Circus } from "@jest/types";
import { TestEnvironment } from "jest-environment-node";

/** What the SDK rejects with when the engine ends before the program, as it does after a refused resource. */
const engineEnded = ["Resource monitor is terminating", "resource monitor shut down"];

/**
 * Node with one kind of unhandled rejection handled. An inline program registers its outputs without waiting; when the engine has
 * ended by then, nobody handles the SDK's rejection, and jest would blame whatever test runs at that moment.
 */
export default class EngineEnvironment extends TestEnvironment {
    handleTestEvent(event: Circus.Event): void {
        if (event.name !== "error" || event.promise === undefined) return;
        const { message }: { message?: unknown } = Object(event.error);
        if (engineEnded.some((text) => String(message).includes(text))) event.promise.catch(() => undefined);
    }
}
