import { table } from "../terminal";
import type { CheckedChart } from "./checkup";

const columns = ["chart", "version", "stack", "state", "objects", "hooks", "Pod Security"] as const;

/** The table for people, a line a chart and stack, and how many are which. */
export function asText(charts: readonly CheckedChart[]): string {
    return `${table([columns, ...charts.map(cells)])}\n\n${summary(charts)}\n`;
}

/** The table for a document. */
export function asMarkdown(charts: readonly CheckedChart[]): string {
    const line = (row: readonly string[]) => `| ${row.join(" | ")} |`;
    const rows = charts.map((chart) => line(cells(chart)));
    return [line(columns), line(columns.map(() => "---")), ...rows, "", summary(charts), ""].join("\n");
}

function cells(chart: CheckedChart): readonly string[] {
    const { name, upstream } = chart.row;
    switch (chart.kind) {
        case "unused":
            return [name, upstream.version, "-", "in no stack", "-", "-", "-"];
        case "unverified":
            return [name, upstream.version, chart.stack, "unverified", "-", "-", "-"];
        case "rendered": {
            const state = isWrong(chart) ? "PROBLEM" : "rendered";
            const { stack, objects, hooks, podSecurity = "no pods" } = chart;
            return [name, upstream.version, stack, state, `${objects}`, `${hooks.length}`, podSecurity];
        }
    }
}

function summary(charts: readonly CheckedChart[]): string {
    const rows = new Map<string, CheckedChart["kind"]>();
    for (const { row, kind } of charts) if (rows.get(row.name) !== "unverified") rows.set(row.name, kind);
    const count = (kind: CheckedChart["kind"]) => [...rows.values()].filter((found) => found === kind).length;
    return `${rows.size} charts: ${count("rendered")} rendered, ${count("unverified")} unverified, ${count("unused")} in no stack`;
}

/** Why charts are unverified, and all that is wrong with the others, one a line. */
export function remarks(charts: readonly CheckedChart[]): {
    readonly unverified: readonly string[];
    readonly problems: readonly string[];
} {
    return {
        unverified: charts.flatMap((chart) =>
            chart.kind === "unverified" ? [`${chart.row.name} (${chart.stack}): ${chart.reason}`] : [],
        ),
        problems: charts.flatMap((chart) => {
            if (chart.kind !== "rendered") return [];
            const broken = chart.findings.map(({ rule, kind, name, message }) => `${rule} ${kind} ${name}: ${message}`);
            return [...chart.problems, ...broken].map((problem) => `${chart.row.name} (${chart.stack}): ${problem}`);
        }),
    };
}

function isWrong(chart: CheckedChart): boolean {
    return chart.kind === "rendered" && chart.problems.length + chart.findings.length > 0;
}
