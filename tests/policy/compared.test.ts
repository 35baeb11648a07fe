import { writeFileSync } from "node:fs";
import { judgeStacks } from "../../cli/src/policy/judged";
import { asText } from "../../cli/src/policyReport";
import { readConfiguration } from "../../policy/configuration";
import type { Finding } from "../../policy/judge";
import type { CrossStackRule } from "../../policy/rule";
import { bareTerms } from "../../policy/terms/terms";
import { scratchFolder } from "../cli/support";

/** Says of every stack but the first that it is not the first. */
const mockRule: CrossStackRule = {
    id: "STK-97",
    title: "There is one stack",
    severity: "high",
    level: "mandatory",
    scope: "stacks",
    kinds: ["any resource"],
    controls: [],
    why: "For the test.",
    fix: "take it away",
    link: "https://example.com/",
    samples: { passing: [], failing: [] },
    checkAcross: ([first, ...others], report) => {
        for (const other of others)
            report(other, { path: "", problem: `stands beside ${first?.name} (${other.environment})` });
    },
};
// Jest moves this above the imports: the rule is there only when it is asked for.
jest.mock("../../policy/registry", () => ({
    get rules() {
        return [mockRule];
    },
}));

const scratch = scratchFolder();
const ground = {
    configuration: readConfiguration({}),
    terms: () => bareTerms,
    date: "2026-11-21",
    environment: "staging",
} as const;

function stateOf(stack: string, file = stack): string {
    const row = { urn: `urn:pulumi:${stack}::shop::pulumi:pulumi:Stack::shop-${stack}`, type: "pulumi:pulumi:Stack" };
    writeFileSync(scratch.at(file), JSON.stringify({ version: 3, deployment: { resources: [row] } }));
    return scratch.at(file);
}

const mockedCoverage = (checked: number) => [{ rule: "STK-97", checked }];

test("several stacks meet the rules that compare them, and the finding is placed in its own stack", async () => {
    const { report } = await judgeStacks([], [stateOf("qa"), stateOf("uat")], ground);
    expect(report.findings).toEqual([
        expect.objectContaining({
            rule: "STK-97",
            level: "mandatory",
            resource: "urn:pulumi:uat",
            subject: "uat",
            file: scratch.at("uat"),
            message: "stands beside qa (staging); take it away",
        }),
    ]);
    expect(report.subjects.map(({ coverage }) => coverage)).toEqual([mockedCoverage(2), mockedCoverage(2)]);
});

test("one stack is compared with nothing, and two states of one stack are no two stacks", async () => {
    const alone = await judgeStacks([], [stateOf("qa")], ground);
    expect(alone.report.findings).toEqual([]);
    expect(alone.report.subjects[0]?.coverage).toEqual([
        { rule: "STK-97", checked: 0, notApplicable: "compares stacks" },
    ]);
    const twice = await judgeStacks([], [stateOf("qa"), stateOf("qa", "before")], ground);
    expect(twice.report.findings).toEqual([]);
    expect(twice.report.subjects.map(({ name }) => name)).toEqual([
        `qa (${scratch.at("qa")})`,
        `qa (${scratch.at("before")})`,
    ]);
});

test("the text names each exemption that was used, with who answers for it", () => {
    const finding: Finding = {
        rule: "POD-08",
        severity: "critical",
        level: "advisory",
        resource: "urn:pulumi:qa::shop::a:b:C::x",
        type: "a:b:C",
        kind: "C",
        name: "x",
        namespace: "",
        path: "spec",
        message: "spec is wrong [exempt until 2026-12-01 (T-1, team): why]",
        fix: "mend it",
        controls: [],
        decided: true,
        exception: { kind: "exemption", reason: "exempt until 2026-12-01 (T-1, team): why" },
    };
    const text = asText([finding, { ...finding, path: "other" }], []);
    expect(text.split("\n").slice(-5)).toEqual([
        "exemptions used:",
        "  POD-08   urn:pulumi:qa::shop::a:b:C::x",
        "           exempt until 2026-12-01 (T-1, team): why",
        "0 mandatory, 2 advisory (0 not decided), 2 of them exempt",
        "",
    ]);
    expect(asText([], [])).not.toContain("exempt");
});
