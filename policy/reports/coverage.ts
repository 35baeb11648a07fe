import type { Coverage } from "../judge";
import type { Control, Rule } from "../rule";
import type { PolicyReport, Subject } from "./report";

/** What became of one rule on one subject. */
export interface RuleResult {
    readonly subject: string;
    /** Resources of the kinds that the rule looks at. */
    readonly checked: number;
    /** Findings that stop an update, that advise, that are excepted, and that could not be decided; each finding counts once. */
    readonly mandatory: number;
    readonly advisory: number;
    readonly exempt: number;
    readonly undecided: number;
    /** Why the rule judged nothing. */
    readonly notApplicable?: string;
    /** The part of the plan that builds what the rule waits for. */
    readonly pendingPart?: number;
}

/** A requirement of a framework, and what the rules that support it came to. */
export interface ControlCoverage {
    readonly control: Control;
    readonly rules: readonly { readonly rule: string; readonly results: readonly RuleResult[] }[];
}

/** Every control that a rule of the pack supports, by framework and number, with all its rules. */
export function controlCoverage(report: PolicyReport, rules: readonly Rule[]): readonly ControlCoverage[] {
    const results = ruleResults(report);
    const byControl = new Map<string, { control: Control; rules: Rule[] }>();
    for (const rule of rules) {
        for (const control of rule.controls) {
            const key = `${editionOf(control)} ${control.number}`;
            const entry = byControl.get(key) ?? { control, rules: [] };
            entry.rules.push(rule);
            byControl.set(key, entry);
        }
    }
    return [...byControl.values()]
        .sort((a, b) => byFramework(a.control, b.control))
        .map((entry) => ({
            control: entry.control,
            rules: entry.rules.map(({ id }) => ({ rule: id, results: results.get(id) ?? [] })),
        }));
}

/** What became of each rule, on every subject in turn. */
export function ruleResults(report: PolicyReport): ReadonlyMap<string, readonly RuleResult[]> {
    const results = new Map<string, RuleResult[]>();
    for (const subject of report.subjects) {
        for (const coverage of subject.coverage) {
            const known = results.get(coverage.rule) ?? [];
            results.set(coverage.rule, [...known, resultOf(report, subject, coverage)]);
        }
    }
    return results;
}

function resultOf({ findings }: PolicyReport, subject: Subject, { rule, ...coverage }: Coverage): RuleResult {
    const own = findings.filter((finding) => finding.rule === rule && finding.subject === subject.name);
    const decided = own.filter((finding) => finding.decided);
    const count = (level: string) => decided.filter((each) => !each.exception && each.level === level).length;
    return {
        subject: subject.name,
        ...coverage,
        mandatory: count("mandatory"),
        advisory: count("advisory"),
        exempt: decided.filter(({ exception }) => exception).length,
        undecided: own.length - decided.length,
    };
}

export function editionOf({ framework, version }: Control): string {
    return `${framework} ${version}`;
}

const inNumbers = new Intl.Collator("en", { numeric: true });

function byFramework(a: Control, b: Control): number {
    return inNumbers.compare(editionOf(a), editionOf(b)) || inNumbers.compare(a.number, b.number);
}
