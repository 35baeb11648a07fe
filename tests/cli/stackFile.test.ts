import * as fs from "node:fs";
import { parse } from "yaml";
import { saltOf, simulatedStackFile } from "../../simulator/session/stackFile";
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
])("%j is refused as configuration", (text, message) => {
    stackFile(text);
    expect(() => simulatedStackFile("s", undefined, scratch.path)).toThrow(
        expect.objectContaining({ exitCode: 3, message: expect.stringContaining(message) }),
    );
});
