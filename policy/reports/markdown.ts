import { table } from "../documentation";
import type { Rule } from "../rule";
import { type ControlCoverage, controlCoverage, editionOf, type RuleResult, ruleResults } from "./coverage";
import { digestOf } from "./evidence";
import { outsideCode } from "./outside";
import type { PolicyReport, ReportedFinding } from "./report";

/** The report as a page that a person reads and signs: what was found, what was excepted, and how far the rules reach. */
export function toMarkdown(report: PolicyReport, rules: readonly Rule[]): string {
    return [
        "# Policy report",
        ...summary(report),
        ...unreadable(report),
        ...findings(report),
        ...exceptions(report),
        ...coverageByControl(report, rules),
        ...coverageByRule(report, rules),
        ...outside(),
        ...evidence(report),
    ]
        .join("\n\n")
        .concat("\n");
}

function summary({ date, version, subjects, findings, unreadable }: PolicyReport): readonly string[] {
    const rows = subjects.map(({ name, source, environment }) => {
        const own = findings.filter(({ subject }) => subject === name);
        const count = (keep: (finding: ReportedFinding) => boolean) => `${own.filter(keep).length}`;
        return [
            code(name),
            code(source),
            environment,
            count(({ level }) => level === "mandatory"),
            count(({ level, decided, exception }) => level === "advisory" && decided && !exception),
            count(({ decided }) => !decided),
            count(({ exception }) => exception !== undefined),
        ];
    });
    const broken = unreadable.length === 0 ? "" : ` ${unreadable.length} documents could not be read.`;
    return [
        `Made for ${date} by version ${version} of the policy pack. A rule supports a control; it never meets one by itself.${broken}`,
        table(["Judged", "From", "Rules of", "Mandatory", "Advisory", "Not decided", "Exempt"], rows),
    ];
}

function unreadable({ unreadable }: PolicyReport): readonly string[] {
    if (unreadable.length === 0) return [];
    const lines = unreadable.map(({ file, line, problem }) => `- ${code(`${file}:${line}`)}: ${text(problem)}`);
    return ["## Not judged", lines.join("\n")];
}

function findings(report: PolicyReport): readonly string[] {
    const own = report.findings.filter(({ exception }) => !exception);
    const part = (title: string, shown: readonly ReportedFinding[]) =>
        shown.length === 0 ? [] : [`### ${title} (${shown.length})`, findingsTable(shown)];
    if (own.length === 0) return ["## Findings", "None."];
    return [
        "## Findings",
        ...part(
            "Mandatory",
            own.filter(({ level }) => level === "mandatory"),
        ),
        ...part(
            "Advisory",
            own.filter(({ level, decided }) => level === "advisory" && decided),
        ),
        ...part(
            "Not decided",
            own.filter(({ decided }) => !decided),
        ),
    ];
}

function findingsTable(shown: readonly ReportedFinding[]): string {
    const rows = shown.map((finding) => [
        finding.rule,
        finding.severity,
        finding.subject,
        code(placeOf(finding)),
        text(finding.message),
    ]);
    return table(["Rule", "Severity", "In", "Resource", "What is wrong; what to do"], rows);
}

/** The resource as Pulumi shows it to people, or the object and where it stands. */
function placeOf({ file, line, resource, kind, name }: ReportedFinding): string {
    if (line !== undefined) return `${file}:${line} ${kind} ${name}`.trim();
    const [, , types = "", ...own] = resource.split("::");
    return own.length === 0 ? resource : `${types.split("$").at(-1)}::${own.join("::")}`;
}

function exceptions({ findings }: PolicyReport): readonly string[] {
    const used = findings.flatMap((finding) => {
        const { rule, subject, exception } = finding;
        return exception ? [[rule, subject, code(placeOf(finding)), text(exception.reason)]] : [];
    });
    const none = "None was needed.";
    return [
        "## Exemptions used",
        used.length === 0 ? none : table(["Rule", "In", "Resource", "Why and until when"], used),
    ];
}

function coverageByControl(report: PolicyReport, rules: readonly Rule[]): readonly string[] {
    const controls = controlCoverage(report, rules);
    const editions = [...new Set(controls.map(({ control }) => editionOf(control)))];
    const subjects = report.subjects.map(({ name }) => name);
    return [
        "## Coverage by control",
        "Resources that each rule checked, and what it found. Nothing here says that a control is met.",
        ...editions.flatMap((edition) => [
            `### ${edition}`,
            table(
                ["Control", "Rule", ...subjects],
                controls.filter(({ control }) => editionOf(control) === edition).flatMap(controlRows),
            ),
        ]),
    ];
}

function controlRows({ control, rules }: ControlCoverage): readonly (readonly string[])[] {
    return rules.map(({ rule, results }, index) => [index === 0 ? control.number : "", rule, ...results.map(inShort)]);
}

function inShort(result: RuleResult): string {
    if (result.pendingPart !== undefined) return `pending (part ${result.pendingPart})`;
    if (result.notApplicable !== undefined && result.checked === 0) return "not applicable";
    const counts = (["mandatory", "advisory", "exempt", "undecided"] as const).flatMap((what) =>
        result[what] === 0 ? [] : [`${result[what]} ${what === "undecided" ? "not decided" : what}`],
    );
    return [`${result.checked} checked`, ...counts].join(", ");
}

function coverageByRule(report: PolicyReport, rules: readonly Rule[]): readonly string[] {
    const results = ruleResults(report);
    const rows = rules.flatMap(({ id, title }) => {
        const idle = (results.get(id) ?? []).filter(({ notApplicable }) => notApplicable !== undefined);
        const reasons = new Map<string, string[]>();
        for (const { subject, notApplicable = "" } of idle) {
            reasons.set(notApplicable, [...(reasons.get(notApplicable) ?? []), subject]);
        }
        return [...reasons].map(([reason, subjects]) => [id, title, subjects.join(", "), reason]);
    });
    if (rows.length === 0) return [];
    return ["## Rules that judged nothing", table(["Rule", "What must be true", "In", "Why"], rows)];
}

function outside(): readonly string[] {
    const rows = outsideCode.map(({ framework, controls, about, shownBy }) => [framework, controls, about, shownBy]);
    return [
        "## What code cannot show",
        "Not in scope of code: no result above says anything about these, and none of them counts as met here.",
        table(["Framework", "Controls", "About", "Shown by"], rows),
    ];
}

function evidence(report: PolicyReport): readonly string[] {
    return [
        "## Evidence",
        [
            `- Digest: \`${digestOf(report)}\``,
            `- Of: findings, coverage, pack version ${report.version}, ${report.subjects.map(({ name }) => code(name)).join(", ")}, ${report.date}`,
            "- `npx tars policy ... --coverage FILE` writes what the digest is of: the field `report`, as `JSON.stringify` writes it.",
        ].join("\n"),
    ];
}

/** One line in a code span: nothing in it is Markdown or ends it. */
function code(raw: string): string {
    return `\`${oneLine(raw).replaceAll("`", "'")}\``;
}

/** One line that no name within it can turn into Markdown or HTML. */
function text(raw: string): string {
    return oneLine(raw).replace(/[\\`*_[\]<>#~]/g, (mark) => (mark === "<" ? "&lt;" : `\\${mark}`));
}

function oneLine(raw: string): string {
    return raw.replace(/\s+/g, " ").trim();
}
