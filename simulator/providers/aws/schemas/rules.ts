import type { PropertyRules } from "./schema";

/** What a value breaks of a property's rules, in words; none when it holds. */
export function broken(rules: PropertyRules, value: unknown): readonly string[] {
    return [
        ...brokenKind(rules, value),
        ...brokenChoice(rules, value),
        ...brokenSize(rules, value),
        ...brokenForm(rules, value),
    ];
}

/** Terraform, and with it Pulumi, also takes numbers and switches as text, and documents as JSON; CloudFormation has some numbers as text. */
function brokenKind({ type }: PropertyRules, value: unknown): readonly string[] {
    if (type === undefined) return [];
    const kinds = [type].flat();
    return kinds.some((kind) => isOf(kind, value)) ? [] : [`the value is no ${kinds.join(" or ")}`];
}

function isOf(kind: string, value: unknown): boolean {
    switch (kind) {
        case "integer":
            return Number.isInteger(numberIn(value));
        case "number":
            return numberIn(value) !== undefined;
        case "boolean":
            return typeof value === "boolean" || value === "true" || value === "false";
        case "array":
            return Array.isArray(value);
        case "object":
            return typeof value === "object" || isJson(value);
        case "string":
            return typeof value === "string" || typeof value === "number";
        default:
            return typeof value === kind;
    }
}

function numberIn(value: unknown): number | undefined {
    if (typeof value === "string" && !/^-?\d+(\.\d+)?$/.test(value)) return undefined;
    return typeof value === "string" || typeof value === "number" ? Number(value) : undefined;
}

function isJson(value: unknown): boolean {
    try {
        return typeof value === "string" && typeof JSON.parse(value) === "object";
    } catch {
        return false;
    }
}

function brokenChoice(rules: PropertyRules, value: unknown): readonly string[] {
    const choices = rules.enum ?? ("const" in rules ? [rules.const] : undefined);
    if (choices === undefined) return [];
    return choices.some((choice) => String(choice) === String(value))
        ? []
        : [`the value is none of ${choices.join(", ")}`];
}

function brokenSize(rules: PropertyRules, value: unknown): readonly string[] {
    const number = numberIn(value);
    const sizes: readonly [what: string, size: number | undefined, min: number | undefined, max: number | undefined][] =
        [
            ["the number", number, rules.minimum, rules.maximum],
            [
                "the count of characters",
                typeof value === "string" ? value.length : undefined,
                rules.minLength,
                rules.maxLength,
            ],
            ["the count of items", Array.isArray(value) ? value.length : undefined, rules.minItems, rules.maxItems],
        ];
    return sizes.flatMap(([what, size, min = -Infinity, max = Infinity]) =>
        size === undefined || (size >= min && size <= max) ? [] : [`${what} is not ${min} to ${max}`],
    );
}

function brokenForm({ pattern, format }: PropertyRules, value: unknown): readonly string[] {
    if (typeof value !== "string") return [];
    const mismatch =
        pattern !== undefined && !expressionOf(pattern).test(value) ? [`the text does not match ${pattern}`] : [];
    const noNetwork = format === "ipv4-network" && !/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(value);
    return [...mismatch, ...(noNetwork ? ["the text is no IPv4 range"] : [])];
}

/**
 * AWS writes its patterns for Java, where \Z is the end. Classes such as \p{L} need the flag `u`, under which needless escapes
 * that other patterns have are errors.
 */
function expressionOf(pattern: string): RegExp {
    return new RegExp(pattern.replaceAll("\\Z", "$"), pattern.includes("\\p{") ? "u" : "");
}
