import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensureToolchain, type StepReport, type Toolchain } from "../../simulator/engine";
import { findInstalledPulumi, isSuitable } from "../../simulator/engine/installed";
import { startNode, until, untilGone } from "./processes";

const starter = path.join(__dirname, "starter.js");
let folder: string;
let source: string;

jest.setTimeout(120_000);

beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-toolchain-"));
    source = path.join(folder, "module");
    fs.mkdirSync(source);
    fs.writeFileSync(path.join(source, "go.mod"), "module example\n\ngo 1.26\n");
    fs.writeFileSync(path.join(source, "main.go"), 'package main\n\nfunc main() { println("hello") }\n');
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...process.env,
    TARS_PULUMI: "own",
    TARS_CACHE_DIR: path.join(folder, "cache"),
    ...more,
});

async function build(more: NodeJS.ProcessEnv = {}): Promise<{ toolchain: Toolchain; reports: StepReport[] }> {
    const reports: StepReport[] = [];
    const recipe = { module: source, package: ".", ldflags: "-s -w" };
    const toolchain = await ensureToolchain({
        report: (report) => reports.push(report),
        signal: new AbortController().signal,
        env: env(more),
        recipes: { pulumi: { ...recipe, name: "pulumi" }, host: { ...recipe, name: "tars-host" } },
    });
    return { toolchain, reports };
}

