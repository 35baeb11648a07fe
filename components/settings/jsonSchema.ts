import { z } from "zod";
import type { Clouds } from "./cloud";
import { stackSchema } from "./stackSchema";

/** One node of a JSON schema, by keyword. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** JSON schema of a whole `Pulumi.<stack>.yaml`, for editors. Keys of other projects and providers are left alone. */
export function stackFileJsonSchema(clouds: Clouds<unknown>, project = "tars-platform"): SchemaNode {
    const { properties = {}, required = [] } = z.toJSONSchema(stackSchema(clouds), { io: "input" });
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
                allOf: Object.entries(clouds).map(([kind, { section }]) => ownSection(project, kind, section, clouds)),
            },
        },
        required: ["config"],
    };
}

/** A stack has the section of its cloud, and no other cloud's. */
function ownSection(project: string, kind: string, section: string, clouds: Clouds<unknown>): SchemaNode {
    const others = Object.values(clouds).filter((other) => other.section !== section);
    return {
        if: { properties: { [`${project}:cloud`]: { const: kind } }, required: [`${project}:cloud`] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema, in an object that is only written down
        then: {
            required: [`${project}:${section}`],
            properties: Object.fromEntries(others.map((other) => [`${project}:${other.section}`, false])),
        },
    };
}
