/** What a command of the project ends with; the same numbers everywhere (README, "Exit codes"). */
export const exitCodes = {
    done: 0,
    fault: 1,
    found: 2,
    configuration: 3,
    prerequisite: 4,
    interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that a person can act on: shown as message and fix, never as a stack trace. */
export class Fault extends Error {
    constructor(
        message: string,
        readonly fix: string,
        readonly exitCode: ExitCode = exitCodes.fault,
    ) {
        super(message);
        this.name = "Fault";
    }
}
