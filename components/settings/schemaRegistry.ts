import { z } from "zod";
import { compatibilities, mostRegistryPods, type RegistryPlace, registryRights } from "../foundation/schemaRegistry";
import { count, dnsLabel, switchedOff } from "./fields";
import type { Environment } from "./sizing";

const right = z.enum(registryRights).meta({
    description: "read the schemas of its topics, or also register and delete those of the topics that it writes to",
    examples: ["read"],
});

export const schemaRegistry = z
    .discriminatedUnion("kind", [
        switchedOff("there is none"),
        z.strictObject({
            kind: z.literal("karapace").meta({ description: "pods of Karapace", examples: ["karapace"] }),
            replicas: count(1, mostRegistryPods)
                .optional()
                .meta({
                    description: "pods, one of which writes; without it 2 in production and 1 before",
                    examples: [3],
                }),
            compatibility: z
                .enum(compatibilities)
                .default("BACKWARD")
                .meta({
                    description: "what a new version of a schema must keep to, where its subject says nothing else",
                    examples: ["FULL"],
                }),
            users: z
                .record(dnsLabel(), right)
                .default({})
                .meta({
                    description: "which of `users` may call it, and for what",
                    examples: [{ backend: "register" }],
                }),
        }),
    ])
    .prefault({ kind: "off" })
    .meta({ description: "registry of the schemas of what is in topics", examples: [{ kind: "karapace" }] });

/** In production one may go, and the other goes on: it keeps nothing itself. */
export const registryDefaults = { dev: 1, staging: 1, production: 2 } as const satisfies Readonly<
    Record<Environment, number>
>;

/** The stack's words, with the environment's where it has none. */
export function resolveRegistry(asked: z.output<typeof schemaRegistry>, environment: Environment): RegistryPlace {
    return asked.kind === "off" ? asked : { ...asked, replicas: asked.replicas ?? registryDefaults[environment] };
}
