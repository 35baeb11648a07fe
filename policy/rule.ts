import type { Kind } from "./resources/kind";
import type { Subject } from "./resources/subject";

export type Severity = "critical" | "high" | "medium" | "low";
/** `remediate` repairs a preview's inputs first; what is left is mandatory. */
export type Level = "mandatory" | "advisory" | "remediate";

/** One requirement of a framework that a rule supports. A rule supports a control, it never meets it alone. */
export interface Control {
    readonly framework: string;
    readonly version: string;
    readonly number: string;
}

/** A resource as the engine, the graph capture or a manifest gives it. */
export interface Resource {
    readonly urn: string;
    /** Pulumi type token. */
    readonly type: string;
    readonly name: string;
    readonly inputs: unknown;
    /** Namespace for objects that name none, from the provider; without it such an object is in `default`. */
    readonly defaultNamespace?: string;
    /**
     * Where the resource comes from. A stack is complete: what is not in it does not exist. A manifest is a part of something
     * larger, holds no unknown values, and may leave its namespace to whoever applies it.
     * @default "stack"
     */
    readonly origin?: "stack" | "manifest";
}

/** What a rule says about one place. */
export interface Observation {
    /** Property path within the resource. */
    readonly path: string;
    /** What is wrong there, without any value that could be a secret. */
    readonly problem: string;
    /** @default the rule's own fix */
    readonly fix?: string;
    /** True for a branch that only advises, whatever the rule's level. @default false */
    readonly advisory?: boolean;
    /** Something the rule could not know, rather than something wrong. @default false */
    readonly undecided?: boolean;
}

export type Report = (observation: Observation) => void;

/** JSON schema of one setting of a rule in the pack configuration: the part of the language that the engine checks. */
export interface SettingSchema {
    readonly type: "string" | "boolean" | "integer" | "array" | "object";
    readonly description?: string;
    readonly minLength?: number;
    readonly minimum?: number;
    readonly items?: SettingSchema;
    readonly properties?: Readonly<Record<string, SettingSchema>>;
    readonly required?: readonly string[];
}

export type Settings = Readonly<Record<string, unknown>>;

/**
 * An example that a rule is proven with: a change to the container or to the pod of an otherwise compliant Deployment,
 * or whole resources.
 */
export type Sample =
    | { readonly kind: "container"; readonly set: Readonly<Record<string, unknown>> }
    | { readonly kind: "pod"; readonly set: Readonly<Record<string, unknown>> }
    | { readonly kind: "resources"; readonly resources: readonly Resource[] };

/** One branch of a rule: a sample that breaks it and the start of what the rule then says. */
export interface FailingSample {
    readonly sample: Sample;
    readonly problem: string;
}

interface RuleEntry {
    /** Catalogue number, such as POD-01: the policy's name in the engine. Never reused for another meaning. */
    readonly id: string;
    readonly title: string;
    readonly severity: Severity;
    readonly level: Level;
    /** Kinds it looks at, `group/Kind`, or "pod template" for every kind that holds one. */
    readonly kinds: readonly string[];
    readonly controls: readonly Control[];
    readonly why: string;
    readonly fix: string;
    readonly link: string;
    readonly samples: { readonly passing: readonly Sample[]; readonly failing: readonly FailingSample[] };
    /** Settings in the pack configuration. @default none */
    readonly settings?: Readonly<Record<string, SettingSchema>>;
}

/** Judges one resource by itself. */
export interface ResourceRule extends RuleEntry {
    readonly scope: "resource";
    readonly appliesTo: (kind: Kind) => boolean;
    readonly check: (subject: Subject, report: Report, settings: Settings) => void;
    /** Repair `subject` in place where that is safe; says whether it changed anything. Only for level `remediate`. */
    readonly remediate?: (subject: Subject) => boolean;
}

/** Judges all resources of a stack together. */
export interface StackRule extends RuleEntry {
    readonly scope: "stack";
    /** `report` takes the resource that the observation is about first. */
    readonly check: (subjects: readonly Subject[], report: StackReport, settings: Settings) => void;
}

export type StackReport = (subject: Subject, observation: Observation) => void;

export type Rule = ResourceRule | StackRule;
