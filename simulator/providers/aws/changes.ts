import type { Change } from "../cloud/kind";
import { namesOf, placeOf, type SchemaNames } from "./schemas/names";
import { type ResourceSchema, schemaOf } from "./schemas/schema";

/** Settings of how the provider works, which change nothing in AWS until it makes or deletes something. */
const providersOwn = ["how the provider creates", "how the provider deletes", "how the provider updates"];

/** Another region is another resource: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support#how-region-works */
const everywhere = { region: "replace" } as const;

/**
 * What a change of one of its inputs does to a resource of `type`: CloudFormation's schema says it by its create-only properties;
 * `provider` says it, by path without marks of lists, where Pulumi's provider does something else, or CloudFormation has nothing.
 */
export function changeRule(type: string, provider: Readonly<Record<string, Change>> = {}) {
    return (steps: readonly string[]): Change | undefined =>
        fromTable({ ...everywhere, ...provider }, steps) ??
        fromSchema(namesOf(type), steps) ??
        (steps[0] === "tags" ? "update" : undefined);
}

function fromTable(table: Readonly<Record<string, Change>>, steps: readonly string[]): Change | undefined {
    const names = steps.filter((step) => step !== "*");
    const paths = names.map((_, index) => names.slice(0, names.length - index).join("."));
    return paths.map((path) => table[path]).find((change) => change !== undefined);
}

function fromSchema(names: SchemaNames | undefined, steps: readonly string[]): Change | undefined {
    if (names === undefined) return undefined;
    const place = placeOf(names, steps.join("/"));
    if (place.kind === "beside") return providersOwn.includes(place.reason) ? "update" : undefined;
    const schema = schemaOf(names.schema);
    if (schema.createOnly.some((path) => isAtOrAbove(path, place.path))) return "replace";
    // These replace in some cases only, which the schema does not name.
    if (schema.conditionalCreateOnly.some((path) => isAtOrAbove(path, place.path))) return undefined;
    return isKnown(schema, place.path) ? "update" : undefined;
}

function isAtOrAbove(path: string, other: string): boolean {
    return withoutMarks(other) === withoutMarks(path) || withoutMarks(other).startsWith(`${withoutMarks(path)}/`);
}

const withoutMarks = (path: string) => path.replaceAll("/*", "");

/** Whether the schema has the property that the path begins with. */
function isKnown({ properties }: ResourceSchema, path: string): boolean {
    const [first = path] = path.split("/");
    return Object.keys(properties).some((other) => other === first || other.startsWith(`${first}/`));
}
