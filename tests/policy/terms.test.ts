import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import type { Resource } from "../../policy/rule";
import { kubernetesResource, podOf, resourcesOf } from "../../policy/samples";
import { environmentOf, purposeOfProcess } from "../../policy/terms/environment";
import { type Exemption, isEnding, whyVoid } from "../../policy/terms/exemptions";
import { PackFilesError, packFolder, readPackFiles } from "../../policy/terms/files";
import { bareTerms, type Terms } from "../../policy/terms/terms";
import { asItStands, deploymentOf, findingsOf, ruleOf } from "./support";

const today = "2026-11-21";
const broken = deploymentOf(podOf({ kind: "container", set: { securityContext: { privileged: true } } }));
const exemption: Exemption = {
    rule: "POD-01",
    stack: "sample",
    resource: "kubernetes:apps/v1:Deployment::deployment",
    reason: "reads the node's sensors",
    owner: "platform-team",
    ticket: "PLAT-1",
    expires: "2026-12-21",
};

function levelOf(resource: Resource, terms: Partial<Terms>, rule = "POD-01"): unknown {
    const { findings } = judge([resource], asItStands, { ...bareTerms, today, ...terms });
    return findings.find((finding) => finding.rule === rule)?.level;
}

describe("an exemption", () => {
    test("takes one finding of one resource from the update's way, and says who answers for it until when", () => {
        const { findings } = judge([broken], asItStands, { ...bareTerms, today, exemptions: [exemption] });
        expect(findings.filter(({ rule }) => rule === "POD-01")).toEqual([
            expect.objectContaining({
                level: "advisory",
                decided: true,
                exception: {
                    kind: "exemption",
                    reason: expect.stringContaining("exempt until 2026-12-21 (PLAT-1, platform-team)"),
                },
                message: expect.stringContaining(
                    "exempt until 2026-12-21 (PLAT-1, platform-team): reads the node's sensors",
                ),
            }),
        ]);
    });

    test.each<[string, Partial<Exemption>]>([
        ["another rule", { rule: "POD-02" }],
        ["another stack", { stack: "other" }],
        ["another name", { resource: "kubernetes:apps/v1:Deployment::other" }],
        ["another kind", { resource: "kubernetes:apps/v1:StatefulSet::deployment" }],
        ["another path", { path: "spec.template.spec.containers[1]" }],
        ["a longer name that begins alike", { path: "spec.template.spec.cont" }],
        ["a day that has passed", { expires: "2026-11-20" }],
        ["a day too far ahead", { expires: "2027-02-20" }],
        ["a wildcard", { resource: "kubernetes:apps/v1:Deployment::*" }],
        ["no day of the calendar", { expires: "2026-13-41" }],
    ])("for %s exempts nothing", (_, change) => {
        expect(levelOf(broken, { exemptions: [{ ...exemption, ...change }] })).toBe("mandatory");
    });

    test.each<[string, Partial<Exemption>]>([
        ["its last day", { expires: today }],
        ["the longest time", { expires: "2027-02-19" }],
        ["the exact path", { path: "spec.template.spec.containers[0].securityContext.privileged" }],
        ["a path above", { path: "spec.template.spec.containers" }],
    ])("for %s holds", (_, change) => {
        expect(levelOf(broken, { exemptions: [{ ...exemption, ...change }] })).toBe("advisory");
    });

    test("does not reach a manifest, whose stack nobody knows", () => {
        expect(levelOf({ ...broken, origin: "manifest" }, { exemptions: [exemption] })).toBe("mandatory");
    });

    test("announces its end two weeks ahead", () => {
        const ending = (expires: string) => isEnding({ ...exemption, expires }, today);
        expect(["2026-11-20", "2026-11-21", "2026-12-05", "2026-12-06"].map(ending)).toEqual([
            false,
            true,
            true,
            false,
        ]);
        expect(whyVoid({ ...exemption, expires: "2026-11-20" }, today)).toBe("has expired on 2026-11-20");
    });
});

