import { type Configuration, defaultConfiguration } from "./configuration";
import { evaluateResource, evaluateStack, remediate, type Statement } from "./evaluate";
import { rules } from "./registry";
import type { Control, Resource, Rule, Severity } from "./rule";

export { type ConfigurationProblem, readConfiguration } from "./configuration";
export { rules } from "./registry";
export type { Control, Resource, Rule, Severity } from "./rule";

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
}

/**
 * Judge resources by every rule of the pack, in this process: the same findings as `pulumi preview --policy-pack` gives for the same
 * inputs. Nothing is changed: what the engine would repair is repaired in a copy, files are judged as they stand. Never throws.
 */
export function judge(resources: readonly Resource[], configuration: Configuration = defaultConfiguration): Verdict {
    const remediations: Remediation[] = [];
    const repaired = resources.map((resource) => repair(resource, configuration, remediations));
    const findings = rules.flatMap((rule) => {
        if (configuration.levelOf(rule) === "disabled") return [];
        return evaluate(rule, repaired, configuration).map((statement) => toFinding(rule, statement, configuration));
    });
    return { findings: findings.sort(inOrder), remediations };
}

function evaluate(rule: Rule, resources: readonly Resource[], configuration: Configuration): readonly Statement[] {
    const settings = configuration.settingsOf(rule);
    if (rule.scope === "stack") return evaluateStack(rule, resources, settings);
    return resources.flatMap((resource) => evaluateResource(rule, resource, settings));
}

/** The resource as it is after every remediation that is on, in the order of the rules, as in the engine. */
function repair(resource: Resource, configuration: Configuration, done: Remediation[]): Resource {
    if (resource.origin === "manifest") return resource;
    const copy = { ...resource, inputs: copyOf(resource.inputs) };
    for (const rule of rules) {
        if (rule.scope !== "resource" || configuration.levelOf(rule) !== "remediate") continue;
        if (remediate(rule, copy)) done.push({ rule: rule.id, resource: resource.urn });
    }
    return copy;
}

function copyOf(raw: unknown): unknown {
    if (Array.isArray(raw)) return raw.map(copyOf);
    if (typeof raw !== "object" || raw === null) return raw;
    return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, copyOf(value)]));
}

function toFinding(rule: Rule, statement: Statement, configuration: Configuration): Finding {
    const advisory = statement.advisory || configuration.levelOf(rule) === "advisory";
    const { resource, object, path, message, fix, decided } = statement;
    return {
        rule: rule.id,
        severity: rule.severity,
        level: advisory ? "advisory" : "mandatory",
        resource: resource.urn,
        type: resource.type,
        ...object,
        path,
        message,
        fix,
        controls: rule.controls,
        decided,
    };
}

function inOrder(a: Finding, b: Finding): number {
    return compare(a.resource, b.resource) || compare(a.rule, b.rule) || compare(a.path, b.path);
}

/** By code point, so that the order is the same in every locale. */
function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}
