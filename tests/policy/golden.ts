import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isMapping } from "./support";

const folder = path.resolve(__dirname, "..", "golden");

export interface Row {
    readonly type: string;
    readonly name: string;
}

/** Every row of every stack's golden graph. */
export function parsedGolden(): readonly Row[] {
    return readdirSync(folder).flatMap((stack) =>
        readdirSync(path.join(folder, stack)).flatMap((file) => {
            const rows: unknown = JSON.parse(readFileSync(path.join(folder, stack, file), "utf8"));
            return Array.isArray(rows) ? rows.filter(isRow) : [];
        }),
    );
}

function isRow(row: unknown): row is Row {
    return isMapping(row) && typeof row.type === "string" && typeof row.name === "string";
}
