import { z } from "zod";
import type { Issues } from "../foundation/issues";
import type { SchemaNode } from "./jsonSchema";

type ZodIssue = z.core.$ZodIssue;

/** Puts what the schema found wrong into words: key, value, and what to write instead. */
export function addSchemaIssues(
    found: readonly ZodIssue[],
    settings: unknown,
    schema: z.ZodType,
    issues: Issues,
): void {
    const root = z.toJSONSchema(schema, { io: "input" });
    for (const issue of found) {
        if (issue.code === "unrecognized_keys") addUnknownKeys(issue.path, issue.keys, root, issues);
        else issues.add(keyOf(issue.path), wordsOf(issue, valueAt(settings, issue.path)), fixFor(issue.path, root));
    }
}

function addUnknownKeys(
    parent: readonly PropertyKey[],
    keys: readonly PropertyKey[],
    root: SchemaNode,
    issues: Issues,
): void {
    const known = knownKeys(nodeAt(root, parent));
    for (const key of keys.map(String)) {
        const meant = closest(key, known);
        const fix = meant === undefined ? `remove it; known here: ${known.join(", ")}` : `did you mean "${meant}"?`;
        issues.add(keyOf([...parent, key]), "is no setting", fix);
    }
}

function knownKeys(node: SchemaNode | undefined): readonly string[] {
    return isRecord(node?.properties) ? Object.keys(node.properties) : [];
}

function wordsOf(issue: ZodIssue, value: unknown): string {
    if (value === undefined) return "is missing";
    return `${requirement(issue)}, got ${JSON.stringify(value)}`;
}

/** The schema's own words where it has some, otherwise words for what zod found. */
function requirement(issue: ZodIssue): string {
    if (issue.message.startsWith("must ")) return issue.message;
    switch (issue.code) {
        case "invalid_type":
            return `must be ${typeWords[issue.expected] ?? issue.expected}`;
        case "invalid_value":
            return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
        case "too_small":
            return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
        case "too_big":
            return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
        case "invalid_format":
            return formatWords[issue.format] ?? issue.message;
        default:
            return issue.message;
    }
}

const typeWords: Readonly<Record<string, string>> = {
    object: "a group of settings",
    record: "a group of settings",
    array: "a list",
    string: "text",
    int: "a whole number",
    number: "a whole number",
    boolean: "true or false",
};

const formatWords: Readonly<Record<string, string>> = {
    url: "must be a URL that begins with https:// or http://",
    guid: "must be a UID such as kubectl prints it",
};

function unitOf(origin: string): string {
    return { string: " characters long", array: " entries long" }[origin] ?? "";
}

function fixFor(path: readonly PropertyKey[], root: SchemaNode): string {
    const node = nodeAt(root, path) ?? {};
    const example = Array.isArray(node.examples) ? node.examples[0] : node.default;
    const such = example === undefined ? "" : `, for example ${keyOf(path.slice(-1))}: ${JSON.stringify(example)}`;
    return `give ${node.description ?? "a value that fits"}${such}`;
}

/** The schema of the value at a path; list members share the schema of their list's items. */
function nodeAt(root: SchemaNode, path: readonly PropertyKey[]): SchemaNode | undefined {
    return path.reduce<SchemaNode | undefined>((node, key) => childOf(node, key), root);
}

function childOf(node: SchemaNode | undefined, key: PropertyKey): SchemaNode | undefined {
    const named = isRecord(node?.properties) ? node.properties[key] : undefined;
    const child = named ?? node?.additionalProperties ?? node?.items;
    return isRecord(child) ? child : undefined;
}

function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), settings);
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
    return typeof value === "object" && value !== null;
}

function keyOf(path: readonly PropertyKey[]): string {
    return path.length === 0 ? "the stack file" : path.map(String).join(".");
}

/** The known word that is nearest to `word`, if one is near enough to be a slip: at most a third of its letters differ. */
export function closest(word: string, known: readonly string[]): string | undefined {
    const ranked = known
        .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
        .sort((a, b) => a.distance - b.distance);
    const best = ranked[0];
    return best !== undefined && best.distance <= Math.ceil(word.length / 3) ? best.candidate : undefined;
}

/** Levenshtein distance: how many letters must be put in, left out or changed to turn one word into the other. */
function editDistance(from: string, to: string): number {
    let row = Array.from({ length: to.length + 1 }, (_, index) => index);
    for (const [i, letter] of [...from].entries()) {
        const next = [i + 1];
        for (const [j, other] of [...to].entries()) {
            const [replaced = 0, removed = 0, added = 0] = [row[j], row[j + 1], next[j]];
            next.push(Math.min(replaced + (letter === other ? 0 : 1), removed + 1, added + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}
