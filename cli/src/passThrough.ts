import * as fs from "node:fs";
import { spawnOnLeash } from "../../simulator/engine/leash";
import { exitCodes, Fault } from "../../simulator/fault";

interface PassedCommand {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    /** @default this process's own */
    readonly cwd?: string;
}

/**
 * Runs a command in place of this one: its terminal, its signals, its exit code. Nothing of it outlives this process.
 *
 * @returns its exit code, 128 + n when signal n ended it
 * @throws Fault (exit code 4) when it cannot be started
 */
export async function passThrough({ command, args, ...place }: PassedCommand): Promise<number> {
    requireProgram(command);
    const run = spawnOnLeash(command, args, { ...place, terminal: true });
    // The terminal interrupts the command too, and it decides; a plain kill of this process must still reach it.
    for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => void run.stop());
    process.on("SIGINT", () => undefined);
    return (await run.ended).code;
}

function requireProgram(command: string): void {
    try {
        fs.accessSync(command, fs.constants.X_OK);
    } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Fault(
            `cannot start ${command}: ${why}`,
            "run npx tars start: it builds what is missing",
            exitCodes.prerequisite,
        );
    }
}
