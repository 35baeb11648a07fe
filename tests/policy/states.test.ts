import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readStateFile } from "../../cli/src/policy/stateFile";
import { stacksAmong } from "../../cli/src/preview/touched";
import { isMapping } from "../../policy/reading/value";
import { projectRoot, scratchFolder, tars, thrownBy } from "../cli/support";
import { sarifProblems } from "./sarif/schema";
import { compliantPod } from "./support";

// Every stack is captured in a process of its own.
jest.setTimeout(5 * 60_000);

const scratch = scratchFolder();
const canary = "canary-91d2aa";
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: canary };
const urn = (type: string, name: string) => `urn:pulumi:qa::shop::${type}::${name}`;
const stackUrn = urn("pulumi:pulumi:Stack", "shop-qa");
const provider = urn("pulumi:providers:kubernetes", "k8s");

const deployment = (name: string, spec: object, more: object = {}) => ({
    urn: urn("kubernetes:apps/v1:Deployment", name),
    type: "kubernetes:apps/v1:Deployment",
    custom: true,
    parent: stackUrn,
    provider: `${provider}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`,
    propertyDependencies: { spec: [provider], metadata: null },
    inputs: { metadata: { name, __defaults: [] }, spec: { template: { spec: { ...compliantPod, ...spec } } } },
    outputs: { spec: secret },
    protect: true,
    ...more,
});

const state = (...resources: readonly unknown[]) => ({
    version: 3,
    deployment: {
        manifest: {},
        resources: [
            { urn: stackUrn, type: "pulumi:pulumi:Stack", custom: false },
            {
                urn: provider,
                type: "pulumi:providers:kubernetes",
                custom: true,
                inputs: { namespace: "shop", kubeconfig: secret },
            },
            ...resources,
        ],
    },
});

function write(name: string, content: unknown): string {
    writeFileSync(scratch.at(name), typeof content === "string" ? content : JSON.stringify(content));
    return scratch.at(name);
}

describe("a state file", () => {
    test("is read as the rules see a stack: parents, providers, sources, options, and no secret", () => {
        const file = write("read.json", state(deployment("web", { hostPID: secret })));
        const { stack, resources } = readStateFile(file);
        expect([stack, resources.length]).toEqual(["qa", 3]);
        expect(resources[2]).toMatchObject({
            name: "web",
            parent: stackUrn,
            provider: { type: "pulumi:providers:kubernetes", name: "k8s", inputs: { kubeconfig: "[secret]" } },
            defaultNamespace: "shop",
            sources: { spec: [provider], metadata: [] },
            options: { protect: true },
            inputs: { metadata: { name: "web" }, spec: { template: { spec: { hostPID: "[secret]" } } } },
        });
        expect(JSON.stringify(resources)).not.toContain(canary);
        expect(JSON.stringify(resources)).not.toContain("__defaults");
    });

    test("has nothing to judge in what is only read, or about to be deleted", () => {
        const rows = [deployment("read", {}, { external: true }), deployment("old", {}, { delete: true })];
        expect(readStateFile(write("gone.json", state(...rows))).resources).toHaveLength(2);
    });

    test.each([
        ["no JSON", `{"deployment": {"password": "${canary}" oops`, /is no JSON/],
        ["no state", { resources: [] }, /no state of a stack: deployment is missing/],
        ["no list", { deployment: { resources: {} } }, /deployment\.resources is no list/],
        ["an empty one", { deployment: { resources: [] } }, /deployment\.resources is empty/],
        ["a row without a URN", state({ type: "a:b:C" }), /deployment\.resources\[2\]\.urn is no text/],
        ["another URN", state({ urn: canary, type: "a:b:C" }), /deployment\.resources\[2\]\.urn is no URN/],
        ["a row without a type", state({ urn: urn("a:b:C", "x") }), /deployment\.resources\[2\]\.type is no text/],
        ["inputs of another kind", state(deployment("x", {}, { inputs: [1] })), /resources\[2\]\.inputs is no mapping/],
        [
            "two stacks",
            state(deployment("x", {}, { urn: "urn:pulumi:dev::shop::a:b:C::x" })),
            /several stacks: qa, dev/,
        ],
    ])(
        "that is broken (%s) is refused with the place, exit 3, and nothing of its content",
        async (_, content, message) => {
            const error = await thrownBy(() => readStateFile(write("broken.json", content)));
            expect(error).toMatchObject({ message: expect.stringMatching(message), exitCode: 3 });
            expect(String(error)).not.toContain(canary);
        },
    );

    test("is judged, in every format without a secret", () => {
        const env = [{ name: "TOKEN", valueFrom: secret }, secret];
        const file = write("qa.json", state(deployment("web", { hostPID: true, containers: [{ env, ...secret }] })));
        for (const format of ["text", "json", "sarif", "markdown"]) {
            const ran = tars(["policy", "--state", file, "--environment", "staging", "--format", format]);
            expect([format, ran.code]).toEqual([format, 2]);
            expect(ran.stdout).toContain("POD-08");
            expect(ran.stdout + ran.stderr).not.toContain(canary);
            if (format === "sarif") expect(sarifProblems(JSON.parse(ran.stdout))).toEqual([]);
        }
        expect(tars(["policy", "--state", scratch.at("none.json")])).toMatchObject({ code: 3, stdout: "" });
    });
});

describe("several stacks", () => {
    const stacks = stacksAmong(readdirSync(projectRoot));

    test("without a name, every stack is judged, each captured beside the others; a state joins them", () => {
        const coverage = scratch.at("coverage.json");
        const ran = tars(["policy", "--format", "json", "--coverage", coverage, "--date", "2026-11-21"]);
        const findings: unknown = JSON.parse(ran.stdout);
        if (!Array.isArray(findings)) throw new Error("no list of findings");
        const seen = findings.filter(isMapping).map(({ resource }) => String(resource).split("::")[0]?.split(":")[2]);
        for (const stack of seen) expect(stacks).toContain(stack);
        const { digest, report, controls } = JSON.parse(readFileSync(coverage, "utf8"));
        expect(report.subjects.map(({ name }: { name: string }) => name)).toEqual(stacks);
        expect(report.date).toBe("2026-11-21");
        expect(digest).toBe(`sha256:${createHash("sha256").update(JSON.stringify(report)).digest("hex")}`);
        expect(controls[0].rules[0].results).toHaveLength(stacks.length);
    });

    test("say the same as each by itself", () => {
        const [first = "", second = ""] = stacks;
        const alone = [first, second].map((stack) => JSON.parse(tars(["policy", stack, "--format", "json"]).stdout));
        const together = JSON.parse(tars(["policy", second, first, second, "--format", "json"]).stdout);
        const about = (rows: readonly unknown[], stack: string) =>
            rows.filter(isMapping).filter(({ resource }) => String(resource).startsWith(`urn:pulumi:${stack}::`));
        expect(about(together, first)).toEqual(expect.arrayContaining(alone[0]));
        expect(about(together, second)).toEqual(expect.arrayContaining(alone[1]));
    });

    test("that are not there are all named, with exit 3", () => {
        const ran = tars(["policy", "dev", "nowhere", "neither"]);
        expect([ran.code, ran.stdout]).toEqual([3, ""]);
        expect(ran.stderr).toContain('there is no stack "nowhere"');
        expect(ran.stderr).toContain('there is no stack "neither"');
    });
});