describe("a vendor file", () => {
    const vendor = {
        file: "vendor/example.yaml",
        chart: "example",
        version: "1.2.3+build",
        exceptions: [{ rule: "POD-01", kind: "DaemonSet", name: "agent", reason: "loads kernel modules" }],
    };
    const ofChart = (label: string, name = "agent", key = "helm.sh/chart"): Resource => ({
        ...kubernetesResource("apps/v1", "DaemonSet", {
            metadata: { name, namespace: "sample", labels: { [key]: label } },
            spec: { template: { spec: podOf({ kind: "container", set: { securityContext: { privileged: true } } }) } },
        }),
        urn: "urn:pulumi:sample::sample::tars:a:B$kubernetes:helm.sh/v4:Chart$kubernetes:apps/v1:DaemonSet::example:agent",
    });

    test("excepts the named object of the reviewed version", () => {
        expect(levelOf(ofChart("example-1.2.3_build"), { vendors: [vendor] })).toBe("advisory");
        expect(levelOf(ofChart("example-1.2.3_build", "agent", "chart"), { vendors: [vendor] })).toBe("advisory");
    });

    test.each([
        ["another version", ofChart("example-1.2.4")],
        ["another version by the label that charts had before", ofChart("example-1.2.4", "agent", "chart")],
        ["another object", ofChart("example-1.2.3_build", "other")],
        ["an object that only bears the label", { ...ofChart("example-1.2.3_build"), urn: broken.urn }],
    ])("does not except %s", (_, resource) => {
        expect(levelOf(resource, { vendors: [vendor] })).toBe("mandatory");
    });
});

describe("levels", () => {
    const enforcement = {
        ...bareTerms.enforcement,
        levels: { ...bareTerms.enforcement.levels, dev: { ...bareTerms.enforcement.levels.dev, critical: "advisory" } },
    } as const;

    test("go by severity and environment, the pack configuration first", () => {
        const levelFor = (environment: Terms["environment"], given = {}) =>
            judge([broken], readConfiguration(given), { ...bareTerms, enforcement, environment }).findings.find(
                ({ rule }) => rule === "POD-01",
            )?.level;
        expect(levelFor("dev")).toBe("advisory");
        expect(levelFor("production")).toBe("mandatory");
        expect(levelFor("dev", { "POD-01": "mandatory" })).toBe("mandatory");
        expect(levelFor("production", { "POD-01": "advisory" })).toBe("advisory");
    });

    test("one rule may differ in one environment", () => {
        const rulesOnly = { ...bareTerms.enforcement, rules: { "POD-01": { staging: "advisory" } } } as const;
        expect(levelOf(broken, { enforcement: rulesOnly, environment: "staging" })).toBe("mandatory"); // all: mandatory is given
        const { findings } = judge([broken], readConfiguration({}), {
            ...bareTerms,
            enforcement: rulesOnly,
            environment: "staging",
        });
        expect(findings.find(({ rule }) => rule === "POD-01")?.level).toBe("advisory");
    });

    test("the engine's stack says what it is for; whoever says nothing has production's rules", () => {
        const env = (config: unknown) => ({ PULUMI_PROJECT: "tars", PULUMI_CONFIG: JSON.stringify(config) });
        const dev = env({ "tars:environment": "dev", "other:environment": "staging" });
        expect(purposeOfProcess(dev)).toEqual({ environment: "dev", released: false });
        expect(purposeOfProcess(env({}))).toEqual({ environment: "production", released: false });
        expect(purposeOfProcess({})).toEqual({ environment: "production", released: false });
        expect(environmentOf("prod")).toBe("production");
        const section = (protection: string) => ({ "tars:aws": JSON.stringify({ protection }) });
        expect(purposeOfProcess(env(section("released"))).released).toBe(true);
        expect(purposeOfProcess(env(section("guarded"))).released).toBe(false);
        expect(purposeOfProcess(env({ "other:aws": '{"protection":"released"}', "tars:a": "{" })).released).toBe(false);
    });
});

