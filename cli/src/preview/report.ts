import { findingLine, stopLines } from "./finding";
import { fit, type Section } from "./fit";
import { type Change, type Operation, operations, type Preview } from "./read";
import { isStateful } from "./stateful";
import { block, code, publicText } from "./text";

export interface ReportOptions {
    readonly stack: string;
    readonly preview: Preview;
    /** What the engine printed beside its result; shown when the preview failed. @default nothing */
    readonly talk?: string;
    /** @default 0 */
    readonly exitCode?: number;
    /** Most characters of the report. @default 30000 - two stacks in one comment; GitHub takes 65,536 characters */
    readonly longest?: number;
}

const words: Readonly<Record<Operation, { readonly toDo: string; readonly title: string }>> = {
    delete: { toDo: "to delete", title: "Delete" },
    replace: { toDo: "to replace", title: "Replace" },
    update: { toDo: "to update", title: "Update" },
    create: { toDo: "to create", title: "Create" },
    import: { toDo: "to import", title: "Import" },
};

/** A preview as a reviewer reads it, in Markdown: what is lost first, never a value. */
export function previewReport({ stack, preview, talk = "", exitCode = 0, longest = 30_000 }: ReportOptions): string {
    const failed = !preview.succeeded || exitCode !== 0;
    const head = [
        `### Preview of ${code(stack)}: ${failed ? "**failed**" : summary(preview)}`,
        ...(failed ? [failure(preview, talk, exitCode)] : []),
        ...banner(preview.changes),
        // Nobody may take its zeros for an answer.
        ...(failed ? ["What it had seen by then:"] : []),
        table(preview),
    ];
    return fit(head.join("\n\n"), sections(preview), longest);
}

function summary({ changes }: Preview): string {
    const counts = operations.map((op) => [op, changes.filter((change) => change.op === op).length] as const);
    const parts = counts.flatMap(([op, count]) => (count > 0 ? [`${count} ${words[op].toDo}`] : []));
    return parts.join(", ") || "no changes";
}

function failure({ errors, findings = [] }: Preview, talk: string, exitCode: number): string {
    const mandatory = findings.filter((finding) => finding.mandatory).length;
    const said = errors.length > 0 ? errors.join("\n") : talk;
    return [
        mandatory > 0 ? `${counted(mandatory, "mandatory policy finding")} must be mended first.` : "",
        errors.length + mandatory === 0 ? "The engine did not come to its end." : "",
        exitCode === 0 ? "" : `pulumi ended with ${exitCode}.`,
        said.trim() === "" ? "" : `\n\n${block(said)}`,
    ]
        .filter((part) => part !== "")
        .join(" ")
        .replace(" \n", "\n")
        .trim();
}

/** GitHub shows a quote that begins with [!CAUTION] in red. */
function banner(changes: readonly Change[]): readonly string[] {
    const lost = changes.filter(({ op, type }) => (op === "delete" || op === "replace") && isStateful(type));
    if (lost.length === 0) return [];
    const shown = lost.slice(0, 10).map((change) => `> - ${words[change.op].title} ${resource(change)}`);
    const left = lost.length - shown.length;
    return [
        [
            "> [!CAUTION]",
            `> **${counted(lost.length, "stateful resource")} would be deleted or replaced. What it holds does not come back by itself.**`,
            ...shown,
            ...(left > 0 ? [`> - … and ${left} more`] : []),
        ].join("\n"),
    ];
}

function table({ changes, unchanged, findings }: Preview): string {
    const count = (op: Operation) => changes.filter((change) => change.op === op).length;
    const policy =
        findings === undefined
            ? "not in this output"
            : `${findings.filter(({ mandatory }) => mandatory).length} mandatory, ${findings.filter(({ mandatory }) => !mandatory).length} advisory`;
    const columns = operations.filter((op) => op !== "import" || count(op) > 0);
    const rows = [
        [...columns.map((op) => words[op].title), "Unchanged", "Policy"],
        [...columns, "", ""].map(() => "---"),
        [...columns.map((op) => `${count(op)}`), `${unchanged}`, policy],
    ];
    return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function sections({ changes, findings = [], warnings }: Preview): readonly Section[] {
    const mandatory = findings.filter((finding) => finding.mandatory);
    const advisory = findings.filter((finding) => !finding.mandatory);
    return [
        ...open("Mandatory policy findings", mandatory.map(stopLines).sort(), "findings"),
        ...operations.flatMap((op) => {
            const lines = changes.filter((change) => change.op === op).map(changeLine);
            return op === "delete" || op === "replace"
                ? open(words[op].title, lines, "changes")
                : folded(words[op].title, lines, "changes");
        }),
        ...folded("Advisory policy findings", advisory.map(findingLine).sort(), "findings"),
        ...folded(
            "Warnings",
            warnings.map((warning) => `- ${code(publicText(warning), 300)}`),
            "warnings",
        ),
    ];
}

function open(title: string, lines: readonly string[], what: string): readonly Section[] {
    return lines.length === 0 ? [] : [{ opening: `#### ${title} (${lines.length})`, lines, what }];
}

function folded(title: string, lines: readonly string[], what: string): readonly Section[] {
    const opening = `<details><summary>${title} (${lines.length})</summary>`;
    return lines.length === 0 ? [] : [{ opening, lines, closing: "</details>", what }];
}

function changeLine(change: Change): string {
    const shown = change.paths.slice(0, 6).map((path) => code(path));
    const left = change.paths.length - shown.length;
    const because = change.op === "replace" ? "because of " : "";
    const paths = shown.length === 0 ? "" : `: ${because}${shown.join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
    return `- ${resource(change)}${paths}`;
}

function resource({ op, type, name, retained }: Change): string {
    const kept = retained && op === "delete" ? " (the object itself is kept: retainOnDelete)" : "";
    return `${code(type)} ${code(name)}${kept}`;
}

function counted(count: number, what: string): string {
    return `${count} ${what}${count === 1 ? "" : "s"}`;
}
