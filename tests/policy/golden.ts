import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isMapping } from "../../policy/reading/value";
import type { Resource } from "../../policy/rule";

const folder = path.resolve(__dirname, "..", "golden");

export interface Row {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly inputs: unknown;
}

/** Every row of every stack's golden graph. */
export function parsedGolden(): readonly Row[] {
    return readdirSync(folder).flatMap(rowsOf);
}

function rowsOf(stack: string): readonly Row[] {
    return readdirSync(path.join(folder, stack)).flatMap((file) => {
        const rows: unknown = JSON.parse(readFileSync(path.join(folder, stack, file), "utf8"));
        return Array.isArray(rows) ? rows.filter(isRow) : [];
    });
}

function isRow(row: unknown): row is Row {
    return (
        isMapping(row) && typeof row.urn === "string" && typeof row.type === "string" && typeof row.name === "string"
    );
}

/** The golden graph of a stack, as far as rules that compare stacks look at it: without providers and options. */
export function goldenResources(stack: string): readonly Resource[] {
    return rowsOf(stack).map(({ urn, type, name, inputs }) => ({ urn, type, name, inputs }));
}
