import { type Configuration, defaultConfiguration } from "./configuration";
import { type Coverage, checkedBy } from "./coverage";
import { evaluateAcross, evaluateResource, evaluateStack, remediate, type Statement } from "./evaluate";
import { rules } from "./registry";
import { Dispatch } from "./resources/dispatch";
import { StackIndex } from "./resources/stack";
import type { Control, Resource, Rule, Severity, StackToCompare } from "./rule";
import { type Exception, Exceptions } from "./terms/exceptions";
import { bareTerms, contextOf, levelOf, pendingEntry, pendingWords, type Terms } from "./terms/terms";

export { type Configuration, readConfiguration } from "./configuration";
export type { Coverage } from "./coverage";
export { rules } from "./registry";
export type { Control, Provider, Resource, Rule, Severity, StackToCompare } from "./rule";
export type { Problem } from "./schema";
export { type Environment, environments, type Purpose, purposeOf, unstated } from "./terms/environment";
export type { Exception } from "./terms/exceptions";
export { PackFilesError, readPackFiles } from "./terms/files";
export { bareTerms, type Terms, today } from "./terms/terms";

/** A rule that a resource breaks, or whose verdict on it cannot be known yet. */
export interface Finding {
    /** Catalogue number, such as POD-01. */
    readonly rule: string;
    readonly severity: Severity;
    /** `mandatory` stops a preview or an update. */
    readonly level: "mandatory" | "advisory";
    /** URN of the resource. */
    readonly resource: string;
    /** Pulumi type token of the resource. */
    readonly type: string;
    /** The object's kind, name and namespace; the namespace is empty where it has none. */
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
    /** Property path within the resource. */
    readonly path: string;
    readonly message: string;
    readonly fix: string;
    readonly controls: readonly Control[];
    /** False where a value that decides it is not known before the update; such a finding is advisory. */
    readonly decided: boolean;
    /** Why a mandatory rule does not stop the update here. */
    readonly exception?: Exception;
}

/** A resource that a rule repaired before it was judged. */
export interface Remediation {
    readonly rule: string;
    readonly resource: string;
}

export interface Verdict {
    /** Sorted by resource, rule and path. */
    readonly findings: readonly Finding[];
    readonly remediations: readonly Remediation[];
    /** Every rule of the pack, in its order. */
    readonly coverage: readonly Coverage[];
}

/**
 * Judge the resources of a stack, or of files, by every rule of the pack, in this process: the same findings as `pulumi preview
 * --policy-pack` gives for the same inputs. Nothing is changed: what the engine would repair is repaired in a copy, files are judged
 * as they stand. Never throws.
 *
 * @param terms what the pack's own files say, `readPackFiles`; without them every rule has its own level and nothing is excepted
 */
export function judge(
    resources: readonly Resource[],
    configuration: Configuration = defaultConfiguration,
    terms: Terms = bareTerms,
): Verdict {
    const run = new Run(terms, configuration);
    const remediations: Remediation[] = [];
    const repaired = resources.map((resource) => repair(resource, run, remediations));
    const index = new StackIndex(repaired);
    const findings = [...run.judgeEach(repaired), ...run.judgeTogether(index)];
    return { findings: findings.sort(inOrder), remediations, coverage: run.coverage(index) };
}

/** Judge several stacks beside each other by the rules that compare stacks. Never throws. */
export function judgeAcross(
    stacks: readonly StackToCompare[],
    configuration: Configuration = defaultConfiguration,
    terms: Terms = bareTerms,
): readonly Finding[] {
    const run = new Run(terms, configuration);
    return run.active
        .flatMap((rule) => run.findings(rule, evaluateAcross(rule, stacks, run.contextOf(rule))))
        .sort(inOrder);
}

/** The rules, under the terms and the configuration of one run. */
class Run {
    readonly active: readonly Rule[];
    private readonly exceptions: Exceptions;
    private readonly dispatch: Dispatch;

