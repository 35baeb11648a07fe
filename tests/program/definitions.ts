import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { root } from "./stack";

/** What of an object's shape a definition says. */
export interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: unknown;
    readonly items?: Schema;
    readonly enum?: readonly unknown[];
    readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
}

/** The shape of `spec` in a definition of `simulator/standins/schemas`. */
export function specSchema(file: string): Schema {
    const text = fs.readFileSync(path.join(root, "simulator", "standins", "schemas", `${file}.yaml`), "utf8");
    return parse(text).spec.versions[0].schema.openAPIV3Schema.properties.spec;
}

/** Paths of what the API server would drop, or take for no word of a list. */
export function unknownTo(schema: Schema | undefined, value: unknown, place: string): readonly string[] {
    if (schema === undefined) return [place];
    if (schema.enum !== undefined) return schema.enum.includes(value) ? [] : [place];
    if (Array.isArray(value))
        return value.flatMap((item, index) => unknownTo(schema.items, item, `${place}[${index}]`));
    if (typeof value !== "object" || value === null || schema["x-kubernetes-preserve-unknown-fields"]) return [];
    if (schema.additionalProperties !== undefined) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
        unknownTo(schema.properties?.[key], inner, `${place}.${key}`),
    );
}
