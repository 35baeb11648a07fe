import type {
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
} from "@pulumi/policy";
import { checkSettings } from "./configuration";
import { evaluateResource, evaluateStack, remediate, type Statement } from "./evaluate";
import { Value } from "./reading/value";
import { Dispatch } from "./resources/dispatch";
import { StackIndex } from "./resources/stack";
import type { Resource, ResourceRule, Rule, SettingSchema, Settings, StackRule } from "./rule";
import { unguarded } from "./sdk/unguarded";
import { levelIn } from "./terms/enforcement";
import { Exceptions } from "./terms/exceptions";
import { contextOf, pendingReason, type Terms } from "./terms/terms";

/** The type of the resource that every stack has once: a wrong pack configuration is reported on it. */
const stackType = "pulumi:pulumi:Stack";

type EnginePolicy = ResourceValidationPolicy | StackValidationPolicy;

/** What the policies of one run share. */
interface Run {
    readonly terms: Terms;
    readonly exceptions: Exceptions;
    readonly dispatch: Dispatch;
    /**
     * Inputs by URN, as the engine showed them with each resource. Rules about a stack are shown outputs, which are empty while the
     * provider is not configured, as in the first preview of a stack that makes its own cluster; so they get the inputs as well.
     */
    readonly inputs: Map<string, unknown>;
    /** The stack that is being judged right now. */
    index: StackIndex | undefined;
}

/** The rules as policies of the engine. Rules that compare stacks are not among them: the engine sees one stack. */
export function toPolicies(rules: readonly Rule[], terms: Terms): EnginePolicy[] {
    const run: Run = {
        terms,
        exceptions: new Exceptions(terms),
        dispatch: new Dispatch(rules),
        inputs: new Map(),
        index: undefined,
    };
    return rules.flatMap((rule): EnginePolicy[] => {
        if (rule.scope === "stacks") return [];
        return [rule.scope === "stack" ? toStackPolicy(rule, run) : toResourcePolicy(rule, run)];
    });
}

function toResourcePolicy(rule: ResourceRule, run: Run): ResourceValidationPolicy {
    const looksAt = (type: string) => run.dispatch.rulesFor(type).includes(rule);
    const policy: ResourceValidationPolicy = {
        ...describe(rule, run.terms),
        validateResource: (args, reportViolation) => {
            run.inputs.set(args.urn, unguarded(args.props));
            if (args.type === stackType) reportProblems(rule, args.getConfig<Settings>(), reportViolation);
            if (!looksAt(args.type)) return;
            const context = contextOf(rule, run.exceptions, args.getConfig<Settings>());
            report({ rule, run, reportViolation }, evaluateResource(rule, toResource(args), context));
        },
    };
    if (rule.remediate) {
        policy.remediateResource = (args) =>
            looksAt(args.type) && remediate(rule, toResource(args)) ? args.props : undefined;
    }
    return policy;
}

function toStackPolicy(rule: StackRule, run: Run): StackValidationPolicy {
    return {
        ...describe(rule, run.terms),
        validateStack: ({ resources, getConfig, notApplicable }, reportViolation) => {
            const settings = getConfig<Settings>();
            reportProblems(rule, settings, reportViolation);
            const index = indexOf(resources, run);
            const reason = pendingReason(rule, run.terms, index);
            if (reason !== undefined) notApplicable(reason);
            const context = contextOf(rule, run.exceptions, settings);
            report({ rule, run, reportViolation }, evaluateStack(rule, index, context));
        },
    };
}

/**
 * The stack that all rules are shown in one call of the engine: the SDK gives each the same resources anew, and runs them one after the other
 * without letting anything else happen between them.
 */
function indexOf(resources: readonly PolicyResource[], run: Run): StackIndex {
    if (run.index) return run.index;
    const index = new StackIndex(resources.map((resource) => toStackResource(resource, run)));
    run.index = index;
    setImmediate(() => {
        run.index = undefined;
    });
    return index;
}

