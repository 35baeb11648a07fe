import { rules } from "../../policy/registry";
import type { PolicyReport } from "../../policy/reports/report";
import { toSarif } from "../../policy/reports/sarif";
import { reportOf } from "./reportSample";
import { sarifProblems } from "./sarif/schema";

describe("SARIF", () => {
    let report: PolicyReport;
    let log: ReturnType<typeof toSarif>;
    let run: ReturnType<typeof toSarif>["runs"][number] | undefined;
    beforeEach(() => {
        report = reportOf();
        log = toSarif(report, rules);
        [run] = log.runs;
    });
    const of = (name: string) =>
        run?.results.filter(
            ({ ruleId, locations: [place] }) =>
                ruleId === "POD-08" && place?.logicalLocations[0]?.fullyQualifiedName.endsWith(`::${name}`),
        )[0];

    test("is valid by the schema of SARIF 2.1.0, also for files and what cannot be read", () => {
        expect(sarifProblems(log)).toEqual([]);
        const lines = {
            ...report,
            findings: report.findings.map((finding) => ({ ...finding, file: "k8s/with space/ü#1.yaml", line: 7 })),
            unreadable: [{ file: "/abs/broken.yaml", line: 3, problem: "is no YAML" }],
        };
        expect(sarifProblems(toSarif(lines, rules))).toEqual([]);
        expect(sarifProblems({ ...log, version: "2.0.0" })).toEqual([
            "/version must be equal to one of the allowed values",
        ]);
    });

    test("a mandatory finding is an error on the stack file, with its URN as the logical place", () => {
        expect(of("broken")).toMatchObject({
            kind: "fail",
            level: "error",
            locations: [
                {
                    physicalLocation: { artifactLocation: { uri: "Pulumi.dev.yaml" } },
                    logicalLocations: [
                        { fullyQualifiedName: "urn:pulumi:dev::shop::kubernetes:apps/v1:Deployment::broken" },
                    ],
                },
            ],
            properties: { controls: expect.arrayContaining(["SOC 2 2017 Trust Services Criteria: CC6.6"]) },
        });
        expect(of("broken")).not.toHaveProperty("suppressions");
    });

    test("an exempted finding is suppressed, with who answers for it", () => {
        const justification = expect.stringMatching(/^exempt until 2026-12-01 \(T-17, team-a\): debugs/);
        expect(of("excused")).toMatchObject({
            suppressions: [{ kind: "external", status: "accepted", justification }],
        });
    });

    test("what is not decided is a review, which has no level", () => {
        expect(of("unclear")).toMatchObject({ kind: "review", level: "none" });
    });

    test("every rule is there once, with help, link and severity, and results point at theirs", () => {
        const described = run?.tool.driver.rules ?? [];
        expect(described.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
        for (const result of run?.results ?? []) expect(described[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
        for (const { help, helpUri, properties } of described) {
            expect([help.text, helpUri, Number(properties["security-severity"])]).toEqual([
                expect.stringContaining("Fix: "),
                expect.stringMatching(/^https:/),
                expect.any(Number),
            ]);
        }
    });

    test("a finding keeps its fingerprint when its line moves, and two findings have two", () => {
        const prints = (line: number) =>
            toSarif({ ...report, findings: report.findings.map((each) => ({ ...each, line })) }, rules).runs.flatMap(
                ({ results }) => results.map(({ partialFingerprints }) => partialFingerprints["tarsFinding/v1"]),
            );
        expect(prints(3)).toEqual(prints(30));
        const own = run?.results.map(({ partialFingerprints }) => partialFingerprints["tarsFinding/v1"]) ?? [];
        expect(new Set(own).size).toBe(own.length);
    });

    test("a file is a place with a line, and a broken one is said of the run, which failed", () => {
        const line = {
            ...report,
            findings: report.findings.slice(0, 1).map((each) => ({ ...each, file: "a b/c.yaml", line: 7 })),
        };
        const broken = toSarif({ ...line, unreadable: [{ file: "/x/y.yaml", line: 2, problem: "is no YAML" }] }, rules)
            .runs[0];
        expect(broken?.results[0]?.locations[0]?.physicalLocation).toEqual({
            artifactLocation: { uri: "a%20b/c.yaml" },
            region: { startLine: 7 },
        });
        expect(broken?.invocations[0]).toMatchObject({
            executionSuccessful: false,
            toolExecutionNotifications: [
                {
                    level: "error",
                    locations: [{ physicalLocation: { artifactLocation: { uri: "file:///x/y.yaml" } } }],
                },
            ],
        });
    });
});
