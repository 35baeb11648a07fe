import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { parse } from "yaml";
import { cacheFolder } from "../../simulator/engine/cache";
import { findInstalledPulumi } from "../../simulator/engine/installed";
import { pins } from "../../simulator/engine/pinned";
import { exitCodes, Fault } from "../../simulator/fault";
import { isTree, merged, type SettingsTree } from "./settings";

/** What the live suite runs with: a real cluster, the official CLI, and what this cluster needs said in the stack file. */
export interface LiveSetup {
    readonly kubeconfig: string;
    /** The `pulumi` on PATH, at least of the pinned version. */
    readonly pulumi: string;
    /** Settings laid over those of the dev stack, without the project's prefix. */
    readonly settings: SettingsTree;
}

type Environment = NodeJS.ProcessEnv;

/** @throws Fault with exit code 4 that names everything that is missing at once. */
export async function liveSetup(env: Environment): Promise<LiveSetup> {
    const problems: string[] = [];
    const kubeconfig = env.TARS_LIVE_KUBECONFIG ?? "";
    if (kubeconfig === "") problems.push("TARS_LIVE_KUBECONFIG is not set: name the kubeconfig of the cluster to use");
    else if (!fs.existsSync(kubeconfig)) problems.push(`TARS_LIVE_KUBECONFIG: there is no file ${kubeconfig}`);
    const settings = readSettings(env, problems);
    const pulumi = await findInstalledPulumi(env, cacheFolder(env));
    if (pulumi === undefined) problems.push(`no pulumi ${pins.pulumi} or later of the same major is on PATH`);
    if (!answers("kubectl", ["version", "--client"], env)) problems.push("no kubectl is on PATH");
    if (pulumi === undefined || problems.length > 0) throw refusal(problems);
    refuseUsedCluster(kubeconfig, env);
    return { kubeconfig, pulumi: pulumi.path, settings };
}

function refusal(problems: readonly string[]): Fault {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    const fix = "see docs/live.md; `npm test` runs the dev stack on the embedded cluster and needs none of this";
    return new Fault(`the live suite cannot start:\n${list}`, fix, exitCodes.prerequisite);
}

function readSettings(env: Environment, problems: string[]): SettingsTree {
    const given = settingsFile(env.TARS_LIVE_SETTINGS, problems);
    const registry = env.TARS_LIVE_REGISTRY;
    if (registry) return merged(given, { tarsRag: { image: { registry } } });
    const image = isTree(given.tarsRag) ? given.tarsRag.image : undefined;
    if (!isTree(image) || image.registry === undefined) {
        problems.push("TARS_LIVE_REGISTRY is not set: name the registry that your tars-backend image was pushed to");
    }
    return given;
}

function settingsFile(file: string | undefined, problems: string[]): SettingsTree {
    if (!file) return {};
    if (!fs.existsSync(file)) problems.push(`TARS_LIVE_SETTINGS: there is no file ${file}`);
    const given: unknown = fs.existsSync(file) ? parse(fs.readFileSync(file, "utf8")) : {};
    if (isTree(given)) return given;
    problems.push(`TARS_LIVE_SETTINGS: ${file} must hold settings as YAML, such as tarsRag: { image: { tag: 0.4.0 } }`);
    return {};
}

/** The suite ends with `destroy`, so it must never begin on a cluster where the platform already is. */
function refuseUsedCluster(kubeconfig: string, env: Environment): void {
    const found = kubectl(kubeconfig, env, ["get", "namespaces", "--output=name"]);
    if (!found.split("\n").includes("namespace/tars")) return;
    throw new Fault(
        `the cluster of ${kubeconfig} already has a namespace tars, and the live suite would destroy what is in it`,
        "use a cluster without T.A.R.S., or delete the namespace if an interrupted run left it",
        exitCodes.prerequisite,
    );
}

/** Standard output of a kubectl command. @throws Fault with kubectl's own words when it fails. */
export function kubectl(kubeconfig: string, env: Environment, args: readonly string[]): string {
    try {
        const command = ["--kubeconfig", kubeconfig, "--request-timeout=30s", ...args];
        return execFileSync("kubectl", command, { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
        const said = error instanceof Error ? error.message.trim() : String(error);
        throw new Fault(said, `check that ${kubeconfig} reaches its cluster`, exitCodes.prerequisite);
    }
}

function answers(command: string, args: readonly string[], env: Environment): boolean {
    try {
        execFileSync(command, args, { env, stdio: "ignore" });
        return true;
    } catch {
        // The only question is whether it can be run; the caller reports that it cannot.
        return false;
    }
}
