import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import azurePackage from "@pulumi/azure-native/package.json";
import { ensureToolchain, layOutPlugins } from "../../simulator/engine";

const root = path.join(__dirname, "..", "..");

/** What the control plane was told, oldest first: `["setPool", "aks", {...}]`. */
export type Calls = readonly (readonly unknown[])[];

/** A program of its own in an engine of its own, with an empty simulated Azure. */
export interface AzureScene {
    /** Sets the program: JavaScript with the SDK's modules by name, a resource group `group` and `in` for the place of everything. */
    program(text: string): void;
    /** What the engine prints; rejects with it when it fails. */
    pulumi(...args: readonly string[]): Promise<string>;
    up(): Promise<string>;
    /** What an update that must fail prints. */
    failure(...args: readonly string[]): Promise<string>;
    calls(): Calls;
    /** What is in the simulated cloud, by type token. */
    cloud(): Readonly<
        Record<string, readonly { readonly id: string; readonly outputs: Readonly<Record<string, unknown>> }[]>
    >;
    remove(): void;
}

const prelude = `
const modules = ["resources", "network", "privatedns", "dns", "keyvault", "storage", "managedidentity", "authorization", "containerregistry",
    "containerservice", "operationalinsights", "monitor", "compute", "security"];
const azure = Object.fromEntries(modules.map((name) => [name, null]));
for (const name of modules) Object.defineProperty(azure, name, { get: () => require("@pulumi/azure-native/" + name) });
const pulumi = require("@pulumi/pulumi");
const group = new azure.resources.ResourceGroup("group", { resourceGroupName: "tars", location: "westeurope" });
const place = { resourceGroupName: group.name, location: "westeurope" };
`;

export async function openScene(): Promise<AzureScene> {
    const toolchain = await ensureToolchain({ report: () => undefined, signal: new AbortController().signal });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-azure-"));
    const at = (...parts: string[]) => path.join(folder, ...parts);
    for (const name of ["backend", "cloud"]) fs.mkdirSync(at(name));
    fs.writeFileSync(at("passphrase"), "a test's");
    fs.symlinkSync(path.join(root, "node_modules"), at("node_modules"));
    fs.writeFileSync(at("package.json"), JSON.stringify({ name: "program", main: "index.js" }));
    fs.writeFileSync(
        at("Pulumi.yaml"),
        "name: program\nruntime:\n    name: nodejs\n    options:\n        typescript: false\n",
    );
    fs.writeFileSync(at("calls"), "");
    const laidOut = await layOutPlugins({
        directory: at("plugins"),
        pulumiHome: at("home"),
        toolchain,
        choice: { kind: "own" },
        token: "test",
    });
    layOutAzure(at("home"));
    const env = {
        ...process.env,
        ...laidOut.env,
        PULUMI_HOME: at("home"),
        PULUMI_BACKEND_URL: `file://${at("backend")}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: at("passphrase"),
        TARS_SIMULATOR_CLOUD: at("cloud"),
        TARS_TEST_CALLS: at("calls"),
    };
    const pulumi = (...args: readonly string[]): Promise<string> =>
        new Promise((resolve, reject) => {
            execFile(toolchain.pulumi, [...args, "--non-interactive"], { cwd: folder, env }, (error, stdout, stderr) =>
                error ? reject(new Error(stdout + stderr)) : resolve(stdout + stderr),
            );
        });
    fs.writeFileSync(at("index.js"), prelude);
    await pulumi("stack", "init", "dev");
    return {
        program: (text) => fs.writeFileSync(at("index.js"), prelude + text),
        pulumi,
        up: () => pulumi("up", "--yes", "--skip-preview"),
        failure: (...args) =>
            pulumi(...(args.length > 0 ? args : ["up", "--yes", "--skip-preview"])).then(
                (text) => Promise.reject(new Error(`it did not fail: ${text}`)),
                (error: Error) => error.message,
            ),
        calls: () =>
            fs
                .readFileSync(at("calls"), "utf8")
                .split("\n")
                .filter(Boolean)
                .map((line) => JSON.parse(line)),
        cloud: () => recordsIn(at("cloud", "azure-native.json")),
        remove: () => fs.rmSync(folder, { recursive: true, force: true }),
    };
}

function recordsIn(file: string): ReturnType<AzureScene["cloud"]> {
    const { resources }: { resources: { type: string; id: string; outputs: Record<string, unknown> }[] } = JSON.parse(
        fs.readFileSync(file, "utf8"),
    );
    const types = [...new Set(resources.map(({ type }) => type))];
    return Object.fromEntries(types.map((type) => [type, resources.filter((one) => one.type === type)]));
}

/** The plugin of these tests where the engine looks for the official one. */
function layOutAzure(home: string): void {
    const folder = path.join(home, "plugins", `resource-azure-native-v${azurePackage.version}`);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    const starter = path.join(folder, "pulumi-resource-azure-native");
    fs.writeFileSync(
        starter,
        `#!/bin/sh\nexec '${process.execPath}' '${path.join(__dirname, "azurePlugin.js")}' "$@"\n`,
    );
    fs.chmodSync(starter, 0o755);
}
