import { chmod, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { suitableNode } from "../../runtime/node.js";
import { exitCodes, Fault } from "../fault";
import { whenMissing } from "../system/files";
import { cacheFolder } from "./cache";
import { pins } from "./pinned";
import { loginOf, type Plugin, pluginsFor } from "./pluginTable";
import type { Toolchain } from "./toolchain";

/** Whose resource plugins an engine uses: the simulator's, the official ones the user has installed, or those in a folder. */
export type PluginChoice =
    | { readonly kind: "own" }
    | { readonly kind: "installed" }
    | { readonly kind: "directory"; readonly path: string };

export interface LayOutOptions {
    /** For the starters of the simulator's own plugins; made anew. */
    readonly directory: string;
    /** PULUMI_HOME of the run; its `plugins` folder is made anew. */
    readonly pulumiHome: string;
    readonly toolchain: Toolchain;
    readonly choice: PluginChoice;
    /** As the stack file says under `cloud`. @default "existing" */
    readonly cloud?: string;
    /** The run's token, without which the simulator's plugins do not start. */
    readonly token: string;
}

export interface LaidOut {
    /** To be put over the environment of the engine. */
    readonly env: Readonly<Record<string, string>>;
    readonly plugins: readonly { readonly name: string; readonly source: string }[];
}

/**
 * Make an engine that is started with the returned environment use exactly the chosen plugins and nothing that happens to lie on PATH.
 * They are put where the engine keeps installed plugins: those it uses without a word, while it warns of every plugin found on PATH.
 */
export async function layOutPlugins(options: LayOutOptions): Promise<LaidOut> {
    const { directory, pulumiHome, token } = options;
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const installed = join(pulumiHome, "plugins");
    await rm(installed, { recursive: true, force: true });
    await withoutEngineLog(pulumiHome);
    const plugins = await choosePlugins(options);
    for (const { plugin, file } of plugins)
        await link(file, join(installed, `resource-${plugin.name}-v${plugin.version}`));
    // An official CLI has its own language host beside it and prefers that one.
    const host = await writeLanguageHost(directory);
    await link(host, join(installed, `language-nodejs-v${pins.pulumi}`));
    const logins = await writeLogins(options);
    return {
        env: {
            TARS_SIMULATOR_TOKEN: token,
            TARS_SIMULATOR_HOST: options.toolchain.host,
            PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            // An official language host runs the first node on PATH, which may be too old for the SDK.
            PATH: [logins, dirname(suitableNode()), process.env.PATH].filter(Boolean).join(delimiter),
        },
        plugins: plugins.map(({ plugin, source }) => ({ name: plugin.name, source })),
    };
}

/**
 * Keep an engine with this PULUMI_HOME from writing its diagnostic log, for which it has no setting: it notes every property that it sends to a
 * plugin, compressed and encrypted, and a third of its time goes there (pulumi 3.253.0, pkg/logging/encrypted.go). Where `logs` is not
 * a folder it goes on without. `-v 9 --logtostderr` still shows what it does.
 */
export async function withoutEngineLog(pulumiHome: string): Promise<void> {
    const logs = join(pulumiHome, "logs");
    await rm(logs, { recursive: true, force: true });
    await mkdir(pulumiHome, { recursive: true });
    await writeFile(logs, "The simulator keeps the engine from writing logs here: they take a third of its time.\n");
}

interface Chosen {
    readonly plugin: Plugin;
    /** What the engine starts. */
    readonly file: string;
    /** Where it is from. */
    readonly source: string;
}

async function choosePlugins(options: LayOutOptions): Promise<Chosen[]> {
    const { choice, directory, cloud } = options;
    const wanted = pluginsFor(cloud);
    const harmless = wanted.filter(({ reachesCloud }) => !reachesCloud);
    const given =
        choice.kind === "installed"
            ? await findInstalled(harmless)
            : choice.kind === "directory"
              ? await findGiven(harmless, choice.path, directory)
              : [];
    const own = wanted.filter((plugin) => !given.some((found) => found.plugin === plugin));
    const official = await Promise.all(given.map((found) => withStandins(found, options)));
    return [...official, ...(await Promise.all(own.map((plugin) => ownPlugin(plugin, options))))];
}

/** The official kubernetes plugin renders charts itself, and would fetch them: what is before it puts the run's stand-ins in their place. */
async function withStandins(chosen: Chosen, { directory, toolchain }: LayOutOptions): Promise<Chosen> {
    if (chosen.plugin.name !== "kubernetes") return chosen;
    const program = "official-kubernetes";
    return { ...chosen, file: await writeProgram(directory, program, [toolchain.host, program, chosen.file]) };
}

async function findGiven(wanted: readonly Plugin[], folder: string, directory: string): Promise<Chosen[]> {
    const found = wanted.map(async (plugin) => {
        const file = await findFile(join(folder, fileName(plugin)));
        // One that is a script finds what lies beside it only by its own place.
        if (file === undefined) return [];
        return [{ plugin, file: await writeProgram(directory, `given-${plugin.name}`, [file]), source: file }];
    });
    const plugins = (await Promise.all(found)).flat();
    if (plugins.length === 0) {
        const names = wanted.map(fileName).join(", ");
        throw new Fault(
            `${folder} holds none of ${names}`,
            "give the folder the plugins' programs lie in",
            exitCodes.configuration,
        );
    }
    return plugins;
}

async function ownPlugin(plugin: Plugin, { directory, toolchain }: LayOutOptions): Promise<Chosen> {
    const main = join(__dirname, "..", "providers", "main.js");
    // The host is told by its name which of its programs to be, so the engine must start it by this one.
    const file =
        plugin.name === "kubernetes"
            ? toolchain.host
            : await writeStarter(directory, fileName(plugin), main, plugin.name);
    return { plugin, file, source: file };
}

async function findInstalled(wanted: readonly Plugin[]): Promise<Chosen[]> {
    const root = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
    const found = wanted.map(async (plugin) => {
        const file = await findFile(join(root, `resource-${plugin.name}-v${plugin.version}`, fileName(plugin)));
        return { plugin, file };
    });
    const plugins = await Promise.all(found);
    const missing = plugins.filter(({ file }) => file === undefined).map(({ plugin }) => plugin);
    if (missing.length > 0) {
        const names = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
        const commands = missing.map(({ name, version }) => `pulumi plugin install resource ${name} v${version}`);
        throw new Fault(
            `official plugins are not installed in ${root}: ${names}`,
            commands.join(" && "),
            exitCodes.prerequisite,
        );
    }
    return plugins.flatMap(({ plugin, file }) => (file === undefined ? [] : [{ plugin, file, source: file }]));
}

const fileName = ({ name }: Plugin) => `pulumi-resource-${name}`;

async function findFile(path: string): Promise<string | undefined> {
    return (await stat(path).catch(whenMissing))?.isFile() ? path : undefined;
}

/** The program in `directory` that an engine runs for what is written for Node: programs and policy packs. */
export function writeLanguageHost(directory: string): Promise<string> {
    return writeStarter(directory, "pulumi-language-nodejs", join(__dirname, "language-host", "main.js"));
}

/** A program file that runs `script` on a node that will do for the SDK, whatever the PATH of the engine says. */
async function writeStarter(directory: string, name: string, script: string, ...args: string[]): Promise<string> {
    // Compiling the SDK is half of a policy pack's start, and Node >= 22.1 can keep the result, for what is started from there too.
    const compiled = quoted(join(cacheFolder(), "compiled"));
    const keep = `[ -n "$NODE_COMPILE_CACHE" ] || export NODE_COMPILE_CACHE=${compiled}`;
    return writeProgram(directory, name, [suitableNode(), script, ...args], keep);
}

async function writeProgram(directory: string, name: string, words: readonly string[], before = ""): Promise<string> {
    const file = join(directory, name);
    await writeFile(file, `#!/bin/sh\n${before}\nexec ${words.map(quoted).join(" ")} "$@"\n`);
    await chmod(file, 0o755);
    return file;
}

/** A word as a shell takes it, whatever it holds. */
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** The programs with which kubeconfigs of the stack's cloud log in, in a folder for PATH; empty where a stack needs none. */
async function writeLogins({ directory, cloud }: LayOutOptions): Promise<string> {
    const login = loginOf(cloud);
    if (login === undefined) return "";
    const folder = join(directory, "bin");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeStarter(folder, login, join(__dirname, "..", "clouds", "main.js"), login);
    return folder;
}

/** Put `file` into the engine's plugin folder `folder`, under the name the engine looks for there. */
async function link(file: string, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const [, kind, name] = /([a-z]+)-([a-z0-9-]+)-v[^-]+$/.exec(folder) ?? [];
    await symlink(file, join(folder, `pulumi-${kind}-${name}`));
}
