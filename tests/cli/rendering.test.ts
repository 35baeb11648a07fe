import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { manifestsOf } from "../../cli/src/manifests";
import type { Registration } from "../../cli/src/registrations";
import { renderTarget, writeRendering } from "../../cli/src/rendering";
import { scratchFolder, tars } from "./support";

const scratch = scratchFolder();

function registration(
    inputs: Record<string, unknown>,
    name = "one",
    type = "kubernetes:core/v1:ConfigMap",
): Registration {
    return {
        urn: `urn:pulumi:s::p::${type}::${name}`,
        type,
        name,
        parent: "",
        provider: "",
        inputs,
        dependencies: [],
        sources: {},
    };
}

const configMap = (name: string, namespace?: string, apiVersion = "v1") =>
    registration({ kind: "ConfigMap", data: { b: "1", a: "2" }, metadata: { namespace, name }, apiVersion }, name);

test("objects go below their namespace or _cluster, under kind and name, with the conventional key order", () => {
    const files = manifestsOf([
        configMap("Settings", "tars"),
        configMap("free"),
        registration({}, "component", "tars:data:Store"),
    ]);
    expect([...files.keys()]).toEqual(["tars/configmap-settings.yaml", "_cluster/configmap-free.yaml"]);
    expect(Object.keys(parse(files.get("tars/configmap-settings.yaml") ?? ""))).toEqual([
        "apiVersion",
        "kind",
        "metadata",
        "data",
    ]);
    expect(files.get("tars/configmap-settings.yaml")).toMatch(/metadata:\n {2}name: Settings\n {2}namespace: tars\n/);
});

test("objects that would share a file name keep a file each", () => {
    const files = manifestsOf([
        configMap("x"),
        configMap("x", undefined, "other.io/v1"),
        configMap("x", undefined, "other.io/v2"),
    ]);
    expect([...files.keys()]).toEqual([
        "_cluster/configmap-x.yaml",
        "_cluster/configmap.other.io-x.yaml",
        "_cluster/configmap.other.io-x-2.yaml",
    ]);
});

test("a folder that a render wrote is replaced whole: what is no longer there is gone", () => {
    writeRendering(renderTarget(scratch.at("again")), [configMap("old"), configMap("kept")]);
    writeRendering(renderTarget(scratch.at("again")), [configMap("kept")]);
    expect(fs.readdirSync(scratch.at("again", "_cluster"))).toEqual(["configmap-kept.yaml"]);
    expect(fs.readdirSync(scratch.path).filter((name) => /\.(new|old)$/.test(name))).toEqual([]);
});

test("an empty folder is written to; one with a foreign file is refused and left as it was", () => {
    fs.mkdirSync(scratch.at("empty"));
    writeRendering(renderTarget(scratch.at("empty")), [configMap("x")]);
    fs.writeFileSync(scratch.at("empty", "mine.txt"), "mine");
    const before = fs.readdirSync(scratch.at("empty"));
    expect(() => renderTarget(scratch.at("empty"))).toThrow("holds 1 files that no render wrote, such as mine.txt");
    expect(fs.readdirSync(scratch.at("empty"))).toEqual(before);
    fs.writeFileSync(scratch.at("file"), "");
    expect(() => renderTarget(scratch.at("file"))).toThrow("it is a file");
});

test("a rendering that fails leaves the old files and nothing beside them", () => {
    const target = renderTarget(scratch.at("whole"));
    writeRendering(target, [configMap("old")]);
    const unwritable = configMap("x".repeat(300)); // longer than any file system's names
    expect(() => writeRendering(renderTarget(scratch.at("whole")), [configMap("new"), unwritable])).toThrow();
    expect(fs.readdirSync(path.join(target.directory, "_cluster"))).toEqual(["configmap-old.yaml"]);
    expect(fs.readdirSync(scratch.path).filter((name) => /\.(new|old)$/.test(name))).toEqual([]);
});

test("tars render writes the dev stack: objects as YAML, every resource as JSON, no secret in either", () => {
    const { code, stderr } = tars(["render", "dev", "--out", scratch.at("dev")]);
    expect(stderr).toMatch(/\d+ Kubernetes objects and resources\.json/);
    expect(code).toBe(0);
    const resources = JSON.parse(fs.readFileSync(scratch.at("dev", "resources.json"), "utf8"));
    expect(Object.keys(resources[0])).toEqual(["urn", "type", "name", "parent", "provider", "inputs"]);
    expect(resources.map(({ urn }: Registration) => urn)).toEqual(resources.map(({ urn }: Registration) => urn).sort());
    const backend = parse(fs.readFileSync(scratch.at("dev", "tars", "deployment-tars-backend.yaml"), "utf8"));
    expect(backend).toMatchObject({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "tars-backend" } });
    const secret = parse(fs.readFileSync(scratch.at("dev", "tars", "secret-tars-secrets.yaml"), "utf8"));
    expect(secret.stringData).toBe("[secret]");
});

test("tars render refuses a folder before it runs anything, with exit code 3", () => {
    fs.mkdirSync(scratch.at("foreign"));
    fs.writeFileSync(scratch.at("foreign", "notes.md"), "");
    const { code, stderr } = tars(["render", "dev", "--out", scratch.at("foreign")]);
    expect(stderr).toBe(
        `error: will not write to ${fs.realpathSync(scratch.at("foreign"))}: it holds 1 files that no render wrote, such as notes.md\n` +
            "  fix: give a new or empty folder with --out\n",
    );
    expect(code).toBe(3);
});
