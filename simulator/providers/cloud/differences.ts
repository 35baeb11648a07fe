import { hasUnknown, isEqual, type Properties, type Value } from "../properties";
import type { PropertyChange } from "../protocol";
import type { Change, ChangeRules } from "./kind";
import { isObject } from "./values";

/** A difference and what the rules say of it; `unknown` when they say nothing. */
export interface Difference {
    /** As the engine shows it: `scalingConfig.minSize`, `rules[0].action`. */
    readonly property: string;
    readonly kind: PropertyChange["kind"];
    readonly change: Change | "unknown";
}

interface Place {
    readonly shown: string;
    /** Names from the top, with `*` for an item of a list. */
    readonly steps: readonly string[];
}

/** Everything in which two sets of inputs differ. A value that is not known yet counts as different. */
export function differences(before: Properties, after: Properties, rules: ChangeRules): Difference[] {
    return compare({ shown: "", steps: [] }, before, after, rules);
}

function compare(place: Place, before: Value | undefined, after: Value | undefined, rules: ChangeRules): Difference[] {
    if (isEqual(before, after) && !(after !== undefined && hasUnknown(after))) return [];
    if (isObject(before) && isObject(after)) {
        const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        return names.flatMap((name) => compare(inObject(place, name), before[name], after[name], rules));
    }
    if (Array.isArray(before) && Array.isArray(after)) {
        const indexes = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index);
        return indexes.flatMap((index) => compare(inList(place, index), before[index], after[index], rules));
    }
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    return [{ property: place.shown, kind, change: gravest(place.steps, [before, after], rules) }];
}

function inObject({ shown, steps }: Place, name: string): Place {
    const step = /^[A-Za-z0-9_]+$/.test(name) ? `${shown === "" ? "" : "."}${name}` : `[${JSON.stringify(name)}]`;
    return { shown: shown + step, steps: [...steps, name] };
}

const inList = ({ shown, steps }: Place, index: number): Place => ({
    shown: `${shown}[${index}]`,
    steps: [...steps, "*"],
});

/** What the rules say of everything that is in either value, taken together. */
function gravest(
    steps: readonly string[],
    values: readonly (Value | undefined)[],
    rules: ChangeRules,
): Difference["change"] {
    const paths = values.flatMap((value) => leaves(steps, value));
    const changes = paths.map((path) => changeAt(path, rules) ?? "unknown");
    return (["replace", "unknown", "update"] as const).find((change) => changes.includes(change)) ?? "unknown";
}

function leaves(steps: readonly string[], value: Value | undefined): (readonly string[])[] {
    if (value === undefined) return [];
    const inner = Array.isArray(value)
        ? value.flatMap((item) => leaves([...steps, "*"], item))
        : isObject(value)
          ? Object.entries(value).flatMap(([name, item]) => leaves([...steps, name], item))
          : [];
    return inner.length > 0 ? inner : [steps];
}

/** Of a table, the row with the longest path that leads to the place. */
function changeAt(steps: readonly string[], rules: ChangeRules): Change | undefined {
    if (typeof rules === "function") return rules(steps);
    const names = steps.filter((step) => step !== "*");
    for (let length = names.length; length > 0; length -= 1) {
        const change = rules[names.slice(0, length).join(".")];
        if (change !== undefined) return change;
    }
    return undefined;
}
