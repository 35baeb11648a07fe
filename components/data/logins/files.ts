import { databasesOf } from "../../foundation/postgresLogins";
import type { PostgresLogins } from "../../foundation/postgresPlace";
import { readLoginScripts } from "../drills/scripts";

/** What the job reads: its programs, who is to be there (`plan.json`), and whose each database is (`owners`). */
export function planFiles(users: PostgresLogins): Readonly<Record<string, string>> {
    const plan = Object.entries(users).map(([name, { owns, reads }]) => ({ name, owns: owns ?? null, reads }));
    const owners = databasesOf(users).map(({ name, owner }) => `${name} ${owner}\n`);
    return { ...readLoginScripts(), "plan.json": JSON.stringify(plan), owners: owners.join("") };
}
