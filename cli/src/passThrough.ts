import { spawn } from "node:child_process";
import { constants } from "node:os";
import { exitCodes, Fault } from "../../simulator/fault";

/**
 * Runs a command in place of this one: its terminal, its signals, its exit code.
 *
 * @throws Fault (exit code 4) when it cannot be started
 */
export function passThrough(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
): Promise<number> {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { stdio: "inherit", env });
        // A terminal signals the child too; a plain kill of this process must still reach it.
        for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
        process.on("SIGINT", () => undefined);
        child.on("error", (error) =>
            reject(
                new Fault(
                    `cannot start ${command}: ${error.message}`,
                    "run npx tars start: it builds what is missing",
                    exitCodes.prerequisite,
                ),
            ),
        );
        child.on("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
}