function describe(rule: Rule, { enforcement, environment }: Terms): Policy {
    const policy: Policy = {
        name: rule.id,
        displayName: rule.title,
        description: rule.title,
        enforcementLevel: levelIn(enforcement, rule, environment),
        severity: rule.severity,
        remediationSteps: rule.fix,
        url: rule.link,
        tags: rule.controls.map(({ framework, version, number }) => `${framework} ${version}: ${number}`),
    };
    if (rule.settings) policy.configSchema = { properties: mapValues(rule.settings, toEngineSchema) };
    return policy;
}

function toResource({ urn, type, name, props, provider, opts }: ResourceValidationArgs | PolicyResource): Resource {
    const namespace = provider && defaultNamespaceOf(provider.props);
    return {
        urn,
        type,
        name,
        inputs: unguarded(props),
        options: {
            protect: opts.protect,
            ignoreChanges: opts.ignoreChanges,
            ...(opts.deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace: opts.deleteBeforeReplace }),
        },
        ...(provider
            ? { provider: { type: provider.type, name: provider.name, inputs: unguarded(provider.props) } }
            : {}),
        ...(namespace === undefined ? {} : { defaultNamespace: namespace }),
    };
}

function toStackResource(resource: PolicyResource, { inputs }: Run): Resource {
    const { urn, parent, propertyDependencies } = resource;
    return {
        ...toResource(resource),
        ...(inputs.has(urn) ? { inputs: inputs.get(urn) } : {}),
        outputs: unguarded(resource.props),
        ...(parent ? { parent: parent.urn } : {}),
        sources: mapValues(propertyDependencies, (sources) => sources.map(({ urn }) => urn)),
    };
}

function defaultNamespaceOf(provider: unknown): string | undefined {
    const namespace = Value.unheard(provider).get("namespace").text();
    return typeof namespace === "string" && namespace !== "" ? namespace : undefined;
}

/** A violation with a level of its own, which @pulumi/policy 1.21.0 takes (server.ts, makeReportViolationFun) but does not declare. */
interface Violation {
    readonly message: string;
    readonly enforcementLevel: "advisory";
    readonly urn: string;
}

interface Reporter {
    // A method, because the declared type of the function is narrower than what it takes.
    report(violation: string | Violation, urn?: string): void;
}

interface Reporting {
    readonly rule: Rule;
    readonly run: Run;
    readonly reportViolation: ReportViolation;
}

function report({ rule, run, reportViolation }: Reporting, statements: readonly Statement[]): void {
    const reporter: Reporter = { report: reportViolation };
    for (const statement of statements) {
        const { urn } = statement.resource;
        const exception = run.exceptions.of(rule, statement);
        const message = exception ? `${statement.message} [${exception.reason}]` : statement.message;
        if (!statement.advisory && !exception) reporter.report(message, urn);
        else reporter.report({ message: `${rule.title}\n${message}`, enforcementLevel: "advisory", urn });
    }
}

/** The engine takes a setting that no rule knows without a word; here it stops the preview. */
function reportProblems(rule: Rule, settings: Settings, reportViolation: ReportViolation): void {
    for (const { key, problem, fix } of checkSettings(rule, settings)) {
        reportViolation(`pack configuration: ${key} ${problem}; ${fix}`);
    }
}

type EngineSchema = PolicyConfigSchema["properties"][string];

function toEngineSchema({ items, properties, required, enum: known, ...schema }: SettingSchema): EngineSchema {
    return {
        ...schema,
        ...(known ? { enum: [...known] } : {}),
        ...(items ? { items: toEngineSchema(items) } : {}),
        ...(properties ? { properties: mapValues(properties, toEngineSchema) } : {}),
        ...(required ? { required: [...required] } : {}),
    };
}

function mapValues<T, U>(mapping: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
    return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(value)]));
}
