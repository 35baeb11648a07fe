import * as fs from "node:fs";
import { scratchFolder, tars } from "./support";

const scratch = scratchFolder();
const ownState = { TARS_STATE_DIR: scratch.at("state") };

test.each([
    [["strat"], "unknown command 'strat'", "Did you mean start?"],
    [["start", "--plugin", "own"], "unknown option '--plugin'", "Did you mean --plugins?"],
    [["render", "dev"], "required option '--out <dir>' not specified", ""],
    [["render", "--out", "x"], "missing required argument 'stack'", ""],
    [["down", "everything"], "too many arguments", ""],
    [["start", "--stack", "nowhere"], 'there is no stack "nowhere"', "fix:"],
    [["simulate", "../dev"], '"../dev" is no stack name', "fix:"],
    [["render", "nowhere", "--out", "x"], 'there is no stack "nowhere"', "fix:"],
    [["report", "--stack", "dev"], "required option '--preview <file>' not specified", ""],
    [["report", "--stack", "dev", "--preview", "absent"], "absent cannot be read", "fix:"],
    [["report", "--stack", "dev", "--preview", "-", "--exit-code", "no"], "--exit-code no is none", "fix:"],
    [["policy", "nowhere"], 'there is no stack "nowhere"', "use one of: dev"],
])("tars %p ends with 3, a reason and a way out", (args, reason, wayOut) => {
    const { code, stderr, stdout } = tars(args, ownState);
    expect(stderr).toContain(reason);
    expect(stderr).toContain(wayOut);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe("");
    expect(code).toBe(3);
    expect(fs.existsSync(scratch.at("state"))).toBe(false);
});

test("help shows every command, examples and exit codes", () => {
    const { code, stdout } = tars(["--help"]);
    expect(stdout).toMatchSnapshot();
    expect(code).toBe(0);
});

test.each(["start", "down", "status", "render", "policy", "simulate", "report", "doctor", "schema"])(
    "tars %s --help has examples",
    (command) => {
        const { code, stdout } = tars([command, "--help"]);
        expect(stdout).toMatch(new RegExp(`Usage: tars ${command} `));
        expect(stdout).toMatch(/Examples:\n {2}\$ npx tars/);
        expect(code).toBe(0);
    },
);

test("without anything running: down is done, status says so, kubectl and pulumi ask for a start", () => {
    expect(tars(["down"], ownState)).toMatchObject({ code: 0, stderr: "nothing was running\n" });
    expect(JSON.parse(tars(["status", "--json"], ownState).stdout)).toEqual({ version: 1, runs: [] });
    for (const command of ["kubectl", "pulumi"]) {
        const { code, stderr } = tars([command, "--help"], ownState);
        expect(stderr).toContain("fix: start it with: npx tars start");
        expect(code).toBe(4);
    }
});

test("a state folder that is a file is named, with exit code 4", () => {
    fs.writeFileSync(scratch.at("file"), "");
    const { code, stderr } = tars(["start"], { TARS_STATE_DIR: scratch.at("file", "state") });
    expect(stderr).toContain(`cannot use ${scratch.at("file", "state")}`);
    expect(stderr).toContain("fix:");
    expect(code).toBe(4);
});

test("without go, start names it with exit code 4, leaves no lock behind and doctor says the same", () => {
    const env = { ...ownState, PATH: scratch.at("no-tools"), TARS_CACHE_DIR: scratch.at("cache") };
    for (const args of [["start"], ["doctor"]]) {
        const { code, stderr } = tars(args, env);
        expect(stderr).toMatch(/error: .*there is no go on PATH/);
        expect(stderr).toContain("go.dev/dl");
        expect(code).toBe(4);
    }
    expect(JSON.parse(tars(["status", "--json"], ownState).stdout).runs).toMatchObject([
        { running: false, atWork: null },
    ]);
});

test("schema prints JSON on standard output and nothing else", () => {
    const { code, stdout, stderr } = tars(["schema"]);
    expect(JSON.parse(stdout)).toHaveProperty("$schema");
    expect(stderr).toBe("");
    expect(code).toBe(0);
});
