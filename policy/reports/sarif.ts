import { createHash } from "node:crypto";
import type { Control, Rule, Severity } from "../rule";
import type { PolicyReport, ReportedFinding, Unreadable } from "./report";

/** Where the schema of SARIF 2.1.0 is published. */
const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** How bad a finding of a rule is by itself; what it does to an update is the level of the finding. */
const levels = { critical: "error", high: "error", medium: "warning", low: "note" } as const satisfies Record<
    Severity,
    string
>;

/**
 * The number that GitHub sorts by: above 9.0 critical, from 7.0 high, from 4.0 medium.
 *
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const scores = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" } as const satisfies Record<Severity, string>;

/** The report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), one run, for code scanning. */
export function toSarif(report: PolicyReport, rules: readonly Rule[]) {
    const indexes = new Map(rules.map(({ id }, index) => [id, index]));
    const driver = {
        name: "tars-platform-policy",
        semanticVersion: report.version,
        rules: rules.map(toDescriptor),
    };
    return {
        $schema: schema,
        version: "2.1.0",
        runs: [
            {
                tool: { driver },
                automationDetails: { id: `tars-policy/${report.subjects.map(({ name }) => name).join(",")}/` },
                columnKind: "utf16CodeUnits",
                invocations: [toInvocation(report.unreadable)],
                results: report.findings.map((finding) => toResult(finding, indexes.get(finding.rule))),
            },
        ],
    };
}

function toDescriptor({ id, title, why, fix, link, severity, scope, controls }: Rule) {
    return {
        id,
        shortDescription: { text: title },
        fullDescription: { text: why },
        help: {
            text: `${why} Fix: ${fix}. ${link}`,
            markdown: `${why}\n\n**Fix:** ${fix}\n\n[Background](${link})`,
        },
        helpUri: link,
        defaultConfiguration: { level: levels[severity] },
        properties: {
            tags: ["security", ...controls.map(nameOf)],
            "security-severity": scores[severity],
            precision: "very-high",
            severity,
            scope,
            controls,
        },
    };
}

function nameOf({ framework, version, number }: Control): string {
    return `${framework} ${version}: ${number}`;
}

/** What could not be read is no result of a rule: it is said of the run, which then does not count as a success. */
function toInvocation(unreadable: readonly Unreadable[]) {
    return {
        executionSuccessful: unreadable.length === 0,
        toolExecutionNotifications: unreadable.map(({ file, line, problem }) => ({
            level: "error",
            message: { text: problem },
            locations: [{ physicalLocation: toPhysical(file, line) }],
        })),
    };
}

function toResult(finding: ReportedFinding, ruleIndex: number | undefined) {
    const { rule, message, severity, level, decided, path, fix, controls } = finding;
    return {
        ruleId: rule,
        ...(ruleIndex === undefined ? {} : { ruleIndex }),
        ...standing(finding),
        message: { text: message },
        locations: [toLocation(finding)],
        partialFingerprints: { "tarsFinding/v1": fingerprint(finding) },
        ...suppressions(finding),
        properties: { severity, level, decided, path, fix, controls: controls.map(nameOf) },
    };
}

/** A result that is no failure has the level `none` and no other (SARIF 2.1.0, 3.27.10). */
function standing({ decided, level, severity }: ReportedFinding) {
    if (!decided) return { kind: "review", level: "none" };
    if (level === "mandatory") return { kind: "fail", level: "error" };
    return { kind: "fail", level: severity === "low" ? "note" : "warning" };
}

function suppressions({ exception }: ReportedFinding) {
    if (!exception) return {};
    return { suppressions: [{ kind: "external", status: "accepted", justification: exception.reason }] };
}

/** A resource of a stack is a logical place; its stack file stands for it where a viewer needs a file. */
function toLocation({ file, line, resource, kind, name }: ReportedFinding) {
    const physicalLocation = toPhysical(file, line);
    const logicalLocations = [{ fullyQualifiedName: resource, name, kind: kind === "" ? "resource" : kind }];
    return { physicalLocation, logicalLocations };
}

function toPhysical(file: string, line: number | undefined) {
    return { artifactLocation: { uri: uriOf(file) }, ...(line === undefined ? {} : { region: { startLine: line } }) };
}

/** A path as a URI: relative to where the command ran, as the file was given. */
function uriOf(file: string): string {
    if (file === "-") return "stdin";
    const path = file.split(/[\\/]/).map(encodeURIComponent).join("/");
    return path.startsWith("/") ? `file://${path}` : path.replace(/^[.][/]/, "");
}

/** The same finding has the same one in the next run, whatever line it then stands on. */
function fingerprint({ rule, resource, path, file, kind, name, namespace, line }: ReportedFinding): string {
    const place = line === undefined ? resource : [file, kind, namespace, name].join(" ");
    return createHash("sha256").update([rule, place, path].join("\n")).digest("hex");
}
