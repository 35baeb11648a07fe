import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { Fault } from "../../simulator/fault";
import { liveSetup } from "../live/prerequisites";
import { merged } from "../live/settings";
import { devSettings, parsed } from "../program/stack";

const root = path.resolve(__dirname, "..", "..");

/** An environment in which nothing is installed. */
const bare = { PATH: "" };

async function refusal(env: NodeJS.ProcessEnv): Promise<Fault> {
    const error: unknown = await liveSetup(env).then(
        () => undefined,
        (thrown) => thrown,
    );
    if (error instanceof Fault) return error;
    throw new Error(`expected a refusal, got ${String(error)}`);
}

it("names everything that is missing at once, and ends with exit code 4", async () => {
    const { message, exitCode } = await refusal(bare);
    expect(exitCode).toBe(4);
    for (const missing of ["TARS_LIVE_KUBECONFIG", "TARS_LIVE_REGISTRY", "no pulumi", "no kubectl"]) {
        expect(message).toContain(missing);
    }
});

it("says which file is not there", async () => {
    const env = { ...bare, TARS_LIVE_KUBECONFIG: "/nowhere/kubeconfig", TARS_LIVE_SETTINGS: "/nowhere/settings.yaml" };
    const { message } = await refusal(env);
    expect(message).toContain("there is no file /nowhere/kubeconfig");
    expect(message).toContain("there is no file /nowhere/settings.yaml");
    expect(message).not.toContain("is not set: name the kubeconfig");
});

it("takes the registry from the settings file", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-live-settings-"));
    const file = path.join(folder, "settings.yaml");
    fs.writeFileSync(file, "tarsRag: { image: { registry: registry.example.com } }\n");
    const { message } = await refusal({ ...bare, TARS_LIVE_SETTINGS: file });
    fs.rmSync(folder, { recursive: true });
    expect(message).not.toContain("TARS_LIVE_REGISTRY");
});

it("lays settings over settings, group by group", () => {
    const under = { cluster: { kind: "kubeconfig", nodes: { general: { count: 3, cpu: "8" } } }, list: [1, 2] };
    const over = { cluster: { nodes: { general: { cpu: "3" } } }, list: [3], sizes: {} };
    expect(merged(under, over)).toEqual({
        cluster: { kind: "kubeconfig", nodes: { general: { count: 3, cpu: "3" } } },
        list: [3],
        sizes: {},
    });
});

it("has settings for kind that the program accepts", () => {
    const settings = parse(fs.readFileSync(path.join(root, "tests", "live", "kind.settings.yaml"), "utf8"));
    const { sizes } = parsed(merged(devSettings(), settings)).settings;
    expect(sizes.ollama.requests.cpu).toBe(settings.sizes.ollama.requests.cpu);
});

it("documents every variable that it reads", () => {
    const read = fs.readFileSync(path.join(root, "tests", "live", "prerequisites.ts"), "utf8").match(/TARS_LIVE_\w+/g);
    const documented = fs.readFileSync(path.join(root, "docs", "live.md"), "utf8");
    for (const variable of new Set(read)) expect(documented).toContain(variable);
});
