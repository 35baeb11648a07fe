import { namesOf, placeOf, type SchemaNames } from "./names";
import { broken } from "./rules";
import { type PropertyRules, type ResourceSchema, type Schemas, schemas } from "./schema";

/** What the schemas say of one resource's inputs. */
export interface Judgement {
    /** Path, and what its value breaks. */
    readonly broken: readonly string[];
    /** Paths that the schema does not have, and that nobody said it would not. */
    readonly unknown: readonly string[];
    /** Values that were held against a rule. */
    readonly held: number;
    /** Values that nothing is said of, by path, with the reason. */
    readonly beside: readonly (readonly [path: string, reason: string])[];
}

interface Notes {
    readonly broken: string[];
    readonly unknown: string[];
    readonly beside: [path: string, reason: string][];
    held: number;
}

export interface Options {
    /** Tells values that are not known yet, of which nothing can be said. @default () => false */
    readonly isUnknown?: (value: unknown) => boolean;
    /** @default the committed ones */
    readonly from?: Schemas;
}

/**
 * Holds the inputs of a resource against the schema of its type.
 *
 * @param type one of `mappedTypes`
 */
export function judge(
    type: string,
    inputs: object,
    { isUnknown = () => false, from = schemas }: Options = {},
): Judgement {
    const names = namesOf(type);
    if (names === undefined) throw new RangeError(`${type} is not mapped to a CloudFormation type: see names/`);
    const schema = from.types[names.schema];
    if (schema === undefined) throw new RangeError(`${from.source} has no ${names.schema}: see extract.py`);
    const notes: Notes = { broken: [], unknown: [], beside: [], held: 0 };
    for (const [path, value] of leaves(inputs, "")) note({ names, schema, path, value, isUnknown }, notes);
    return notes;
}

/** Everything that has a value, with its path: an item of a list is `*`; a list stands before its items, for its own rules. */
function* leaves(value: unknown, path: string): Generator<readonly [path: string, value: unknown]> {
    if (value === undefined || value === null) return;
    if (typeof value !== "object") return void (yield [path, value]);
    if (Array.isArray(value) && value.length > 0) yield [path, value];
    for (const [key, child] of Object.entries(value)) {
        const step = Array.isArray(value) ? "*" : key;
        yield* leaves(child, path === "" ? escaped(step) : `${path}/${escaped(step)}`);
    }
}

/** Keys of maps, such as tags, may hold what separates the steps of a path; they are written as in a JSON pointer. */
function escaped(step: string): string {
    return step.replaceAll("~", "~0").replaceAll("/", "~1");
}

function plain(step: string): string {
    return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

interface Leaf {
    readonly names: SchemaNames;
    readonly schema: ResourceSchema;
    readonly path: string;
    readonly value: unknown;
    readonly isUnknown: (value: unknown) => boolean;
}

function note({ names, schema, path, value, isUnknown }: Leaf, notes: Notes): void {
    const place = placeOf(names, path);
    if (place.kind === "beside") return void notes.beside.push([path, place.reason]);
    const found = lookUp(schema, place.path);
    if (found === undefined) {
        if (!Array.isArray(value)) notes.unknown.push(path);
        return;
    }
    const said = names.values?.[path]?.[String(value)] ?? value;
    for (const [at, part] of found.pairs ? pairOf(found.path, path, said) : [[found.path, said] as const]) {
        const rules = schema.properties[at];
        if (rules === undefined || isUnknown(part) || isOtherwiseListed(rules, part)) continue;
        notes.held += 1;
        for (const what of broken(rules, part)) notes.broken.push(`${path} = ${JSON.stringify(part)}: ${what}`);
    }
}

/** Some lists of Terraform are a resource an item in CloudFormation: then only the items have rules. */
function isOtherwiseListed({ type }: PropertyRules, value: unknown): boolean {
    return Array.isArray(value) && ![type].flat().includes("array");
}

/** CloudFormation has tags as a list of keys and values, Pulumi as a map. */
function pairOf(at: string, path: string, value: unknown): readonly (readonly [at: string, part: unknown])[] {
    return [
        [`${at}/Key`, plain(path.split("/").at(-1) ?? "")],
        [`${at}/Value`, value],
    ];
}

interface Found {
    readonly path: string;
    /** Whether a map in Pulumi stands for a list of `Key` and `Value`. */
    readonly pairs: boolean;
}

/** The schema's path of a place, where a name that the schema lacks may be a key of a map. */
function lookUp(schema: ResourceSchema, path: string): Found | undefined {
    let at = "";
    for (const step of path.split("/")) {
        const next = [step, "*"].map((name) => (at === "" ? name : `${at}/${name}`)).find((name) => has(schema, name));
        if (next === undefined) return undefined;
        at = next;
    }
    const pairs = !path.endsWith("/*") && at.endsWith("/*") && `${at}/Key` in schema.properties;
    return { path: at, pairs };
}

function has({ properties }: ResourceSchema, path: string): boolean {
    return path in properties || Object.keys(properties).some((other) => other.startsWith(`${path}/`));
}
