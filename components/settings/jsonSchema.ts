import { z } from "zod";
import { stackSchema } from "./schema";

/** One node of a JSON schema, by keyword. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** JSON schema of what stands under the project's name in a stack file: keys without the prefix `tars-platform:`. */
export function settingsJsonSchema() {
    return z.toJSONSchema(stackSchema, { io: "input" });
}

/** JSON schema of a whole `Pulumi.<stack>.yaml`, for editors. Keys of other projects and providers are left alone. */
export function stackFileJsonSchema(project = "tars-platform"): SchemaNode {
    const { properties = {}, required = [] } = settingsJsonSchema();
    const prefixed = Object.entries(properties).map(([key, node]) => [`${project}:${key}`, node]);
    return {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        title: `Stack file of ${project}`,
        type: "object",
        properties: {
            config: {
                type: "object",
                properties: Object.fromEntries(prefixed),
                required: required.map((key) => `${project}:${key}`),
                propertyNames: { not: { pattern: `^${project}:(?!(${Object.keys(properties).join("|")})$)` } },
            },
        },
        required: ["config"],
    };
}
