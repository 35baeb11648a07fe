/** Fields of registered inputs, whose shape nothing has checked. */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
    return isFields(value) ? value : {};
}

export function at(value: unknown, ...keys: readonly string[]): unknown {
    return keys.reduce<unknown>((found, key) => fieldsOf(found)[key], value);
}

export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
    const found = at(value, ...keys);
    return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, ...keys: readonly string[]): string {
    const found = at(value, ...keys);
    return typeof found === "string" ? found : "";
}

export function textsAt(value: unknown, ...keys: readonly string[]): readonly string[] {
    return listAt(value, ...keys).filter((entry) => typeof entry === "string");
}

function isFields(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
