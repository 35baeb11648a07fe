import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type LaidOut, layOutPlugins, type PluginChoice } from "../../simulator/engine";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-plugins-"));
const at = (...parts: string[]): string => path.join(folder, ...parts);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function layOut(choice: PluginChoice, cloud?: string, host = "/host/tars-host"): Promise<LaidOut> {
    return layOutPlugins({
        directory: at("starters"),
        pulumiHome: at("home"),
        toolchain: { pulumi: "/cli/pulumi", host, pulumiVersion: "3.253.0" },
        choice,
        token: "token",
        ...(cloud === undefined ? {} : { cloud }),
    });
}

const names = ({ plugins }: LaidOut): readonly string[] => plugins.map(({ name }) => name).sort();

const common = ["kubernetes", "random", "tls"];

test.each([
    [undefined, common, []],
    ["existing", common, []],
    ["aws", ["aws", "eks", ...common], ["aws"]],
    ["azure", ["azure-native", ...common], ["kubelogin"]],
    ["another", common, []],
])("a stack of cloud %s gets its plugins and its login", async (cloud, plugins, logins) => {
    const laidOut = await layOut({ kind: "own" }, cloud);
    expect(names(laidOut)).toEqual(plugins);
    for (const { name } of laidOut.plugins) {
        const found = fs.readdirSync(at("home", "plugins")).find((entry) => entry.startsWith(`resource-${name}-v`));
        expect(fs.readdirSync(at("home", "plugins", found ?? ""))).toEqual([`pulumi-resource-${name}`]);
    }
    const [first = ""] = (laidOut.env.PATH ?? "").split(path.delimiter);
    expect(fs.readdirSync(first).filter((entry) => ["aws", "kubelogin"].includes(entry))).toEqual(logins);
});

test("plugins in a folder are started by their own place, and never one that would reach a real cloud", async () => {
    const given = at("given");
    fs.mkdirSync(path.join(given, "eks"), { recursive: true });
    fs.writeFileSync(path.join(given, "eks", "words"), "beside the script");
    const script = '#!/bin/sh\nexec cat "$(dirname "$0")/eks/words"\n';
    for (const name of ["eks", "aws"]) {
        fs.writeFileSync(path.join(given, `pulumi-resource-${name}`), script, { mode: 0o755 });
    }
    const { plugins } = await layOut({ kind: "directory", path: given }, "aws");
    const sources = Object.fromEntries(plugins.map(({ name, source }) => [name, source]));
    expect(sources).toMatchObject({
        eks: path.join(given, "pulumi-resource-eks"),
        aws: at("starters", "pulumi-resource-aws"),
        kubernetes: "/host/tars-host",
    });
    const eks = fs.readdirSync(at("home", "plugins")).find((entry) => entry.startsWith("resource-eks-v")) ?? "";
    const started = execFileSync(at("home", "plugins", eks, "pulumi-resource-eks"), { encoding: "utf8" });
    expect(started).toBe("beside the script");
});

test("before the official kubernetes plugin stands what puts the run's stand-ins in their place", async () => {
    const given = at("official");
    const program = path.join(given, "pulumi-resource-kubernetes");
    fs.mkdirSync(given);
    fs.writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
    const host = at("a host");
    fs.writeFileSync(host, '#!/bin/sh\necho "$1:$("$2" said && echo runs):$3"\n', { mode: 0o755 });
    const { plugins } = await layOut({ kind: "directory", path: given }, "existing", host);
    expect(plugins.find(({ name }) => name === "kubernetes")).toEqual({ name: "kubernetes", source: program });
    const folder = fs.readdirSync(at("home", "plugins")).find((entry) => entry.startsWith("resource-kubernetes-v"));
    const started = at("home", "plugins", folder ?? "", "pulumi-resource-kubernetes");
    expect(execFileSync(started, ["127.0.0.1:1"], { encoding: "utf8" })).toBe("official-kubernetes:runs:127.0.0.1:1\n");
});

test("a folder without any plugin that may be given is refused", async () => {
    fs.mkdirSync(at("empty"));
    await expect(layOut({ kind: "directory", path: at("empty") }, "azure")).rejects.toThrow(
        "holds none of pulumi-resource-kubernetes, pulumi-resource-random, pulumi-resource-tls",
    );
});

test.each([
    ["a name that no plugin has", "toString", { TARS_SIMULATOR_TOKEN: "t" }, 'the simulator has no plugin "toString"'],
    ["no name", "", { TARS_SIMULATOR_TOKEN: "t" }, "name one of random, tls, aws, azure-native, eks"],
    ["nothing of a run", "tls", {}, "TARS_SIMULATOR_TOKEN is not set"],
    ["no folder for its cloud", "aws", { TARS_SIMULATOR_TOKEN: "t" }, "TARS_SIMULATOR_CLOUD is not set"],
])("a plugin with %s says so in two lines and ends with 1", (_, name, env, says) => {
    const main = path.join(__dirname, "..", "..", "simulator", "providers", "main.js");
    const { status, stderr } = spawnSync(process.execPath, [main, name], { env, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^error: .+\n {2}fix: .+\n$/);
});
