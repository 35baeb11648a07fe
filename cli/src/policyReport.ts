import type { Finding, Remediation } from "tars-platform-policy/judge";
import type { BrokenDocument, Manifests } from "./policyManifests";

/** A finding on a manifest. A document that cannot be read is one of its own: rule `INPUT`, level `error`. */
export interface ManifestFinding {
    readonly file: string;
    /** First line of the object, or the line that cannot be read. */
    readonly line: number;
    readonly kind: string | null;
    readonly name: string | null;
    /** Null for an object that names none. */
    readonly namespace: string | null;
    readonly rule: string;
    readonly severity: Finding["severity"];
    readonly level: Finding["level"] | "error";
    readonly path: string;
    readonly message: string;
    readonly fix: string;
    readonly controls: Finding["controls"];
    readonly decided: boolean;
}

/** The findings on files, in the order of files and lines. */
export function toManifestFindings(
    findings: readonly Finding[],
    { manifests, broken }: Manifests,
): readonly ManifestFinding[] {
    const places = new Map(manifests.map(({ resource, file, line }) => [resource.urn, { file, line }]));
    const judged = findings.map(({ resource, type, namespace, ...finding }) => {
        const { file, line } = places.get(resource) ?? { file: resource, line: 1 };
        return { file, line, ...finding, namespace: namespace === "" ? null : namespace };
    });
    return [...broken.map(toFinding), ...judged].sort(inOrder);
}

function toFinding({ file, line, problem }: BrokenDocument): ManifestFinding {
    return {
        file,
        line,
        kind: null,
        name: null,
        namespace: null,
        rule: "INPUT",
        severity: "high",
        level: "error",
        path: "",
        message: `line ${line}: ${problem}`,
        fix: "correct the YAML, or render the template first",
        controls: [],
        decided: false,
    };
}

function inOrder(a: ManifestFinding, b: ManifestFinding): number {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1;
    return a.line - b.line || (a.rule === b.rule ? 0 : a.rule < b.rule ? -1 : 1);
}

/** Findings for people: grouped by resource, then each exemption that was used, and the counts. */
export function asText(findings: readonly Finding[], remediations: readonly Remediation[]): string {
    const repaired = remediations.map(({ rule, resource }) => `${resource}\n  repaired   ${rule}`);
    const parts = [...groups(findings, ({ resource }) => resource), ...repaired, ...exemptions(findings)];
    return [...parts, summary(findings), ""].join("\n");
}

/** What would have stopped an update, had not somebody answered for it: never left to be found among the advice. */
function exemptions(findings: readonly Finding[]): readonly string[] {
    const used = findings.flatMap(({ rule, resource, exception }) =>
        exception ? [`  ${rule.padEnd(8)} ${resource}\n           ${exception.reason}`] : [],
    );
    return used.length === 0 ? [] : ["exemptions used:", ...new Set(used)];
}

/** Findings on files for people. */
export function manifestsAsText(findings: readonly ManifestFinding[]): string {
    const place = ({ file, line, kind, name }: ManifestFinding) =>
        `${file}:${line}${kind === null ? "" : ` ${kind} ${name ?? ""}`}`;
    return [...groups(findings, place), summary(findings), ""].join("\n");
}

interface Line {
    readonly rule: string;
    readonly level: string;
    readonly severity: string;
    readonly message: string;
    readonly decided: boolean;
    readonly exception?: unknown;
}

function groups<T extends Line>(findings: readonly T[], place: (finding: T) => string): readonly string[] {
    const grouped = new Map<string, string[]>();
    for (const finding of findings) {
        const title = place(finding);
        grouped.set(title, [...(grouped.get(title) ?? [title]), asLine(finding)]);
    }
    return [...grouped.values()].map((lines) => lines.join("\n"));
}

function asLine({ level, rule, severity, message }: Line): string {
    return `  ${level.padEnd(10)} ${rule.padEnd(8)} ${severity.padEnd(8)} ${message}`;
}

function summary(findings: readonly Line[]): string {
    const count = (level: string) => findings.filter((finding) => finding.level === level).length;
    const undecided = findings.filter(({ decided, level }) => !decided && level !== "error").length;
    const unreadable = count("error");
    const exempt = findings.filter(({ exception }) => exception).length;
    return (
        `${count("mandatory")} mandatory, ${count("advisory")} advisory (${undecided} not decided)` +
        (exempt > 0 ? `, ${exempt} of them exempt` : "") +
        (unreadable > 0 ? `, ${unreadable} unreadable` : "")
    );
}
