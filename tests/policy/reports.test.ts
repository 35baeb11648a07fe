import { createHash } from "node:crypto";
import { judge, readConfiguration } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { evidenceOf } from "../../policy/reports/evidence";
import { toMarkdown } from "../../policy/reports/markdown";
import type { PolicyReport } from "../../policy/reports/report";
import { toSarif } from "../../policy/reports/sarif";
import type { Resource } from "../../policy/rule";
import { kubernetesResource } from "../../policy/samples";
import { bareTerms, type Terms } from "../../policy/terms/terms";
import { sarifProblems } from "./sarif/schema";
import { compliantPod, deploymentOf, isMapping } from "./support";

const today = "2026-11-21";
const canary = "canary-4e0b9d";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A stack named dev with one finding of each standing: mandatory, advisory by exemption, not decided. */
function pod(name: string, set: object): Resource {
    const resource = deploymentOf({ ...compliantPod, ...set });
    return { ...resource, name, urn: `urn:pulumi:dev::shop::${resource.type}::${name}` };
}
const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "other" } });
const resources = [
    pod("broken", { hostPID: true, containers: containers({ env: [{ name: "TOKEN", value: canary }] }) }),
    pod("excused", { hostIPC: true }),
    pod("unclear", { hostNetwork: unknownText }),
    { ...namespace, urn: `urn:pulumi:dev::shop::${namespace.type}::other` },
];

function containers(set: object): readonly unknown[] {
    const own: unknown = compliantPod.containers;
    return Array.isArray(own) ? own.map((container) => ({ ...container, ...set })) : [];
}

const terms: Terms = {
    ...bareTerms,
    environment: "staging",
    today,
    exemptions: [
        {
            rule: "POD-08",
            stack: "dev",
            resource: "kubernetes:apps/v1:Deployment::excused",
            reason: "debugs | shared memory <b>until</b> the new version",
            owner: "team-a",
            ticket: "T-17",
            expires: "2026-12-01",
        },
    ],
    pending: [{ rule: "POD-13", part: 7, kind: "example.com/Nothing", reason: "for the test" }],
};

function reportOf(given = resources, unreadable: PolicyReport["unreadable"] = []): PolicyReport {
    const { findings, coverage } = judge(given, readConfiguration({ "POD-07": "disabled" }), terms);
    return {
        date: today,
        version: "1.2.3",
        subjects: [{ name: "dev", source: "Pulumi.dev.yaml", environment: "staging", coverage }],
        findings: findings.map((finding) => ({ ...finding, subject: "dev", file: "Pulumi.dev.yaml" })),
        unreadable,
    };
}

const report = reportOf();

describe("SARIF", () => {
    const log = toSarif(report, rules);
    const [run] = log.runs;
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

describe("the page", () => {
    const page = toMarkdown(report, rules);
    const section = (title: string) => page.split(/^## /m).find((part) => part.startsWith(title)) ?? "";

    test("begins with the counts", () => {
        const count = (keep: (finding: PolicyReport["findings"][number]) => boolean) =>
            report.findings.filter(keep).length;
        const counts = [
            count(({ level }) => level === "mandatory"),
            count(({ level, decided, exception }) => level === "advisory" && decided && !exception),
            count(({ decided }) => !decided),
            1,
        ];
        expect(page).toContain(`| \`dev\` | \`Pulumi.dev.yaml\` | staging | ${counts.join(" | ")} |`);
    });

    test("says who answers for each exemption, and lets no reason become Markdown", () => {
        const row = section("Exemptions used").split("\n").at(-3);
        expect(row).toBe(
            "| POD-08 | dev | `kubernetes:apps/v1:Deployment::excused` | exempt until 2026-12-01 (T-17, team-a): debugs \\| shared memory &lt;b\\>until&lt;/b\\> the new version |",
        );
        expect(section("Findings")).not.toContain("excused");
    });

    test("gives every control of every rule, with what was checked and what not", () => {
        const coverage = section("Coverage by control");
        for (const { framework, version, number } of rules.flatMap((rule) => rule.controls)) {
            const edition = coverage.split(/^### /m).find((part) => part.startsWith(`${framework} ${version}\n`)) ?? "";
            expect(edition.split("\n").some((row) => row.startsWith(`| ${number} | `))).toBe(true);
        }
        expect(coverage).toMatch(/\| POD-08 \| 3 checked, 1 mandatory, 1 exempt, 1 not decided \|/);
        expect(coverage).toMatch(/\| POD-13 \| pending \(part 7\) \|/);
        expect(coverage).toMatch(/\| POD-07 \| not applicable \|/);
        expect(section("Rules that judged nothing")).toMatch(
            /\| POD-07 \|.*\| dev \| disabled by the pack configuration \|/,
        );
    });

    test("never says that a control is met, and names what code cannot show", () => {
        expect(section("Coverage by control")).not.toMatch(/✅|✔|passed|compliant/i);
        const outside = section("What code cannot show");
        for (const controls of ["CC1", "CC2.2", "5.1-5.8", "6", "7", "1.x-4.x"])
            expect(outside).toContain(`| ${controls} |`);
        expect(outside).toContain("none of them counts as met here");
    });
});

test("the evidence has what its digest is of, and a changed finding changes it", () => {
    const evidence = evidenceOf(report, rules);
    const sum = createHash("sha256").update(JSON.stringify(evidence.report)).digest("hex");
    expect(evidence.digest).toBe(`sha256:${sum}`);
    expect(toMarkdown(report, rules)).toContain(evidence.digest);
    expect(evidenceOf({ ...report, findings: report.findings.slice(1) }, rules).digest).not.toBe(evidence.digest);
    expect(evidenceOf({ ...report, date: "2026-11-22" }, rules).digest).not.toBe(evidence.digest);
    expect(evidenceOf(reportOf(), rules).digest).toBe(evidence.digest);
});

test("coverage counts pods where there are any, not every custom resource", () => {
    const custom = kubernetesResource("example.com/v1", "Thing", { metadata: { name: "thing" }, spec: { size: 1 } });
    const { coverage } = judge([pod("app", {}), custom]);
    expect(coverage.find(({ rule }) => rule === "POD-01")).toEqual({ rule: "POD-01", checked: 1 });
});

test("no format shows a secret", () => {
    const formats = [
        toMarkdown(report, rules),
        ...[toSarif(report, rules), evidenceOf(report, rules)].map((each) => JSON.stringify(each)),
    ];
    for (const text of formats) expect(text).not.toContain(canary);
    expect(isMapping(compliantPod) && JSON.stringify(resources)).toContain(canary);
});
