import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rules } from "../../policy/registry";
import type { Rule } from "../../policy/rule";
import { sampleFindings } from "./support";

// Everything that each rule says of its failing samples, so that no place, problem or fix changes unseen.
// TARS_UPDATE_GOLDEN=1 writes it; review the difference.

const file = path.join(__dirname, "statements.txt");

/** The rule, each sample by its problem, and below it what is said of which resource; the fix only where it is another than the rule's. */
function statementsOf(rule: Rule): string {
    const lines = rule.samples.failing.flatMap(({ sample, problem }) => [
        `  ${problem}`,
        ...sampleFindings(rule, sample).map(({ level, resource, message }) => {
            const place = resource.split("::").slice(2).join("::");
            return `    ${level} ${place} ${message.replace(`; ${rule.fix}`, "")}`;
        }),
    ]);
    return `${[rule.id, ...lines].join("\n")}\n`;
}

if (process.env.TARS_UPDATE_GOLDEN === "1") writeFileSync(file, rules.map(statementsOf).join("\n"));
const reviewed = new Map(
    readFileSync(file, "utf8")
        .split(/\n(?=\S)/)
        .map((block) => [block.slice(0, block.indexOf("\n")), block]),
);

test.each(rules)("$id says of its failing samples what was reviewed", (rule) => {
    expect(statementsOf(rule).trimEnd()).toBe(reviewed.get(rule.id)?.trimEnd());
});

test("nothing else was reviewed", () => expect([...reviewed.keys()]).toEqual(rules.map(({ id }) => id)));
