import { hasUnknown, isEqual, type Properties, type Value } from "./properties";
import type { InputIssue, PropertyChange } from "./protocol";

/** What a property may hold; `strings` is a list of strings, `object` a nested object that the resource checks itself. */
export type InputType = "string" | "boolean" | "integer" | "strings" | "map" | "object";

export interface InputRule {
    readonly type: InputType;
    /** @default false */
    readonly required?: boolean;
    /** What the resource takes when the program says nothing; shown in its outputs, as the official plugin does. */
    readonly default?: Value;
    /**
     * What a changed value does.
     * @default "replace"
     */
    readonly change?: "replace" | "update";
    readonly atLeast?: number;
    readonly oneOf?: readonly string[];
}

export interface Made {
    readonly id: string;
    /** The computed outputs; the server adds the inputs with their defaults. */
    readonly outputs: Properties;
    /** Only of an import: the inputs a program would have given. */
    readonly inputs?: Properties;
}

/** One resource type of a provider. Everything is a value in the state: there is nothing outside to read or delete. */
export interface ResourceKind {
    readonly inputs: Readonly<Record<string, InputRule>>;
    /** Outputs that are made at creation. */
    readonly computed: readonly string[];
    /** Inputs and outputs that are secret in the state even where the program does not say so. */
    readonly secrets: readonly string[];
    /** What the rules cannot say. Gets inputs with defaults and without unknown values. */
    readonly check?: (inputs: Properties) => InputIssue[];
    readonly create: (inputs: Properties) => Made | Promise<Made>;
    /** Make the state of something that exists from the id given to `pulumi import`; throws when the id has another form. */
    readonly import?: (id: string) => Made;
    /** The computed output that is out of date, so that the resource must be replaced although no input changed. */
    readonly stale?: (state: Properties, inputs: Properties) => string | undefined;
    /** The state as it is now, for a refresh. */
    readonly refresh?: (state: Properties) => Properties;
}

/** Everything wrong with `inputs`; values that are not known yet are let through. */
export function checkInputs(kind: ResourceKind, inputs: Properties): InputIssue[] {
    const issues = Object.entries(inputs).flatMap(([property, value]) =>
        checkInput(kind.inputs[property], property, value),
    );
    for (const [property, rule] of Object.entries(kind.inputs)) {
        if (rule.required && !(property in inputs)) issues.push({ property, reason: "is required" });
    }
    if (issues.length > 0 || !kind.check || Object.values(inputs).some(hasUnknown)) return issues;
    return kind.check(withDefaults(kind, inputs));
}

export function withDefaults(kind: ResourceKind, inputs: Properties): Properties {
    const defaults = Object.entries(kind.inputs).flatMap(([property, rule]) =>
        rule.default === undefined ? [] : [[property, rule.default]],
    );
    return { ...Object.fromEntries(defaults), ...inputs };
}

/** What changes between two sets of inputs. A value that is not known yet counts as changed. */
export function compare(kind: ResourceKind, before: Properties, after: Properties): PropertyChange[] {
    const old = withDefaults(kind, before);
    const now = withDefaults(kind, after);
    return Object.entries(kind.inputs).flatMap(([property, rule]) => {
        const [was, is] = [old[property], now[property]];
        if (isEqual(was, is) && !(is !== undefined && hasUnknown(is))) return [];
        const change = was === undefined ? "add" : is === undefined ? "delete" : "update";
        return [{ property, kind: change, replace: rule.change !== "update" } as const];
    });
}

function checkInput(rule: InputRule | undefined, property: string, value: Value): InputIssue[] {
    if (rule === undefined) return [{ property, reason: "is not a property of this resource" }];
    if (hasUnknown(value)) return [];
    if (!hasType[rule.type](value)) return [{ property, reason: `must be ${typeNames[rule.type]}` }];
    if (rule.atLeast !== undefined && Number(value) < rule.atLeast) {
        return [{ property, reason: `must be at least ${rule.atLeast}, got ${value}` }];
    }
    if (rule.oneOf && !rule.oneOf.includes(String(value))) {
        return [{ property, reason: `must be one of ${rule.oneOf.join(", ")}, got ${value}` }];
    }
    return [];
}

const isObject = (value: Value) => typeof value === "object" && value !== null && !Array.isArray(value);

const hasType: Readonly<Record<InputType, (value: Value) => boolean>> = {
    string: (value) => typeof value === "string",
    boolean: (value) => typeof value === "boolean",
    integer: (value) => Number.isSafeInteger(value),
    strings: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
    map: (value) => isObject(value) && Object.values(value ?? {}).every((item) => typeof item === "string"),
    object: isObject,
};

const typeNames: Readonly<Record<InputType, string>> = {
    string: "a string",
    boolean: "true or false",
    integer: "a whole number",
    strings: "a list of strings",
    map: "a map of strings",
    object: "an object",
};
