import { isMapping, nameOfKind } from "./reading/value";
import type { SettingSchema } from "./rule";

/** A place in a configuration that is wrong. */
export interface Problem {
    readonly key: string;
    readonly problem: string;
    readonly fix: string;
}

/** Everything that is wrong with a value by its schema. A property that the schema does not have is wrong too. */
export function checkValue(key: string, value: unknown, schema: SettingSchema): readonly Problem[] {
    if (!isOfType(value, schema.type)) {
        return [{ key, problem: `is a ${nameOfKind(value)}`, fix: `give ${articleOf(schema.type)} ${schema.type}` }];
    }
    if (schema.enum && !schema.enum.some((known) => known === value)) {
        return [{ key, problem: "is not one of the known", fix: closest(String(value), schema.enum) }];
    }
    if (schema.pattern && !new RegExp(schema.pattern).test(String(value))) {
        return [{ key, problem: "is of another form", fix: `give ${schema.description ?? schema.pattern}` }];
    }
    if (schema.minLength !== undefined && String(value).trim().length < schema.minLength) {
        return [{ key, problem: "is too short", fix: `give at least ${schema.minLength} characters` }];
    }
    if (Array.isArray(value)) {
        const { items } = schema;
        return items ? value.flatMap((item, index) => checkValue(`${key}[${index}]`, item, items)) : [];
    }
    return isMapping(value) ? checkMapping(key, value, schema) : [];
}

function checkMapping(
    key: string,
    value: Readonly<Record<string, unknown>>,
    schema: SettingSchema,
): readonly Problem[] {
    const properties = schema.properties ?? {};
    const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
    return [
        ...missing.map((name) => ({ key: `${key}.${name}`, problem: "is missing", fix: "add it" })),
        ...Object.entries(value).flatMap(([name, inner]) => {
            const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
            if (known) return checkValue(`${key}.${name}`, inner, known);
            return [{ key: `${key}.${name}`, problem: "is not known", fix: closest(name, Object.keys(properties)) }];
        }),
    ];
}

function isOfType(value: unknown, type: SettingSchema["type"]): boolean {
    if (type === "integer") return Number.isInteger(value);
    if (type === "array") return Array.isArray(value);
    return type === "object" ? isMapping(value) : typeof value === type;
}

/** The fix for a wrong name: the closest right one, and all of them where there are few. */
export function closest(wrong: string, names: readonly string[]): string {
    const [best] = [...names].sort((a, b) => distance(wrong, a) - distance(wrong, b));
    const list = names.length > 1 && names.length <= 5 ? ` (one of ${names.join(", ")})` : "";
    return best === undefined ? "remove it" : `did you mean ${best}?${list}`;
}

/** Edit distance (Levenshtein), letter case aside. */
function distance(a: string, b: string): number {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()];
    let row = Array.from({ length: right.length + 1 }, (_, column) => column);
    for (let line = 1; line <= left.length; line++) {
        const previous = row;
        row = [line];
        for (let column = 1; column <= right.length; column++) {
            const change = at(previous, column - 1) + (left[line - 1] === right[column - 1] ? 0 : 1);
            row.push(Math.min(change, at(previous, column) + 1, at(row, column - 1) + 1));
        }
    }
    return at(row, right.length);
}

function at(row: readonly number[], index: number): number {
    return row[index] ?? 0;
}

function articleOf(type: SettingSchema["type"]): string {
    return /^[aio]/.test(type) ? "an" : "a";
}
