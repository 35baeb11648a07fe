import { createHash } from "node:crypto";
import type { Rule } from "../rule";
import { type ControlCoverage, controlCoverage } from "./coverage";
import type { PolicyReport } from "./report";

/** A report's evidence for the record, and the sum that shows that nobody changed it since. */
export interface Evidence {
    /** `sha256:` of `report` as `JSON.stringify` writes it. */
    readonly digest: string;
    /** Findings, coverage, pack version, stacks and date. */
    readonly report: PolicyReport;
    /** The coverage by framework and control: made from the report. */
    readonly controls: readonly ControlCoverage[];
}

export function evidenceOf(report: PolicyReport, rules: readonly Rule[]): Evidence {
    return { digest: digestOf(report), report, controls: controlCoverage(report, rules) };
}

export function digestOf(report: PolicyReport): string {
    return `sha256:${createHash("sha256").update(JSON.stringify(report)).digest("hex")}`;
}
