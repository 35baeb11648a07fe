import { hasUnknown, isEqual, type Properties, type Value } from "../properties";
import type { PropertyChange } from "../protocol";
import type { Change } from "./kind";
import { isObject } from "./values";

/** A difference and what a table says of it; `unknown` when no row is about it. */
export interface Difference {
    /** As the engine shows it: `scalingConfig.minSize`, `rules[0].action`. */
    readonly property: string;
    readonly kind: PropertyChange["kind"];
    readonly change: Change | "unknown";
}

type Table = Readonly<Record<string, Change>>;

interface Place {
    readonly shown: string;
    /** Names only, without the places in lists. */
    readonly names: readonly string[];
}

/** Everything in which two sets of inputs differ. A value that is not known yet counts as different. */
export function differences(before: Properties, after: Properties, table: Table): Difference[] {
    return compare({ shown: "", names: [] }, before, after, table);
}

function compare(place: Place, before: Value | undefined, after: Value | undefined, table: Table): Difference[] {
    if (isEqual(before, after) && !(after !== undefined && hasUnknown(after))) return [];
    if (isObject(before) && isObject(after)) {
        const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        return names.flatMap((name) => compare(inObject(place, name), before[name], after[name], table));
    }
    if (Array.isArray(before) && Array.isArray(after)) {
        const indexes = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
        return indexes.flatMap((index) => compare(inList(place, index), before[index], after[index], table));
    }
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    return [{ property: place.shown, kind, change: changeAt(place.names, [before, after], table) }];
}

function inObject({ shown, names }: Place, name: string): Place {
    const step = /^[A-Za-z0-9_]+$/.test(name) ? `${shown === "" ? "" : "."}${name}` : `[${JSON.stringify(name)}]`;
    return { shown: shown + step, names: [...names, name] };
}

const inList = ({ shown, names }: Place, index: number): Place => ({ shown: `${shown}[${index}]`, names });

/** The row with the longest path that leads to the place, else the gravest of the rows about what is inside the values there. */
function changeAt(names: readonly string[], values: readonly (Value | undefined)[], table: Table): Change | "unknown" {
    for (let length = names.length; length > 0; length -= 1) {
        const change = table[names.slice(0, length).join(".")];
        if (change !== undefined) return change;
    }
    const inner = [...new Set(values.flatMap(innerNames))].map((name) => innerChange([...names, name], table));
    if (inner.includes("replace")) return "replace";
    return inner.length > 0 && !inner.includes("unknown") ? "update" : "unknown";
}

/** What the rows at or below a path say, taken together. */
function innerChange(names: readonly string[], table: Table): Change | "unknown" {
    const path = names.join(".");
    const rows = Object.entries(table).filter(([row]) => row === path || row.startsWith(`${path}.`));
    if (rows.some(([, change]) => change === "replace")) return "replace";
    return rows.length > 0 ? "update" : "unknown";
}

function innerNames(value: Value | undefined): string[] {
    if (Array.isArray(value)) return value.flatMap(innerNames);
    return isObject(value) ? Object.keys(value) : [];
}
