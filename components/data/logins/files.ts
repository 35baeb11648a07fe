import * as fs from "node:fs";
import * as path from "node:path";
import { databasesOf } from "../../foundation/postgresLogins";
import type { PostgresLogins } from "../../foundation/postgresPlace";

const programs = ["logins.sh", "server.sql", "database.sql"] as const;

/** What the job reads: its programs, who is to be there (`plan.json`), and whose each database is (`owners`). */
export function planFiles(users: PostgresLogins): Readonly<Record<string, string>> {
    const read = (name: string) => fs.readFileSync(path.join(__dirname, "scripts", name), "utf8");
    const plan = Object.entries(users).map(([name, { owns, reads }]) => ({ name, owns: owns ?? null, reads }));
    const owners = databasesOf(users).map(({ name, owner }) => `${name} ${owner}\n`);
    return {
        ...Object.fromEntries(programs.map((name) => [name, read(name)])),
        "plan.json": JSON.stringify(plan),
        owners: owners.join(""),
    };
}
