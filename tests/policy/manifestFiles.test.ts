import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { isMapping } from "../../policy/reading/value";
import { scratchFolder, tars } from "../cli/support";
import { compliantPod } from "./support";

const scratch = scratchFolder();
const pod = (spec: unknown): string => stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "app" }, spec });
const bad = pod({ ...compliantPod, hostPID: true });

function write(file: string, text: string): void {
    mkdirSync(path.dirname(scratch.at(file)), { recursive: true });
    writeFileSync(scratch.at(file), text);
}

const judged = (...given: readonly string[]) =>
    tars(["policy", "--format", "json", "--manifests", ...given.map((each) => scratch.at(each))]);

/** Names of the files that have findings, below `folder`. */
function filesWithFindings(stdout: string, folder: string): readonly string[] {
    const findings: unknown = JSON.parse(stdout);
    if (!Array.isArray(findings)) throw new Error("no list of findings");
    return [...new Set(findings.filter(isMapping).map(({ file }) => path.relative(scratch.at(folder), String(file))))];
}

test("endings in upper case are read", () => {
    write("upper/UPPER.YAML", bad);
    write(
        "upper/Upper.Json",
        JSON.stringify({ apiVersion: "v1", kind: "Pod", spec: { ...compliantPod, hostIPC: true } }),
    );
    const { code, stdout } = judged("upper");
    expect(filesWithFindings(stdout, "upper")).toEqual(["UPPER.YAML", "Upper.Json"]);
    expect(code).toBe(2);
});

test("linked folders are read, each folder once, and links in circles are no trouble", () => {
    write("target/bad.yaml", bad);
    write("linked/notes.txt", "");
    for (const [to, name] of [
        ["../target", "again"],
        ["../target", "once-more"],
        ["..", "up"],
        [".", "round"],
        ["self", "self"],
    ] as const)
        symlinkSync(to, scratch.at("linked", name));
    const { code, stdout } = judged("linked");
    expect(filesWithFindings(stdout, "linked").filter((file) => file.includes("bad"))).toEqual(["again/bad.yaml"]);
    expect(code).toBe(2);
    symlinkSync("target", scratch.at("link"));
    expect(judged("link").code).toBe(2);
});

test("a manifest that cannot be opened is unreadable, not passed over", () => {
    mkdirSync(scratch.at("dangling"));
    symlinkSync("gone.yaml", scratch.at("dangling", "link.yaml"));
    const { code, stdout } = judged("dangling");
    expect(JSON.parse(stdout)).toEqual([
        expect.objectContaining({ file: scratch.at("dangling", "link.yaml"), rule: "INPUT", level: "error" }),
    ]);
    expect(code).toBe(3);
});

test("where there is nothing to judge, nothing passes", () => {
    mkdirSync(scratch.at("empty", "deeper"), { recursive: true });
    write("other/values.yaml", "replicas: 3\n");
    write("other/pod.txt", bad);
    for (const given of [["empty"], ["other"], ["empty", "other"]]) {
        const { code, stdout, stderr } = judged(...given);
        const named = given.map((each) => scratch.at(each)).join(", ");
        expect(stderr).toContain(`error: no Kubernetes object found in ${named}\n  fix: give YAML or JSON`);
        expect([code, stdout]).toEqual([3, ""]);
    }
    expect(tars(["policy", "--manifests", "-"])).toMatchObject({
        code: 3,
        stderr: expect.stringContaining("no Kubernetes object found in standard input"),
    });
});

test("a path with nothing to judge beside one with something is named", () => {
    const metadata = { name: "good", namespace: "shop" };
    write("good.yaml", JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { colour: "blue" } }));
    mkdirSync(scratch.at("nothing"));
    const stderr = `no Kubernetes object found in ${scratch.at("nothing")}\n`;
    expect(judged("good.yaml", "nothing")).toEqual({ code: 0, stdout: "[]\n", stderr });
});
