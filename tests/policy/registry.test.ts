import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rulesPage } from "../../policy/documentation";
import { rules } from "../../policy/registry";

const catalogued = /^[A-Z]{2,4}-\d{2}$/;

test("numbers are the catalogue's and unique", () => {
    const ids = rules.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(catalogued);
    expect(new Set(ids).size).toBe(ids.length);
});

describe.each(rules)("$id", (rule) => {
    test("says what it is for and how to satisfy it", () => {
        for (const text of [rule.title, rule.why, rule.fix]) expect(text.length).toBeGreaterThan(15);
        expect(rule.why).toMatch(/\.$/);
        expect(rule.fix).not.toMatch(/\.$/);
        expect(rule.link).toMatch(/^https:\/\//);
        expect(rule.kinds).not.toEqual([]);
    });

    test("supports a control of SOC 2 and of ISO 27001, each with its edition", () => {
        const frameworks = rule.controls.map(({ framework }) => framework);
        expect(frameworks).toEqual(expect.arrayContaining(["SOC 2", "ISO/IEC 27001 Annex A"]));
        for (const { version, number } of rule.controls) {
            expect(version).toMatch(/\d/);
            expect(number).toMatch(/^[A-Z]{0,2}-?\d[\d.]*$/);
        }
    });

    test("has a passing and a failing sample", () => {
        expect(rule.samples.passing.length).toBeGreaterThan(0);
        expect(rule.samples.failing.length).toBeGreaterThan(0);
    });

    test("repairs exactly where its level says so", () => {
        expect(rule.scope === "resource" && rule.remediate !== undefined).toBe(rule.level === "remediate");
    });
});

/** Set to 1, the page is written anew. */
const isUpdate = process.env.TARS_UPDATE_DOCS === "1";

test("the page of rules is made from the registry; TARS_UPDATE_DOCS=1 writes it", () => {
    const page = path.resolve(__dirname, "..", "..", "docs", "policy-rules.md");
    if (isUpdate) writeFileSync(page, rulesPage(rules));
    expect(readFileSync(page, "utf8")).toBe(rulesPage(rules));
});
