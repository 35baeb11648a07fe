import { undecided, type Value } from "../../reading/value";

/** The values of what IAM takes as one or as a list. */
export function each(value: Value): readonly Value[] {
    return value.isList ? value.items() : value.isSet ? [value] : [];
}

/** The known texts of what IAM takes as one or as a list; what is not known is noted. */
export function textsOf(value: Value): readonly string[] {
    return each(value).flatMap((one) => {
        const text = one.text();
        return typeof text === "string" ? [text] : [];
    });
}

/** The statements of a policy document, given as JSON text or as a mapping, that allow something. */
export function allowing(document: Value): readonly Value[] {
    return statements(document, "Allow");
}

/** The statements of a policy document that deny something. */
export function denying(document: Value): readonly Value[] {
    return statements(document, "Deny");
}

function statements(document: Value, effect: "Allow" | "Deny"): readonly Value[] {
    return each(document.json().get("Statement")).filter((statement) => statement.get("Effect").text() === effect);
}

/**
 * Whether a pattern of IAM stands for a name: `*` for any text, `?` for any letter; actions have no case.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function covers(pattern: string, name: string): boolean {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(name);
}

/** Who a statement is about: accounts and roles, `*` for everybody, under `AWS` or without it. */
export function principalsOf(statement: Value): readonly string[] {
    const principal = statement.get("Principal");
    return textsOf(principal.keys().length > 0 ? principal.get("AWS") : principal);
}

/** Services that a statement is about. */
export function servicesOf(statement: Value): readonly string[] {
    const principal = statement.get("Principal");
    return principal.keys().length > 0 ? textsOf(principal.get("Service")) : [];
}

/** Operators that compare a text with one that has no wildcard in it. Those that pass where the key is missing are not among them. */
const comparisons: ReadonlySet<string> = new Set(["StringEquals", "StringLike", "ArnEquals", "ArnLike"]);

/** The texts that a condition of the statement asks for exactly, where the key fits: none where it asks for none, or lets a pattern in. */
export function asked(statement: Value, fits: (key: string) => boolean): readonly string[] {
    const condition = statement.get("Condition");
    const found = condition
        .keys()
        .filter((operator) => comparisons.has(operator))
        .map((operator) => condition.get(operator))
        .flatMap((keys) =>
            keys
                .keys()
                .filter(fits)
                .map((key) => textsOf(keys.get(key))),
        );
    const texts = found.flat();
    return texts.some((text) => /[*?]/.test(text)) ? [] : texts;
}

/** Whether a key of a condition has this name: names have no case. */
export const named = (wanted: string) => (key: string) => key.toLowerCase() === wanted.toLowerCase();

/** Whether a statement is about everybody who calls without TLS. */
export function isAboutPlainCalls(statement: Value): boolean {
    const condition = statement.get("Condition", "Bool");
    const keys = condition.keys().filter(named("aws:SecureTransport"));
    const isPlain = keys.some((key) => textsOrFlags(condition.get(key)).includes("false"));
    return isPlain && principalsOf(statement).includes("*");
}

/** IAM takes `false` and `"false"`. */
function textsOrFlags(value: Value): readonly string[] {
    return each(value).flatMap((one) => {
        const flag = one.quietly.boolean();
        if (typeof flag === "boolean") return [String(flag)];
        const text = one.text();
        return typeof text === "string" ? [text] : [];
    });
}

/** Whether a value is true, as a flag or as the text that some resources take for one; `undecided` where that is not known. */
export function flag(value: Value): boolean | typeof undecided {
    const text = value.quietly.text();
    if (text === "true" || text === "false" || text === "") return text === "true";
    const read = value.boolean();
    return read === undecided ? undecided : read === true;
}

/** A policy document for a sample. */
export function documentOf(...statements: readonly object[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
