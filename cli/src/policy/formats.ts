import { writeFileSync } from "node:fs";
import { rules } from "tars-platform-policy/judge";
import { evidenceOf } from "tars-platform-policy/reports/evidence";
import { toMarkdown } from "tars-platform-policy/reports/markdown";
import type { PolicyReport, ReportedFinding } from "tars-platform-policy/reports/report";
import { toSarif } from "tars-platform-policy/reports/sarif";
import { exitCodes, Fault } from "../../../simulator/fault";
import { asText, manifestsAsText, toManifestFindings } from "../policyReport";
import type { Judged } from "./judged";

export const formats = ["text", "json", "sarif", "markdown"] as const;
export type Format = (typeof formats)[number];

/** The report as text of a format. */
export function render(judged: Judged, format: Format): string {
    return renderers[format](judged);
}

const renderers = {
    text: ({ report, remediations, manifests }) =>
        manifests
            ? manifestsAsText(toManifestFindings(report.findings, manifests))
            : asText(report.findings, remediations),
    json: ({ report: { findings }, manifests }) =>
        asJson(manifests ? toManifestFindings(findings.map(bare), manifests) : findings.map(bare)),
    sarif: ({ report }) => asJson(toSarif(report, rules)),
    markdown: ({ report }) => toMarkdown(report, rules),
} as const satisfies Record<Format, (judged: Judged) => string>;

/** The finding as the pack makes it: its URN says where it is. */
function bare({ subject, file, line, ...finding }: ReportedFinding) {
    return finding;
}

export function writeReport(text: string, file: string | undefined): void {
    if (file !== undefined) {
        writeOut(file, text);
        return;
    }
    // A reader such as `head` that has seen enough is no fault.
    process.stdout.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") throw error;
    });
    process.stdout.write(text);
}

export function writeCoverage(report: PolicyReport, file: string): void {
    writeOut(file, asJson(evidenceOf(report, rules)));
}

function writeOut(file: string, text: string): void {
    try {
        writeFileSync(file, text);
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Fault(`${file} cannot be written: ${reason}`, "give another file", exitCodes.configuration);
    }
}

function asJson(value: unknown): string {
    return `${JSON.stringify(value, undefined, 4)}\n`;
}
