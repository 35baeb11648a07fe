import type { Resource, Sample } from "../../policy/rule";
import { application, chart, delivered, made } from "../../policy/rules/kubernetes/sources.samples";
import { resourcesOf } from "../../policy/samples";
import { findingsOf, inEngine, ruleOf, sampleFindings, unknownText } from "./support";

const rule = ruleOf("IMG-05");
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const oci = (reference: string) =>
    chart({ chart: `oci://registry.example.com/${reference}`, version: undefined, repositoryOpts: {} });
const kustomized = (directory: unknown) => made("kustomize/v2", "Directory", { directory });
const group = (files: unknown) => made("yaml/v2", "ConfigGroup", { files });
const generated = (spec: Readonly<Record<string, unknown>>) =>
    delivered("argoproj.io/v1alpha1", "ApplicationSet", spec);
const templated = (targetRevision: string) =>
    generated({
        generators: [{ list: { elements: [{ revision: "v1.2.3" }] } }],
        template: { spec: { source: { repoURL: "https://git.example.com/app.git", targetRevision } } },
    });
const git = (change: object = {}) => ({ repoURL: "https://git.example.com/a.git", revision: "v1.2.3", ...change });
const asFile = (resource: Resource): Resource => ({ ...resource, origin: "manifest" });

test.each([
    ["a chart in a folder", made("helm.sh/v3", "Chart", { path: "./charts/redis" })],
    ["a chart by its digest", oci(`redis@${digest}`)],
    ["a chart of a version in its address", oci("redis:v10.20.30-rc.1")],
    ["a chart that is called http", oci("http:1.2.3")],
    ["files of the repository", group(["manifests/a.yaml"])],
    ["one file of the repository", group("manifests/a.yaml")],
    ["a folder with a dot in its name", kustomized("./overlays/app.v2/base")],
    ["an ApplicationSet of a fixed ref", templated("v1.2.3")],
    ["a generator of a fixed ref", generated({ generators: [{ git: git() }] })],
])("exact: %s", (_, sample) => expect(sampleFindings(rule, sample)).toEqual([]));

const latest = "version is not set, which means the latest";
const moving = "is a repository at a ref that moves";

test.each<[string, Sample, readonly string[]]>([
    [
        "a chart of a repository over http, in the old form",
        chart({ repositoryOpts: {}, fetchOpts: { repo: "http://charts.example.com" } }, "helm.sh/v3"),
        ["fetchOpts.repo loads over http"],
    ],
    ["a chart by a digest that is none", oci("redis@sha256:0123"), [latest]],
    ["a chart of a version and more", oci("redis:1.2.3/latest"), [latest]],
    [
        "a chart from an address over http",
        chart({ chart: "http://charts.example.com/redis.tgz" }),
        ["chart loads over http", "chart is loaded from an address"],
    ],
    [
        "one file from an address",
        group("https://example.com/a.yaml"),
        ["is loaded from an address that names no version"],
    ],
    [
        "a file whose host alone is a version",
        group("https://1.2.3/a.yaml"),
        ["is loaded from an address that names no version"],
    ],
    [
        "a file whose name alone has a version",
        group("https://example.com/a-1.2.yaml"),
        ["is loaded from an address that names no version"],
    ],
    ["a repository without a ref", kustomized("https://git.example.com/app//base"), [moving]],
    ["a ref without an address", kustomized("app?ref=main"), [moving]],
    ["an ApplicationSet of a branch", templated("main"), ["targetRevision is a ref that moves"]],
    [
        "a generator over http",
        generated({ generators: [{ git: git({ repoURL: "http://git.example.com/a.git" }) }] }),
        ["repoURL loads over http"],
    ],
    [
        "a generator merged with others",
        generated({ generators: [{ merge: { generators: [{ git: git({ revision: "main" }) }] } }] }),
        ["revision is a ref that moves"],
    ],
])("not exact: %s", (_, sample, problems) => {
    expect(sampleFindings(rule, sample).map(({ message }) => message)).toEqual(
        problems.map((problem) => expect.stringContaining(`${problem}; `)),
    );
});

describe("not decided", () => {
    test.each([
        ["a chart that is not known yet", chart({ chart: unknownText }), "chart"],
        ["a file that is not known yet", made("yaml/v2", "ConfigFile", { file: unknownText }), "file"],
        ["a folder that is not known yet", kustomized(unknownText), "directory"],
        [
            "a revision that is not known yet",
            application({ targetRevision: unknownText }),
            "spec.source.targetRevision",
        ],
    ])("%s", (_, sample, path) => {
        expect(inEngine(rule, resourcesOf(sample))).toEqual([expect.objectContaining({ path, decided: false })]);
    });

    test.each([
        [
            "a chart that its resource does not show",
            made("helm.sh/v3", "Chart", {}),
            "chart is not shown by this resource",
        ],
        ["a revision from a generator", templated("{{revision}}"), "targetRevision is filled in by a generator"],
    ])("%s", (_, sample, problem) => {
        expect(sampleFindings(rule, sample)).toEqual([
            expect.objectContaining({ decided: false, message: expect.stringContaining(problem) }),
        ]);
    });
});

test("generators of a file, however deep within each other, end nothing", () => {
    const deepest: object = { git: git({ revision: "main" }) };
    const within = (inner: object) => ({ matrix: { generators: [inner] } });
    const nested = Array.from({ length: 10_000 }).reduce<object>(within, deepest);
    const files = resourcesOf(generated({ generators: [nested] })).map(asFile);
    expect(findingsOf(rule, files)).toEqual([]);
});
