import * as fs from "node:fs";
import * as path from "node:path";
import type { Registration } from "../../cli/src/registrations";
import { goldenGraph } from "../support/goldenGraph";
import { type Cell, columns, type Row, services } from "./dataServices/services";
import { root } from "./stack";

/** Set to 1, the page is written anew. */
const isUpdate = process.env.TARS_UPDATE_DOCS === "1";
const docs = path.join(root, "docs");

/** Inputs of the object that a claim names, with what it must hold: a pointer of RFC 6901 and a value in words. */
function lookUp(claim: string): {
    readonly found: readonly Registration[];
    readonly held: readonly (readonly [unknown, string])[];
} {
    const [stack = "", kind = "", name = "", ...holds] = claim.split(" ");
    const found = goldenGraph(stack).filter((each) => each.name === name && each.type.split(/[:/]/).at(-1) === kind);
    const held = holds.map((hold) => {
        const [pointer = "", value = ""] = hold.split("=");
        return [`${at(found[0]?.inputs, pointer)}`, value] as const;
    });
    return { found, held };
}

function at(value: unknown, pointer: string): unknown {
    const keys = pointer.split("/").slice(1);
    return keys.reduce((inner, key) => Object(inner)[key.replaceAll("~1", "/").replaceAll("~0", "~")], value);
}

describe.each(Object.entries(services))("%s", (_, row) => {
    test.each(columns)("%s: is seen in a stack, or has a reason not to be there", (column) => {
        const cell = row[column];
        if ("lacks" in cell) {
            expect(cell.lacks.length).toBeGreaterThan(8);
            return;
        }
        expect(cell.says).not.toBe("");
        if (column !== "Docs") expect(cell.seen).not.toEqual([]);
        for (const claim of cell.seen) {
            const { found, held } = lookUp(claim);
            expect({ claim, found: found.length }).toEqual({ claim, found: 1 });
            for (const [is, wanted] of held) expect({ claim, is }).toEqual({ claim, is: wanted });
        }
    });

    test("has a page", () => {
        const [, file = ""] = /\]\(([^)#]+)/.exec(wordsOf(row.Docs)) ?? [];
        expect(fs.existsSync(path.join(docs, file))).toBe(true);
    });
});

function wordsOf(cell: Cell): string {
    return "lacks" in cell ? `— (${cell.lacks})` : cell.says;
}

const heading = `# Data services at a glance

Each cell says what a service has and where, or after a dash why it has not. The table is made of [services.ts](../tests/program/dataServices/services.ts) by the test that looks up
every claim in the graphs of the stacks (\`TARS_UPDATE_DOCS=1 npx jest --selectProjects unit --testPathPatterns dataServices\`).

`;

/** A service a section: nine columns are more than a page is wide. */
function page(): string {
    const section = ([name, row]: readonly [string, Row]) => {
        const lines = columns.map((column) => `| ${column} | ${wordsOf(row[column])} |`);
        return [`## ${name}`, "", "| | |", "|---|---|", ...lines, ""].join("\n");
    };
    return `${heading}${Object.entries(services).map(section).join("\n")}`;
}

test("the page is made of the table; TARS_UPDATE_DOCS=1 writes it", () => {
    const file = path.join(docs, "data-services.md");
    if (isUpdate) fs.writeFileSync(file, page());
    expect(fs.readFileSync(file, "utf8")).toBe(page());
});
