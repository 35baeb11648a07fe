import type { SettingSchema } from "../rule";

/** A rule whose layer is not built yet: a rule about a stack is silent until the first resource of `kind` appears in one. */
export interface PendingRule {
    readonly rule: string;
    /** Number of the part of the plan that builds the layer. */
    readonly part: number;
    /** The kind whose first appearance turns the rule on, named as in the `kinds` of a rule. */
    readonly kind: string;
    readonly reason: string;
}

export const pendingSchema: SettingSchema = {
    type: "array",
    items: {
        type: "object",
        properties: {
            rule: { type: "string", minLength: 1 },
            part: { type: "integer" },
            kind: { type: "string", minLength: 1 },
            reason: { type: "string", minLength: 10 },
        },
        required: ["rule", "part", "kind", "reason"],
    },
};
