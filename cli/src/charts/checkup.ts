import type { Finding } from "tars-platform-policy/judge";
import { ensureHost } from "../../../simulator/engine";
import { captureStacks } from "../policy/capture";
import type { ProgressDisplay } from "../progress";
import { type ChartRow, chartRows, type DeclaredChart, declaredCharts } from "./declared";
import { judgeContents } from "./judged";
import { type RenderedChart, renderCharts } from "./rendered";

/** A chart in a stack, or a row of the table that no stack uses. */
export type CheckedChart =
    | { readonly kind: "unused"; readonly row: ChartRow }
    | { readonly kind: "unverified"; readonly row: ChartRow; readonly stack: string; readonly reason: string }
    | {
          readonly kind: "rendered";
          readonly row: ChartRow;
          readonly stack: string;
          readonly objects: number;
          readonly hooks: readonly string[];
          readonly podSecurity: string | undefined;
          readonly problems: readonly string[];
          /** Mandatory rules that its objects break. */
          readonly findings: readonly Finding[];
      };

export interface ChartCheckup {
    readonly stacks: readonly string[];
    /** Folder to take charts from. @default undefined - from where each stack takes them */
    readonly mirror?: string | undefined;
    readonly display: ProgressDisplay;
    readonly signal: AbortSignal;
}

/** Renders every chart of the stacks with their values, as far as it can be had, and judges what comes out. In the order of the table. */
export async function checkCharts({ stacks, mirror, display, signal }: ChartCheckup): Promise<readonly CheckedChart[]> {
    const captured = await captureStacks(stacks);
    const declared = [...captured].flatMap(([stack, registrations]) => declaredCharts(stack, registrations, mirror));
    const host = await ensureHost({ report: display.report, signal });
    const questions = declared.map(({ question }) => question);
    const answers = await renderCharts(host, questions, signal);
    const rendered = declared.map((chart, index) => ({ chart, answer: answers[index] ?? missing }));
    const findings = new Map(
        [...captured].flatMap(([stack, registrations]) => [
            ...judgeContents(stack, registrations, contentsOf(rendered, stack)),
        ]),
    );
    return chartRows.flatMap((row): readonly CheckedChart[] => {
        const own = rendered.filter(({ chart }) => chart.row === row);
        return own.length === 0 ? [{ kind: "unused", row }] : own.map((each) => checked(each, findings));
    });
}

const missing: RenderedChart = { kind: "unreachable", reason: "no answer" };

interface Answered {
    readonly chart: DeclaredChart;
    readonly answer: RenderedChart;
}

function contentsOf(rendered: readonly Answered[], stack: string) {
    return rendered.flatMap(({ chart, answer }) =>
        chart.stack === stack && answer.kind === "rendered"
            ? [{ chart: chart.registration, objects: answer.objects }]
            : [],
    );
}

function checked(
    { chart: { row, stack, registration }, answer }: Answered,
    findings: ReadonlyMap<string, readonly Finding[]>,
): CheckedChart {
    if (answer.kind === "unreachable") return { kind: "unverified", row, stack, reason: answer.reason };
    const { objects, ...rest } = answer;
    return { ...rest, row, stack, objects: objects.length, findings: findings.get(registration.urn) ?? [] };
}
