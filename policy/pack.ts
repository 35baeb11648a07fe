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
import type { Resource, ResourceRule, Rule, SettingSchema, Settings, StackRule } from "./rule";

/** The type of the resource that every stack has once: a wrong pack configuration is reported on it. */
const stackType = "pulumi:pulumi:Stack";

/** A rule of the registry as a policy of the engine. */
export function toPolicy(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
    return rule.scope === "stack" ? toStackPolicy(rule) : toResourcePolicy(rule);
}

function toResourcePolicy(rule: ResourceRule): ResourceValidationPolicy {
    const policy: ResourceValidationPolicy = {
        ...describe(rule),
        validateResource: (args, reportViolation) => {
            const settings = args.getConfig<Settings>();
            if (args.type === stackType) reportProblems(rule, settings, reportViolation);
            report(rule, evaluateResource(rule, toResource(args), settings), reportViolation);
        },
    };
    if (rule.remediate) {
        policy.remediateResource = (args) => (remediate(rule, toResource(args)) ? args.props : undefined);
    }
    return policy;
}

function toStackPolicy(rule: StackRule): StackValidationPolicy {
    return {
        ...describe(rule),
        validateStack: ({ resources, getConfig }, reportViolation) => {
            const settings = getConfig<Settings>();
            reportProblems(rule, settings, reportViolation);
            report(rule, evaluateStack(rule, resources.map(toResource), settings), reportViolation);
        },
    };
}

function describe(rule: Rule): Policy {
    const policy: Policy = {
        name: rule.id,
        displayName: rule.title,
        description: rule.title,
        enforcementLevel: rule.level,
        severity: rule.severity,
        remediationSteps: rule.fix,
        url: rule.link,
        tags: rule.controls.map(({ framework, version, number }) => `${framework} ${version}: ${number}`),
    };
    if (rule.settings) policy.configSchema = { properties: mapValues(rule.settings, toEngineSchema) };
    return policy;
}

function toResource({ urn, type, name, props, provider }: ResourceValidationArgs | PolicyResource): Resource {
    const namespace = provider && defaultNamespaceOf(provider.props);
    return { urn, type, name, inputs: props, ...(namespace === undefined ? {} : { defaultNamespace: namespace }) };
}

function defaultNamespaceOf(provider: unknown): string | undefined {
    const unheard = { unknown: () => undefined, wrongType: () => undefined };
    const namespace = Value.of(provider, { notes: unheard, unknownsOccur: true }).get("namespace").text();
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

function report(rule: Rule, statements: readonly Statement[], reportViolation: ReportViolation): void {
    const reporter: Reporter = { report: reportViolation };
    for (const { message, resource, advisory } of statements) {
        const { urn } = resource;
        if (advisory) reporter.report({ message: `${rule.title}\n${message}`, enforcementLevel: "advisory", urn });
        else reporter.report(message, urn);
    }
}

/** The engine takes a setting that no rule knows without a word; here it stops the preview. */
function reportProblems(rule: Rule, settings: Settings, reportViolation: ReportViolation): void {
    for (const { key, problem, fix } of checkSettings(rule, settings)) {
        reportViolation(`pack configuration: ${key} ${problem}; ${fix}`);
    }
}

type EngineSchema = PolicyConfigSchema["properties"][string];

function toEngineSchema({ items, properties, required, ...schema }: SettingSchema): EngineSchema {
    return {
        ...schema,
        ...(items ? { items: toEngineSchema(items) } : {}),
        ...(properties ? { properties: mapValues(properties, toEngineSchema) } : {}),
        ...(required ? { required: [...required] } : {}),
    };
}

function mapValues<T, U>(mapping: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
    return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, change(value)]));
}
