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
        const node = nodeAt({ node: root, value: settings }, issue.path);
        if (issue.code === "unrecognized_keys") addUnknownKeys(issue.path, issue.keys, node, issues);
        else issues.add(keyOf(issue.path), wordsOf(issue, node), fixFor(issue.path, node));
    }
}

/** A value of the settings beside the schema that it should meet, as far as each is known. */
interface Place {
    readonly node: SchemaNode | undefined;
    readonly value: unknown;
}

function addUnknownKeys(
    parent: readonly PropertyKey[],
    keys: readonly PropertyKey[],
    { node }: Place,
    issues: Issues,
): void {
    const known = knownKeys(node);
    for (const key of keys.map(String)) {
        const meant = closest(key, known);
        const fix = meant === undefined ? `remove it; known here: ${known.join(", ")}` : `did you mean "${meant}"?`;
        issues.add(keyOf([...parent, key]), "is no setting", fix);
    }
}

function knownKeys(node: SchemaNode | undefined): readonly string[] {
    return isRecord(node?.properties) ? Object.keys(node.properties) : [];
}

function wordsOf(issue: ZodIssue, { node, value }: Place): string {
    if (value === undefined) return "is missing";
    if (issue.code === "invalid_key") return nameWords(issue);
    const words = issue.code === "invalid_union" ? choiceWords(wordsIn(node), issue) : requirement(issue);
    return `${words}, got ${JSON.stringify(value)}`;
}

/** What is asked of the name that an entry goes by; its value has nothing to do with it. */
function nameWords(issue: ZodIssue & { readonly code: "invalid_key" }): string {
    const [first] = issue.issues;
    const asked =
        first === undefined || issue.message.startsWith("must ") ? issue.message : `as a name ${requirement(first)}`;
    return `${asked}, got ${JSON.stringify(issue.path.at(-1))}`;
}

/** What tells the members of a union from each other. */
function choiceWords(words: readonly unknown[], issue: ZodIssue): string {
    return words.length === 0
        ? requirement(issue)
        : `must be ${words.map((word) => JSON.stringify(word)).join(" or ")}`;
}

/** The words that a schema takes and no others. */
function wordsIn(node: SchemaNode | undefined): readonly unknown[] {
    if (node?.const !== undefined) return [node.const];
    return Array.isArray(node?.enum) ? node.enum : membersOf(node).flatMap(wordsIn);
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

function fixFor(path: readonly PropertyKey[], { node: found }: Place): string {
    const node = found ?? {};
    const example = Array.isArray(node.examples) ? node.examples[0] : node.default;
    const such = example === undefined ? "" : `, for example ${keyOf(path.slice(-1))}: ${JSON.stringify(example)}`;
    return `give ${node.description ?? "a value that fits"}${such}`;
}

/** The value at a path with its schema; list members share the schema of their list's items. */
function nodeAt(root: Place, path: readonly PropertyKey[]): Place {
    const found = path.reduce<Place>(
        ({ node, value }, key) => ({
            node: childOf(chosen(node, value), key),
            value: isRecord(value) ? value[key] : undefined,
        }),
        root,
    );
    return { ...found, node: chosen(found.node, found.value) };
}

function childOf(node: SchemaNode | undefined, key: PropertyKey): SchemaNode | undefined {
    const named = isRecord(node?.properties) ? node.properties[key] : undefined;
    const child = named ?? node?.additionalProperties ?? node?.items;
    if (isRecord(child)) return child;
    const [first, ...others] = membersOf(node)
        .map((member) => childOf(member, key))
        .filter(isRecord);
    if (first === undefined || others.length === 0) return first;
    const { description, examples } = first;
    return { oneOf: [first, ...others], description, examples };
}

function membersOf(node: SchemaNode | undefined): readonly SchemaNode[] {
    const members = node?.oneOf ?? node?.anyOf;
    return Array.isArray(members) ? members.filter(isRecord) : [];
}

/** The member of a union that a value is meant for, by the words that tell them apart; the union itself where none or several may be. */
function chosen(node: SchemaNode | undefined, value: unknown): SchemaNode | undefined {
    const fitting = membersOf(node).filter((member) => isMeantFor(member, value));
    return fitting.length === 1 ? fitting[0] : node;
}

function isMeantFor({ properties }: SchemaNode, value: unknown): boolean {
    if (!isRecord(properties) || !isRecord(value)) return false;
    return Object.entries(properties).every(([key, property]) => {
        const words = isRecord(property) ? wordsIn(property) : [];
        return words.length === 0 || value[key] === undefined || words.includes(value[key]);
    });
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
