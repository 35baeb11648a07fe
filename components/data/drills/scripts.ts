import * as fs from "node:fs";
import * as path from "node:path";

const folder = path.join(__dirname, "scripts");

/** Where a pod has them. */
export const scriptsPath = "/opt/backups";

/** The programs of backups and drills by their names, as a ConfigMap has them. */
export function readScripts(): Readonly<Record<string, string>> {
    const names = fs.readdirSync(folder).filter((name) => name.endsWith(".py"));
    return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}
