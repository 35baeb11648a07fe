import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { evidenceOf } from "../../policy/reports/evidence";
import { toMarkdown } from "../../policy/reports/markdown";
import type { PolicyReport } from "../../policy/reports/report";
import { toSarif } from "../../policy/reports/sarif";
import { kubernetesResource } from "../../policy/samples";
import { canary, pod, reportOf, resources } from "./reportSample";

describe("the page", () => {
    let report: PolicyReport;
    let page: string;
    beforeEach(() => {
        report = reportOf();
        page = toMarkdown(report, rules);
    });
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
        expect(section("Findings")).not.toMatch(/POD-08 .*excused/);
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

/** TARS_UPDATE_GOLDEN=1 writes the pages; review the difference. */
describe("every word of a page", () => {
    const few = ["POD-07", "POD-08", "POD-13", "POD-15", "STK-06"];
    const file = path.join(__dirname, "reports.md");

    function pages(): readonly string[] {
        const { findings, ...report } = reportOf();
        const own = findings.filter(({ rule }) => few.includes(rule));
        const [first] = own;
        const inFile = first && { ...first, file: "k8s/app.yaml", line: 7, kind: "Deployment", name: "app" };
        const unreadable = [{ file: "k8s/broken.yaml", line: 3, problem: "is no YAML: <b>" }];
        return [
            pageOf({ ...report, findings: own }),
            pageOf({ ...report, findings: [] }),
            pageOf({ ...report, subjects: [], findings: inFile ? [inFile] : [], unreadable }),
        ];
    }

    function pageOf(report: PolicyReport): string {
        const page = toMarkdown(
            report,
            rules.filter(({ id }) => few.includes(id)),
        );
        return page.replaceAll(/sha256:[\da-f]{64}/g, "sha256:(digest)");
    }

    test("is what was reviewed: findings of every standing, none, and those of files", () => {
        const page = pages().join("\n");
        if (process.env.TARS_UPDATE_GOLDEN === "1") writeFileSync(file, page);
        expect(page).toBe(readFileSync(file, "utf8"));
    });
});

test("the evidence has what its digest is of, and a changed finding changes it", () => {
    const report = reportOf();
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
    const report = reportOf();
    const formats = [
        toMarkdown(report, rules),
        ...[toSarif(report, rules), evidenceOf(report, rules)].map((each) => JSON.stringify(each)),
    ];
    for (const text of formats) expect(text).not.toContain(canary);
    expect(JSON.stringify(resources)).toContain(canary);
});
