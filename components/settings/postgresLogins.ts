import { z } from "zod";
import type { PostgresLogins } from "../foundation/postgresPlace";
import { consumerFields, distinct } from "./fields";

/** Names that need quotes neither in SQL nor in pg_hba, and make the name of a Secret when their underscores become hyphens. */
const identifier = () =>
    z
        .string()
        .max(40)
        .regex(/^[a-z]([a-z0-9_]*[a-z0-9])?$/, {
            error: "must be small letters, digits and underscores, a letter first and no underscore last, 40 at most",
        });

const login = z
    .strictObject({
        ...consumerFields,
        owns: identifier()
            .optional()
            .meta({ description: "the database that is its own, where it makes tables", examples: ["orders"] }),
        reads: distinct(identifier())
            .default([])
            .meta({ description: "databases of others, all of which it may read", examples: [["tars_analytics"]] }),
    })
    .meta({ description: "an application's login" });

/** Logins of applications, which are the same wherever the database runs. */
export const users = z
    .record(identifier(), login)
    .default({})
    .meta({
        description: "applications' logins by their names",
        examples: [{ orders: { namespace: "shop", serviceAccount: "orders", owns: "orders" } }],
    });

export function resolveUsers(asked: z.output<typeof users>): PostgresLogins {
    const resolved = Object.entries(asked).map(([name, each]) => [name, { ...each, owns: each.owns }] as const);
    return Object.fromEntries(resolved);
}
