import type { Report, StepReport } from "../../simulator/engine/report";
import { colour, duration } from "./terminal";

/** Where progress is shown. */
export interface Screen {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
}

export interface ProgressDisplay {
    readonly report: Report;
    /** Says a line of its own between the progress. */
    readonly notice: (line: string) => void;
}

/** Without a terminal, one line a step and half minute is enough to see that something lives. */
const heartbeatMs = 30_000;

/** Progress on a terminal: one line that changes. Anywhere else: a plain line when a step begins, each 30 s, and when it ends. */
export function progressDisplay(
    screen: Screen = process.stderr,
    env: NodeJS.ProcessEnv = process.env,
): ProgressDisplay {
    return screen.isTTY === true && !env.CI && env.TERM !== "dumb" ? changingLine(screen) : plainLines(screen);
}

function changingLine(screen: Screen): ProgressDisplay {
    let open = false;
    const clear = (): void => {
        if (open) screen.write("\r\u001b[K");
        open = false;
    };
    return {
        report(step) {
            clear();
            if (step.state !== "running") return void screen.write(`${endedLine(step)}\n`);
            screen.write(runningLine(step).slice(0, (screen.columns ?? 80) - 1));
            open = true;
        },
        notice(line) {
            clear();
            screen.write(`${line}\n`);
        },
    };
}

function plainLines(screen: Screen): ProgressDisplay {
    const lastShown = new Map<string, number>();
    return {
        report(step) {
            const last = lastShown.get(step.step);
            const due = last === undefined || step.elapsedMs - last >= heartbeatMs;
            if (step.state === "running" && !due) return;
            lastShown.set(step.step, step.elapsedMs);
            screen.write(`${step.state === "running" ? runningLine(step) : endedLine(step)}\n`);
        },
        notice: (line) => void screen.write(`${line}\n`),
    };
}

function runningLine({ step, elapsedMs, expectedMs, detail }: StepReport): string {
    const expected = expectedMs === undefined ? "" : ` of about ${duration(expectedMs)}`;
    const parts = [elapsedMs < 1000 && expected === "" ? "" : `${duration(elapsedMs)}${expected}`, detail ?? ""];
    return `  ... ${[step, parts.filter((part) => part !== "").join(", ")].filter((part) => part !== "").join(": ")}`;
}

function endedLine({ step, state, elapsedMs, detail }: StepReport): string {
    const mark = state === "done" ? colour.green(" done") : colour.red(" FAILED");
    return `${mark} ${step} in ${duration(elapsedMs)}${detail === undefined ? "" : `: ${detail}`}`;
}
