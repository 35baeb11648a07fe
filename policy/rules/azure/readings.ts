import { absent, undecided, type Value } from "../../reading/value";
import type { Report } from "../../rule";

/** Report unless the text is one of `accepted`; Azure takes its words in any case. Nothing where it is unknown. */
export function reportUnlessOneOf(accepted: readonly string[], value: Value, report: Report): void {
    const read = value.text();
    if (read === undecided || isOneOf(accepted, read)) return;
    const words = accepted.join(" or ");
    report({ path: value.path, problem: read === absent ? "is not set" : `is not ${words}` });
}

/** Whether a text is one of `words`, in any case. */
export function isOneOf(words: readonly string[], read: unknown): boolean {
    return typeof read === "string" && words.some((word) => word.toLowerCase() === read.toLowerCase());
}

/** Report unless something is there: an id that nobody knows before the first update is something. */
export function reportUnlessSet(value: Value, report: Report): void {
    if (!value.isSet) report({ path: value.path, problem: "is not set" });
}

/** Report unless a number is there and at least `fewest`. */
export function reportBelow(fewest: number, value: Value, report: Report): void {
    const read = value.number();
    if (read === undecided || (read !== absent && read >= fewest)) return;
    report({ path: value.path, problem: read === absent ? "is not set" : `is below ${fewest}` });
}

/** The property of a mapping by a key that Azure takes in any case, such as the name of an add-on. */
export function inAnyCase(mapping: Value, key: string): Value {
    return mapping.get(mapping.keys().find((each) => isOneOf([key], each)) ?? key);
}
