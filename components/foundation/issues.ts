import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong, in words that let a person put it right. */
export interface Issue {
    /** Where: the key as it is written in the stack file, such as `tarsRag.replicas.max`. */
    readonly key: string;
    /** What is wrong, with the value that was given. */
    readonly problem: string;
    /** What to write or do instead. */
    readonly fix: string;
}

/** Collects everything that is wrong, so that a person repairs a stack file once and not once a mistake. */
export class Issues {
    private readonly found: Issue[] = [];

    add(key: string, problem: string, fix: string): void {
        this.found.push({ key, problem, fix });
    }

    get all(): readonly Issue[] {
        return this.found;
    }

    /** Names every issue; the engine shows the message of a RunError without a stack trace. */
    toError(subject: string): pulumi.RunError {
        return new pulumi.RunError(describe(subject, this.found));
    }

    /** @throws pulumi.RunError when there is an issue. */
    throwIfAny(subject: string): void {
        if (this.found.length > 0) throw this.toError(subject);
    }
}

function describe(subject: string, issues: readonly Issue[]): string {
    const count = issues.length === 1 ? "1 problem" : `${issues.length} problems`;
    const lines = issues.map(({ key, problem, fix }) => `  - ${key}: ${problem}\n      fix: ${fix}`);
    return [`${subject} has ${count}:`, ...lines].join("\n");
}