    constructor(
        readonly terms: Terms,
        private readonly configuration: Configuration,
    ) {
        this.active = rules.filter((rule) => this.levelOf(rule) !== "disabled");
        this.exceptions = new Exceptions(terms);
        this.dispatch = new Dispatch(this.active);
    }

    levelOf(rule: Rule) {
        return levelOf(rule, this.terms, this.configuration);
    }

    contextOf(rule: Rule) {
        return contextOf(rule, this.exceptions, this.configuration.settingsOf(rule));
    }

    judgeEach(resources: readonly Resource[]): readonly Finding[] {
        return resources.flatMap((resource) =>
            this.dispatch
                .rulesFor(resource.type)
                .flatMap((rule) => this.findings(rule, evaluateResource(rule, resource, this.contextOf(rule)))),
        );
    }

    judgeTogether(index: StackIndex): readonly Finding[] {
        return this.active.flatMap((rule) => {
            if (rule.scope !== "stack" || pendingEntry(rule, this.terms, index) !== undefined) return [];
            return this.findings(rule, evaluateStack(rule, index, this.contextOf(rule)));
        });
    }

    findings(rule: Rule, statements: readonly Statement[]): readonly Finding[] {
        const advisory = this.levelOf(rule) === "advisory";
        return statements.map((statement) =>
            toFinding(rule, statement, { advisory, exception: this.exceptions.of(rule, statement) }),
        );
    }

    coverage(index: StackIndex): readonly Coverage[] {
        const count = checkedBy(index);
        return rules.map((rule) => {
            const idle = this.idle(rule, index);
            if (idle) return { rule: rule.id, checked: 0, ...idle };
            const checked = count(rule);
            return {
                rule: rule.id,
                checked,
                ...(checked === 0 ? { notApplicable: `no ${rule.kinds.join(", ")}` } : {}),
            };
        });
    }

    /** Why a rule judges nothing here, whatever the stack holds. */
    private idle(rule: Rule, index: StackIndex): Pick<Coverage, "notApplicable" | "pendingPart"> | undefined {
        if (this.levelOf(rule) === "disabled") return { notApplicable: "disabled by the pack configuration" };
        if (rule.scope === "stacks") return { notApplicable: "compares stacks" };
        const pending = pendingEntry(rule, this.terms, index);
        return pending && { notApplicable: pendingWords(pending), pendingPart: pending.part };
    }
}

/** The resource as it is after every remediation that is on, in the order of the rules, as in the engine. */
function repair(resource: Resource, run: Run, done: Remediation[]): Resource {
    if (resource.origin === "manifest") return resource;
    const copy = { ...resource, inputs: copyOf(resource.inputs) };
    for (const rule of run.active) {
        if (rule.scope !== "resource" || run.levelOf(rule) !== "remediate") continue;
        if (remediate(rule, copy)) done.push({ rule: rule.id, resource: resource.urn });
    }
    return copy;
}

function copyOf(raw: unknown): unknown {
    if (Array.isArray(raw)) return raw.map(copyOf);
    if (typeof raw !== "object" || raw === null) return raw;
    return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, copyOf(value)]));
}

interface Standing {
    readonly advisory: boolean;
    readonly exception: Exception | undefined;
}

function toFinding(rule: Rule, statement: Statement, { advisory, exception }: Standing): Finding {
    const { resource, object, path, message, fix, decided } = statement;
    return {
        rule: rule.id,
        severity: rule.severity,
        level: advisory || statement.advisory || exception ? "advisory" : "mandatory",
        resource: resource.urn,
        type: resource.type,
        ...object,
        path,
        message: exception ? `${message} [${exception.reason}]` : message,
        fix,
        controls: rule.controls,
        decided,
        ...(exception ? { exception } : {}),
    };
}

function inOrder(a: Finding, b: Finding): number {
    return compare(a.resource, b.resource) || compare(a.rule, b.rule) || compare(a.path, b.path);
}

/** By code point, so that the order is the same in every locale. */
function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
