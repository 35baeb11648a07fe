import * as fs from "node:fs";
import * as path from "node:path";
import type { Registration } from "../../cli/src/registrations";

const read = new Map<string, readonly Registration[]>();

/** What the golden files of a stack say that it registers; read once. */
export function goldenGraph(stack: string): readonly Registration[] {
    const folder = path.join(__dirname, "..", "golden", stack);
    const rowsOf = (file: string): readonly Registration[] =>
        JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
    const rows = read.get(stack) ?? fs.readdirSync(folder).flatMap(rowsOf);
    read.set(stack, rows);
    return rows;
}
