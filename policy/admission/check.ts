/**
 * A rule of the pack in the language of the API server: the same verdict on the object that is about to be stored.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export interface AdmissionCheck {
    /** Number of the rule. */
    readonly rule: string;
    /** The rule's title, which tests compare: the messages of both gates are one. */
    readonly title: string;
    /** CEL that is true for an object that the rule has nothing against. */
    readonly expression: string;
}

/** A part of the expressions of a policy, by the name under which they and later parts use it. */
export interface Variable {
    readonly name: string;
    readonly expression: string;
}

/** A text as CEL writes it. */
export function quoted(text: string): string {
    return JSON.stringify(text);
}

/** A list of texts as CEL writes it. */
export function list(texts: readonly string[]): string {
    return `[${texts.map(quoted).join(", ")}]`;
}

/** True when any is; false for none. */
export function anyOf(expressions: readonly string[]): string {
    return expressions.length === 0 ? "false" : expressions.map((each) => `(${each})`).join(" || ");
}

/** True when all are; true for none. */
export function allOf(expressions: readonly string[]): string {
    return expressions.length === 0 ? "true" : expressions.map((each) => `(${each})`).join(" && ");
}

/** Whether the text at an expression has a form; the pattern is one that JavaScript and RE2 read alike. */
export function hasForm(text: string, pattern: string): string {
    return `${text}.matches(${quoted(pattern)})`;
}
