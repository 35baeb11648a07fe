import { absent, type Read, undecided, type Value } from "../../reading/value";

/** Whether a list has a text of a form; false where there is no list. */
export function has(list: Value, is: (text: string) => boolean): Read<boolean> {
    if (!list.isSet) return false;
    if (!list.isList) return undecided;
    const texts = list.items().map((item) => item.text());
    if (texts.some((text) => typeof text === "string" && is(text))) return true;
    return texts.includes(undecided) ? undecided : false;
}

/** Whether nothing stands at a place: no property, no entry. */
export function isEmpty(value: Value): Read<boolean> {
    if (!value.isSet) return true;
    if (value.isList) return value.items().length === 0;
    return value.mapping() === true ? value.keys().length === 0 : undecided;
}

export function not(answer: Read<boolean>): Read<boolean> {
    return typeof answer === "boolean" ? !answer : undecided;
}

/** Whether a boolean that is true by default is not switched off. */
export function isOn(value: Value): Read<boolean> {
    const read = value.boolean();
    return read === absent ? true : read;
}

/** Whether a text is one of these; `otherwise` where it is not set. */
export function isOneOf(value: Value, texts: readonly string[], otherwise = false): Read<boolean> {
    const read = value.text();
    return read === absent ? otherwise : read === undecided ? undecided : texts.includes(read);
}

/** True as soon as one is true, else undecided as soon as one is. */
export function some(answers: readonly Read<boolean>[]): Read<boolean> {
    if (answers.includes(true)) return true;
    return answers.includes(undecided) ? undecided : false;
}

/** Kyverno's wildcards: `*` for any text, slashes too, and `?` for one character. */
export function isLike(pattern: string, text: string): boolean {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^${escaped.replace(/\*+/g, ".*").replaceAll("?", ".")}$`, "s").test(text);
}
