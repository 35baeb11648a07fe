import * as fs from "node:fs";
import * as path from "node:path";

const folder = path.join(__dirname, "scripts");

/** Where a pod has them. */
export const scriptsPath = "/opt/backups";

/** The programs of backups and drills by their names, as a ConfigMap has them. */
export function readScripts(): Readonly<Record<string, string>> {
    return read(folder, programsIn(folder));
}

/** What programs of other services use as well. */
const shared = ["backups.py", "blob.py", "report.py", "s3.py", "stores.py", "web.py"] as const;

/** The same of PostgreSQL's, which come with what they use of the others. */
export function readPostgresScripts(): Readonly<Record<string, string>> {
    const own = path.join(folder, "postgres");
    return { ...read(folder, shared), ...read(own, programsIn(own)) };
}

/** The same of the job that gives applications their logins in PostgreSQL: a shell's, and what it tells the server. */
export function readLoginScripts(): Readonly<Record<string, string>> {
    return read(path.join(__dirname, "..", "logins", "scripts"), ["logins.sh", "server.sql", "database.sql"]);
}

function programsIn(from: string): readonly string[] {
    return fs.readdirSync(from).filter((name) => name.endsWith(".py"));
}

function read(from: string, names: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries([...names].sort().map((name) => [name, fs.readFileSync(path.join(from, name), "utf8")]));
}
