import type { Coverage, Finding } from "../judge";
import type { Environment } from "../terms/environment";

/** What was judged, and what came of it. Every format but text is made from this. */
export interface PolicyReport {
    /** The day that it is made for, `2026-11-21`: exemptions hold or end by it. */
    readonly date: string;
    /** Version of the policy pack. */
    readonly version: string;
    readonly subjects: readonly Subject[];
    readonly findings: readonly ReportedFinding[];
    /** Documents that could not be read, and so were not judged. */
    readonly unreadable: readonly Unreadable[];
}

/** A stack, a state file, or manifests. */
export interface Subject {
    /** The stack's name, or `manifests`. */
    readonly name: string;
    /** Where it is written: a stack file, a state file, or the paths of manifests. */
    readonly source: string;
    readonly environment: Environment;
    /** Every rule of the pack. */
    readonly coverage: readonly Coverage[];
}

export interface ReportedFinding extends Finding {
    /** Name of the subject. */
    readonly subject: string;
    /** File that says what is wrong: of a stack, its stack file. */
    readonly file: string;
    /** First line of the object. @default the file as a whole */
    readonly line?: number;
}

export interface Unreadable {
    readonly file: string;
    readonly line: number;
    readonly problem: string;
}