describe("a pending rule about a stack", () => {
    const pending = [{ rule: "NS-03", part: 4, kind: "example.dev/Mesh", reason: "the mesh comes first" }];
    const sample = ruleOf("NS-03").samples.failing[0]?.sample;
    const resources = sample ? resourcesOf(sample) : [];
    const mesh = kubernetesResource("example.dev/v1", "Mesh", {});

    test("is silent until the first resource of its kind appears, and says so", () => {
        const silent = judge(resources, asItStands, { ...bareTerms, pending });
        expect(silent.findings.filter(({ rule }) => rule === "NS-03")).toEqual([]);
        expect(silent.coverage.find(({ rule }) => rule === "NS-03")).toEqual({
            rule: "NS-03",
            checked: 0,
            notApplicable: "pending until a example.dev/Mesh appears (part 4)",
            pendingPart: 4,
        });
        const { findings } = judge([...resources, mesh], asItStands, { ...bareTerms, pending });
        expect(findings.filter(({ rule }) => rule === "NS-03")).toHaveLength(1);
    });
});

describe("the pack's files", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "pack-files-"));
        for (const file of ["configuration.yaml", "exemptions.yaml", "pending.yaml"]) {
            cpSync(path.join(packFolder(), file), path.join(folder, file));
        }
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const wrong = (file: string, text: string): string => {
        writeFileSync(path.join(folder, file), text);
        try {
            readPackFiles(rules, folder);
        } catch (error) {
            if (error instanceof PackFilesError) return error.message;
        }
        throw new Error("the files were accepted");
    };

    test("are right as they stand", () => {
        expect(readPackFiles(rules).enforcement.levels.production.critical).toBe("mandatory");
    });

    test.each([
        [
            "exemptions.yaml",
            "- { rule: POD-99 }",
            /exemptions\.yaml: \[0\]\.stack is missing[\s\S]*\[0\]\.expires is missing/,
        ],
        [
            "exemptions.yaml",
            JSON.stringify([{ ...exemption, rule: "POD-99" }]),
            /\[0\]\.rule is no rule of this pack: did you mean POD-0/,
        ],
        ["exemptions.yaml", JSON.stringify([{ ...exemption, until: "x" }]), /\[0\]\.until is not known/],
        [
            "exemptions.yaml",
            JSON.stringify([{ ...exemption, expires: "soon" }]),
            /\[0\]\.expires is of another form: give a day as/,
        ],
        ["exemptions.yaml", "- {", /exemptions\.yaml:\d is no YAML/],
        [
            "pending.yaml",
            "- { rule: NS-03, part: four, kind: a/B, reason: because of it }",
            /\[0\]\.part is a string: give an integer/,
        ],
        [
            "configuration.yaml",
            "levels: {}\nrules: { POD-1: {} }\nsettings: { POD-13: { apiClient: [] } }",
            /levels\.dev is missing[\s\S]*rules\.POD-1 is no rule[\s\S]*apiClient is no setting of POD-13; did you mean|apiClient is no setting/,
        ],
    ])("%s is refused: %s", (file, text, message) => {
        expect(wrong(file, text)).toMatch(message);
    });

    test("a missing file is refused", () => {
        rmSync(path.join(folder, "pending.yaml"));
        expect(() => readPackFiles(rules, folder)).toThrow("pending.yaml is missing");
    });
});

test("what is not decided is not exempted, so that the update judges it", () => {
    const { findings } = judge([deploymentOf("04da6b54-80e4-46f7-96ec-b56ff0331ba9")], asItStands, {
        ...bareTerms,
        today,
        exemptions: [exemption],
    });
    expect(findings.every(({ exception }) => exception === undefined)).toBe(true);
    expect(findingsOf(ruleOf("POD-01"), [broken])).toHaveLength(1);
});
