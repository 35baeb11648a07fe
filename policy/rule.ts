import type { Stack } from "./resources/stack";
import type { Subject } from "./resources/subject";
import type { Environment, Purpose } from "./terms/environment";
import type { Exceptions } from "./terms/exceptions";
import type { Terms } from "./terms/terms";

export type Severity = "critical" | "high" | "medium" | "low";
/** `remediate` repairs a preview's inputs first; what is left is mandatory. */
export type Level = "mandatory" | "advisory" | "remediate";

/** One requirement of a framework that a rule supports. A rule supports a control, it never meets it alone. */
export interface Control {
    readonly framework: string;
    readonly version: string;
    readonly number: string;
}

/** A resource as the engine, the graph capture, a state file or a manifest gives it. */
export interface Resource {
    readonly urn: string;
    /** Pulumi type token. */
    readonly type: string;
    readonly name: string;
    readonly inputs: unknown;
    /** What the provider made of it; undefined where nobody has made it. Only rules about a stack are shown it. */
    readonly outputs?: unknown;
    /** Options that change what the engine does with it. @default none */
    readonly options?: ResourceOptions;
    /** Its provider; undefined where it has none, such as a component. */
    readonly provider?: Provider;
    /** URN of its parent. */
    readonly parent?: string;
    /**
     * URNs of the resources that the value of an input comes from, by the input's name. In the engine only stack rules see them.
     * @default none
     */
    readonly sources?: Readonly<Record<string, readonly string[]>>;
    /** Namespace for objects that name none, from the provider; without it such an object is in `default`. */
    readonly defaultNamespace?: string;
    /**
     * Where the resource comes from. A stack is complete: what is not in it does not exist. A manifest is a part of something
     * larger, holds no unknown values, and may leave its namespace to whoever applies it.
     * @default "stack"
     */
    readonly origin?: "stack" | "manifest";
}

export interface ResourceOptions {
    readonly protect?: boolean;
    readonly ignoreChanges?: readonly string[];
    /** Undefined where the program says nothing and the provider decides. */
    readonly deleteBeforeReplace?: boolean;
}

export interface Provider {
    /** Pulumi type token, such as `pulumi:providers:kubernetes`. */
    readonly type: string;
    readonly name: string;
    readonly inputs: unknown;
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
    readonly enum?: readonly string[];
    /** Regular expression; `description` says in words what it asks for. */
    readonly pattern?: string;
    readonly items?: SettingSchema;
    readonly properties?: Readonly<Record<string, SettingSchema>>;
    readonly required?: readonly string[];
}

export type Settings = Readonly<Record<string, unknown>>;

/** What a rule is run with, and what the stack is for; rules for production hold where that is not known. */
export interface Context extends Purpose {
    /** The rule's own settings. */
    readonly settings: Settings;
    /** The exceptions of the run, for the rule that judges them. */
    readonly exceptions: Exceptions;
}

/** A stack to be judged beside others. */
export interface StackToCompare {
    readonly name: string;
    readonly environment: Environment;
    readonly resources: readonly Resource[];
    /** The stack file as it stands, parsed; undefined where there is none, as for a state file. */
    readonly file?: unknown;
    /** The stack's outputs by name, a secret as `[secret]`; undefined where nobody has asked for them. */
    readonly outputs?: unknown;
    /** The policy pack that it is judged by; undefined where that is not the question. */
    readonly pack?: JudgingPack;
}

/** One stack of several that are judged together, as a rule sees it. */
export interface NamedStack extends Omit<StackToCompare, "resources"> {
    readonly stack: Stack;
}

/** A policy pack as it is run: for the rules that judge the pack itself. */
export interface JudgingPack {
    readonly rules: readonly Rule[];
    /** The pack configuration as it stands, parsed. @default none */
    readonly configuration?: unknown;
}

/**
 * An example that a rule is proven with: a change to the container or to the pod of an otherwise compliant Deployment,
 * or whole resources.
 */
export type Sample =
    | { readonly kind: "container"; readonly set: Readonly<Record<string, unknown>> }
    | { readonly kind: "pod"; readonly set: Readonly<Record<string, unknown>> }
    | {
          readonly kind: "resources";
          readonly resources: readonly Resource[];
          readonly environment?: Environment;
          /** What the pack's files say on that day. @default nothing, today */
          readonly terms?: Pick<Terms, "exemptions" | "vendors" | "today">;
      }
    | { readonly kind: "stacks"; readonly stacks: readonly StackToCompare[] };

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
    /**
     * Kinds it looks at, and only these come to it: `apps/Deployment` or `core/Secret` of Kubernetes, `aws:eks/Cluster` and
     * `azure-native:containerservice/ManagedCluster` of a cloud, or one of the names in resources/dispatch.ts that stand for many.
     */
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
    readonly check: (subject: Subject, report: Report, context: Context) => void;
    /** Repair `subject` in place where that is safe; says whether it changed anything. Only for level `remediate`. */
    readonly remediate?: (subject: Subject) => boolean;
}

/** Judges all resources of a stack together. */
export interface StackRule extends RuleEntry {
    readonly scope: "stack";
    /** `report` takes the resource that the observation is about first. */
    readonly check: (stack: Stack, report: StackReport, context: Context) => void;
    /** The part of the rule that needs several stacks beside each other; `tars policy` runs it, the engine sees one stack only. */
    readonly checkAcross?: CheckAcross;
}

/** Judges several stacks beside each other, outside the engine. */
export interface CrossStackRule extends RuleEntry {
    readonly scope: "stacks";
    readonly checkAcross: CheckAcross;
}

export type StackReport = (subject: Subject, observation: Observation) => void;

export type CheckAcross = (
    stacks: readonly NamedStack[],
    report: AcrossReport,
    context: { readonly settings: Settings },
) => void;

/** `about` is the resource, or where there is none the stack, that the observation is about. */
export type AcrossReport = (about: Subject | NamedStack, observation: Observation) => void;

export type Rule = ResourceRule | StackRule | CrossStackRule;
