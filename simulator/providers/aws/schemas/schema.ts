import * as fs from "node:fs";
import * as path from "node:path";

/** What CloudFormation says of one AWS type; `extract.py` says how the file comes about. */
export interface ResourceSchema {
    /** Paths whose change replaces the resource. */
    readonly createOnly: readonly string[];
    /** Paths whose change replaces it in some cases. */
    readonly conditionalCreateOnly: readonly string[];
    readonly readOnly: readonly string[];
    readonly required: readonly string[];
    /** By path: names from the top, with `*` for each item of a list or value of a map. */
    readonly properties: Readonly<Record<string, PropertyRules>>;
}

export interface PropertyRules {
    readonly type?: string | readonly string[];
    readonly enum?: readonly unknown[];
    readonly const?: unknown;
    readonly pattern?: string;
    readonly format?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly minItems?: number;
    readonly maxItems?: number;
    readonly required?: readonly string[];
}

export interface Schemas {
    /** Package and version that they were read from. */
    readonly source: string;
    readonly types: Readonly<Record<string, ResourceSchema>>;
}

export const schemasFile = path.join(__dirname, "resources.json");

export const schemas: Schemas = JSON.parse(fs.readFileSync(schemasFile, "utf8"));

/** @param name such as `AWS::EC2::VPC` */
export function schemaOf(name: string): ResourceSchema {
    const schema = schemas.types[name];
    if (schema === undefined) throw new RangeError(`${schemas.source} gave no schema of ${name}: see extract.py`);
    return schema;
}
