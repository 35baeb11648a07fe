import type { Value } from "../reading/value";

interface Text {
    readonly path: string;
    readonly text: string;
}

const deepest = 30;

/** Every text at or below a value, with where it stands. */
export function textsOf(value: Value, depth = deepest): readonly Text[] {
    if (depth === 0) return [];
    if (value.isList) return value.items().flatMap((item) => textsOf(item, depth - 1));
    const text = value.quietly.text();
    if (typeof text === "string") return [{ path: value.path, text }];
    return value.keys().flatMap((key) => textsOf(value.get(key), depth - 1));
}
