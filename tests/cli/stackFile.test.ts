import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { readStackFile, saltOf, simulatedStackFile } from "../../simulator/session/stackFile";
import { copyProject } from "../support/project";
import { scratchFolder } from "./support";

const scratch = scratchFolder();

function stackFile(text: string): void {
    fs.writeFileSync(scratch.at("Pulumi.s.yaml"), text);
}

test("the copy has this backend's salt in place of the user's secrets provider, and all settings", () => {
    stackFile(
        'secretsprovider: awskms://alias/x\nencryptedkey: abc\nencryptionsalt: theirs\nconfig:\n  p:list: ["*"]\n  p:n: "007"\n',
    );
    expect(parse(simulatedStackFile("s", "v1:ours", scratch.path))).toEqual({
        config: { "p:list": ["*"], "p:n": "007" },
        encryptionsalt: "v1:ours",
    });
    expect(saltOf(simulatedStackFile("s", undefined, scratch.path))).toBeUndefined();
    expect(fs.readFileSync(scratch.at("Pulumi.s.yaml"), "utf8")).toContain("theirs");
});

test.each([
    [
        "config:\n  p:token:\n    secure: v1:abc\n",
        "encrypted values that only its own secrets provider can read: p:token",
    ],
    ["config:\n  p:db:\n    inner: { secure: v1:abc }\n", "can read: inner"],
    ["config: [1\n", "Pulumi.s.yaml: "],
    ["- a\n", 'must be a map with the key "config"'],
    ["config: {}\nconfig: {}\n", "Map keys must be unique"],
    ["config: { a: *nobody }\n", "Unresolved alias"],
    ["config: [a]\n", '"config" must be a map of settings'],
    ["config: on\n", '"config" must be a map of settings'],
])("%j is refused as configuration", (text, message) => {
    stackFile(text);
    expect(() => simulatedStackFile("s", undefined, scratch.path)).toThrow(
        expect.objectContaining({ exitCode: 3, message: expect.stringContaining(message) }),
    );
});

test("a stack that has no file is answered with those that have one", () => {
    fs.writeFileSync(scratch.at("Pulumi.other.yaml"), "");
    fs.rmSync(scratch.at("Pulumi.s.yaml"), { force: true });
    expect(() => readStackFile("s", scratch.path)).toThrow(
        expect.objectContaining({ exitCode: 3, fix: "make Pulumi.s.yaml, or use one of: other" }),
    );
});

describe("every command that reads a stack says the same of its file", () => {
    const project = copyProject();
    afterAll(() => project.remove());
    const commands = [
        ["policy", "bad"],
        ["render", "bad", "--out", path.join(project.folder, "rendered")],
        ["simulate", "bad"],
        ["start", "--stack", "bad"],
    ];

    test.each([
        [
            "an unknown key",
            "config:\n  tars-platform:tarsRg: {}\n",
            'tarsRg: is no setting\n      fix: did you mean "tarsRag"?',
        ],
        ["broken YAML", "config: [1\n", "error: Pulumi.bad.yaml: Flow sequence"],
        ["no settings", "config: 5\n", '"config" must be a map of settings'],
    ])(
        "%s",
        async (_, text, message) => {
            fs.writeFileSync(path.join(project.folder, "Pulumi.bad.yaml"), text);
            const all = await Promise.all(commands.map((args) => project.tars(...args)));
            for (const { code, stdout, stderr } of all) {
                expect(stderr).toContain(message);
                expect(stderr).toContain("fix: correct Pulumi.bad.yaml");
                expect(stderr).not.toMatch(/fault of tars|^ +at /m);
                expect([code, stdout]).toEqual([3, ""]);
            }
            expect(new Set(all.map(({ stderr }) => stderr)).size).toBe(1);
            expect(fs.existsSync(project.state)).toBe(false);
        },
        60_000,
    );
});