/** A folder with a `go` that is this shell script. */
function fakeGo(script: string): string {
    const bin = path.join(folder, "bin");
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(bin, "go"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return `${bin}:/usr/bin:/bin`;
}

/** Files under the cache that are no build, no record and no lock. */
function leftovers(): string[] {
    const root = path.join(folder, "cache");
    if (!fs.existsSync(root)) return [];
    const files = fs.readdirSync(root, { recursive: true, encoding: "utf8" });
    return files.filter((file) => /work-|\.new|\.tmp/.test(file));
}

const lastDetail = (reports: readonly StepReport[], step: string) =>
    reports.filter((report) => report.step === step).at(-1)?.detail;

test("what is missing is built once, and is there at once the next time", async () => {
    const first = await build();
    expect(execFileSync(first.toolchain.host, { stdio: ["ignore", "pipe", "pipe"] }).toString()).toBe("");
    expect(first.reports.map(({ state }) => state)).toEqual(expect.arrayContaining(["running", "done"]));
    const second = await build();
    expect(second.toolchain).toEqual(first.toolchain);
    expect(second.reports).toEqual([]);
    expect(leftovers()).toEqual([]);
});

test("a changed source is built into another place, a changed test or document is not", async () => {
    const first = await build();
    fs.writeFileSync(path.join(source, "main_test.go"), "package main\n");
    fs.writeFileSync(path.join(source, "README.md"), "text");
    expect((await build()).reports).toEqual([]);
    fs.appendFileSync(path.join(source, "main.go"), "\n// changed\n");
    expect((await build()).toolchain.host).not.toBe(first.toolchain.host);
});

test("a damaged binary is noticed, told and built again", async () => {
    const { host } = (await build()).toolchain;
    const good = fs.readFileSync(host);
    const damaged = Buffer.from(good);
    damaged.writeUInt8(damaged.readUInt8(1000) ^ 1, 1000);
    fs.writeFileSync(host, damaged);
    const { reports } = await build();
    expect(reports.map(({ detail }) => detail)).toContain(`the cached ${host} is damaged: removed, building it again`);
    expect(fs.readFileSync(host).equals(good)).toBe(true);
});

test("a binary that was only touched is kept", async () => {
    const { host } = (await build()).toolchain;
    fs.utimesSync(host, new Date(), new Date(Date.now() - 60_000));
    expect((await build()).reports).toEqual([]);
});

test("a second start waits for the first and builds nothing itself", async () => {
    const [first, second] = await Promise.all([runStarter(env()).closedLines, runStarter(env()).closedLines]);
    const details = [first, second].map((lines) => lines.filter((line) => line.includes('"state":"done"')).join());
    expect(details.filter((text) => text.includes('"detail":"built"'))).not.toHaveLength(0);
    const toolchains = [first, second].map((lines) => lines.find((line) => line.includes("toolchain")));
    expect(toolchains[0]).toBeDefined();
    expect(toolchains[0]).toBe(toolchains[1]);
    const built = [...first, ...second].filter((line) => line.includes('"detail":"built"'));
    // Two programs, each built by one of the two starts.
    expect(built).toHaveLength(2);
});

function runStarter(environment: NodeJS.ProcessEnv) {
    const started = startNode([starter, "toolchain", source], environment);
    return { ...started, closedLines: started.closed.then(() => started.lines) };
}

/** Says that it is the real one, so that the real one takes up what this one began. */
const slowGo = (pidFile: string) =>
    `case $1 in version) echo ${execFileSync("go", ["version"]).toString().trim()};; list) echo stale;; *) echo $$ > ${pidFile}; while :; do sleep 0.1; done;; esac`;

test.each(["SIGKILL", "SIGINT"] as const)(
    "%s during a build leaves no go and nothing half made, and the next start builds",
    async (signal) => {
        const pidFile = path.join(folder, "pid");
        const { process: child, closed } = runStarter(env({ PATH: fakeGo(slowGo(pidFile)) }));
        const pid = await until(() => fs.existsSync(pidFile) && Number(fs.readFileSync(pidFile, "utf8")));
        child.kill(signal);
        await closed;
        await untilGone(pid);
        const { toolchain } = await build();
        expect(fs.existsSync(toolchain.host)).toBe(true);
        expect(leftovers()).toEqual([]);
    },
);

test.each([
    ["no go at all", () => "/nonexistent", "Go 1.26 or newer is needed, and there is no go on PATH"],
    [
        "an old go",
        () => fakeGo("echo go version go1.21.4 x/y"),
        "Go 1.26 or newer is needed, and the go on PATH is 1.21",
    ],
    [
        "a full disk",
        () =>
            fakeGo(
                "case $1 in version) echo go version go1.26.0 x/y;; *) echo 'write: no space left on device' >&2; exit 1;; esac",
            ),
        "building pulumi: the disk is full",
    ],
    [
        "no network",
        () =>
            fakeGo(
                "case $1 in version) echo go version go1.26.0 x/y;; *) echo 'dial tcp: no such host' >&2; exit 1;; esac",
            ),
        "cannot download the Go modules of pulumi: dial tcp: no such host",
    ],
])("%s gives one message with a fix and exit code 4", async (_what, makePath, message) => {
    await expect(build({ PATH: makePath() })).rejects.toMatchObject({
        name: "Fault",
        message,
        exitCode: 4,
        fix: expect.stringMatching(/\w/),
    });
    expect(leftovers()).toEqual([]);
});

test("source that does not compile fails with the compiler's words", async () => {
    fs.writeFileSync(path.join(source, "main.go"), "package main\n\nfunc main() { nonsense() }\n");
    await expect(build()).rejects.toMatchObject({
        name: "Fault",
        message: expect.stringContaining("undefined: nonsense"),
    });
    expect(leftovers()).toEqual([]);
});

test("the lock of a process that died does not block", async () => {
    const { host } = (await build()).toolchain;
    fs.rmSync(host);
    const lock = path.join(path.dirname(host), "lock");
    fs.rmSync(lock, { recursive: true });
    fs.mkdirSync(lock);
    fs.writeFileSync(path.join(lock, "1"), JSON.stringify({ pid: 2 ** 22 + 1, began: "", command: "tars start" }));
    const { reports } = await build();
    expect(lastDetail(reports, "build tars-host")).toBe("built");
});

describe("a pulumi on PATH", () => {
    const installed = (version: string) => {
        const bin = path.join(folder, version);
        fs.mkdirSync(bin);
        fs.writeFileSync(path.join(bin, "pulumi"), `#!/bin/sh\necho v${version}\n`, { mode: 0o755 });
        return bin;
    };

    test("of the same major and at least the pinned minor is used", async () => {
        const PATH = [installed("3.100.0"), installed("3.900.1")].join(":");
        expect(await findInstalledPulumi({ PATH }, "/none")).toEqual({
            path: fs.realpathSync(path.join(folder, "3.900.1", "pulumi")),
            version: "3.900.1",
        });
    });

    test("that is the project's own build does not count", async () => {
        expect(await findInstalledPulumi({ PATH: installed("3.900.1") }, fs.realpathSync(folder))).toBeUndefined();
    });

    test("is suitable by version only", () => {
        expect(["3.253.0", "3.253.9", "3.254.0"].every(isSuitable)).toBe(true);
        expect(["3.252.9", "4.0.0", "2.300.0"].some(isSuitable)).toBe(false);
    });
});
