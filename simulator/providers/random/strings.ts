import { randomInt } from "node:crypto";
import type { Properties, Value } from "../properties";
import type { InputIssue } from "../protocol";
import type { InputRule, Made, ResourceKind } from "../resource";

/** A whole number from 0 up to, not including, `limit`. */
export type Draw = (limit: number) => number;

const keepers: InputRule = { type: "map" };
const number = (value: Value | undefined) => Number(value ?? 0);

/**
 * The characters a generated string is drawn from, and the property that asks for a least number of them.
 * @see https://github.com/hashicorp/terraform-provider-random/blob/v3.7.2/internal/random/string.go
 */
const classes = [
    { use: "upper", least: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
    { use: "lower", least: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
    { use: "numeric", least: "minNumeric", characters: "0123456789" },
    { use: "special", least: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
] as const;

const stringInputs = {
    keepers,
    length: { type: "integer", required: true, atLeast: 1 },
    overrideSpecial: { type: "string" },
    /** Older name of `numeric`. */
    number: { type: "boolean" },
    numeric: { type: "boolean" },
    ...Object.fromEntries(
        ["upper", "lower", "special"].map((use) => [use, { type: "boolean", default: true } as const]),
    ),
    ...Object.fromEntries(classes.map(({ least }) => [least, { type: "integer", default: 0, atLeast: 0 } as const])),
} as const satisfies Record<string, InputRule>;

function isUsed(inputs: Properties, use: string): boolean {
    return use === "numeric" ? (inputs.numeric ?? inputs.number ?? true) === true : inputs[use] === true;
}

function checkString(inputs: Properties): InputIssue[] {
    const issues: InputIssue[] = [];
    const least = classes.reduce((sum, { least }) => sum + number(inputs[least]), 0);
    if (number(inputs.length) < least) {
        issues.push({
            property: "length",
            reason: `must be at least ${least}, the sum of the min* counts, got ${inputs.length}`,
        });
    }
    if (!classes.some(({ use }) => isUsed(inputs, use))) {
        issues.push({ property: "special", reason: "must be true when upper, lower and numeric are all false" });
    }
    if ("number" in inputs && "numeric" in inputs && inputs.number !== inputs.numeric) {
        issues.push({ property: "number", reason: "is an older name of numeric and must not contradict it" });
    }
    return issues;
}

function drawString(inputs: Properties): string {
    const sets = classes.map(({ use, least, characters }) => ({
        characters: [...(use === "special" && inputs.overrideSpecial ? String(inputs.overrideSpecial) : characters)],
        least: number(inputs[least]),
        used: isUsed(inputs, use),
    }));
    const any = sets.flatMap(({ used, characters }) => (used ? characters : []));
    const result = sets.flatMap(({ characters, least }) => pick(characters, least));
    result.push(...pick(any, number(inputs.length) - result.length));
    return shuffle(result, randomInt).join("");
}

function pick(characters: readonly string[], count: number): string[] {
    return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

/** Fisher and Yates: every order is equally likely. */
export function shuffle<T>(items: readonly T[], draw: Draw): T[] {
    const left = [...items];
    return items.flatMap(() => left.splice(draw(left.length), 1));
}

/** RandomString, and as a secret RandomPassword. */
export function stringKind(secret: boolean): ResourceKind {
    const made = (result: string, inputs: Properties): Made => ({
        id: secret ? "none" : result,
        outputs: { result, numeric: isUsed(inputs, "numeric"), number: isUsed(inputs, "numeric") },
    });
    return {
        inputs: stringInputs,
        computed: ["result"],
        secrets: secret ? ["result"] : [],
        check: checkString,
        create: (inputs) => made(drawString(inputs), inputs),
        import: (id) => ({ ...made(id, {}), inputs: { length: [...id].length } }),
    };
}
