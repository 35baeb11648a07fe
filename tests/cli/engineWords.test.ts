import * as path from "node:path";
import { completed, packConfigurations, readWords } from "../../cli/src/engineWords";

const pack = path.resolve("policy");

function words(line: string): ReturnType<typeof readWords> {
    return readWords(line.split(" ").filter(Boolean), "Pulumi.dev.yaml");
}

test.each([
    ["", "", "reads"],
    ["--color never preview", "preview", "reads"],
    ["--color=never -v 3 up --yes", "up", "updates"],
    ["stack --show-urns", "stack", "reads"],
    ["stack --stack dev output --json", "stack output", "reads"],
    ["stack import --file x", "stack import", "edits"],
    ["state delete urn", "state delete", "edits"],
    ["refresh --preview-only", "refresh", "updates"],
    ["destroy --yes", "destroy", "updates"],
    ["down --remove=false", "down", "updates"],
    ["dn", "dn", "updates"],
    ["config", "config", "reads"],
    ["config get x", "config get", "reads"],
    ["stack rm --help", "stack rm", "reads"],
])("pulumi %s is %s, which %s", (line, command, effect) => {
    expect(words(line)).toEqual({ command, effect });
});

test.each([
    ["config set a b", "change Pulumi.dev.yaml itself"],
    ["--color never config rm a", "change Pulumi.dev.yaml itself"],
    ["stack rm dev --yes --force", "npx tars down --delete"],
    ["stack -s dev remove", "npx tars down --delete"],
    ["destroy --remove --yes", "npx tars down --delete"],
    ["dn --remove", "npx tars down --delete"],
    ["down --remove=true", "npx tars down --delete"],
    ["stack rename other", "the simulated stack takes"],
    ["stack change-secrets-provider passphrase", "the simulated stack takes"],
    ["new", "the simulated stack takes"],
    ["login", "the simulated stack takes"],
    ["up --config-file Pulumi.dev.yaml", "leave --config-file out"],
    ["-C /elsewhere up", "leave -C out"],
    ["--cwd=/elsewhere up", "leave --cwd out"],
])("pulumi %s is refused as a wrong command line, with a way out", (line, fix) => {
    expect(() => words(line)).toThrow(expect.objectContaining({ exitCode: 3, fix: expect.stringContaining(fix) }));
});

test("preview and up get the policy pack unless the user names one, before what is the program's", () => {
    expect(completed(["up", "--yes"], "up", pack)).toEqual(["up", "--yes", "--policy-pack", pack]);
    expect(completed(["up", "--", "x"], "up", pack)).toEqual(["up", "--policy-pack", pack, "--", "x"]);
    expect(completed(["preview", "--policy-pack=other"], "preview", pack)).toEqual([
        "preview",
        `--policy-pack=${path.resolve("other")}`,
    ]);
    expect(completed(["destroy"], "destroy", pack)).toEqual(["destroy"]);
});

test("files are where the user is, not where the engine runs", () => {
    expect(completed(["stack", "export", "--file", "x.json"], "stack export", pack)).toEqual([
        "stack",
        "export",
        "--file",
        path.resolve("x.json"),
    ]);
    expect(completed(["stack", "graph", "a.dot"], "stack graph", pack)[2]).toBe(path.resolve("a.dot"));
    expect(completed(["import", "-f", "r.json"], "import", pack)[2]).toBe(path.resolve("r.json"));
    expect(completed(["up", "-f"], "up", pack)).toEqual(["up", "-f", "--policy-pack", pack]);
});

test.each([
    ["preview", []],
    ["preview --policy-pack-config a.json", ["a.json"]],
    ["up --yes --policy-pack-config=a.json", ["a.json"]],
    ["preview --policy-pack policy --policy-pack-config a.json", ["a.json"]],
    ["preview --policy-pack ./policy/,other --policy-pack-config=a.json,b.json", ["a.json"]],
    [
        "preview --policy-pack other --policy-pack policy --policy-pack-config a.json --policy-pack-config b.json",
        ["b.json"],
    ],
    ["preview --policy-pack other --policy-pack-config a.json", []],
    ["preview --policy-pack-config", [""]],
])("%s configures the platform's pack by %j", (line, files) => {
    expect(packConfigurations(line.split(" "), pack)).toEqual(files);
});
