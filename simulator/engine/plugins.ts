import { chmod, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import kubernetesPackage from "@pulumi/kubernetes/package.json";
import randomPackage from "@pulumi/random/package.json";
import tlsPackage from "@pulumi/tls/package.json";
import { suitableNode } from "../../runtime/node.js";
import { exitCodes, Fault } from "../fault";
import { whenMissing } from "../system/files";
import { pins } from "./pinned";
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
    /** The run's token, without which the simulator's plugins do not start. */
    readonly token: string;
}

export interface LaidOut {
    /** To be put over the environment of the engine. */
    readonly env: Readonly<Record<string, string>>;
    readonly plugins: readonly { readonly name: string; readonly source: string }[];
}

interface Plugin {
    readonly name: string;
    /** Of the SDK package: the engine asks for the plugin of exactly this version. */
    readonly version: string;
}

const resourcePlugins: readonly Plugin[] = [
    { name: "kubernetes", version: kubernetesPackage.version },
    { name: "random", version: randomPackage.version },
    { name: "tls", version: tlsPackage.version },
];

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
    const plugins = await choosePlugins(options);
    for (const { plugin, file } of plugins)
        await link(file, join(installed, `resource-${plugin.name}-v${plugin.version}`));
    // An official CLI has its own language host beside it and prefers that one.
    const host = await writeStarter(directory, "pulumi-language-nodejs", join(__dirname, "language-host", "main.js"));
    await link(host, join(installed, `language-nodejs-v${pins.pulumi}`));
    return {
        env: {
            TARS_SIMULATOR_TOKEN: token,
            PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            // An official language host runs the first node on PATH, which may be too old for the SDK.
            PATH: [dirname(suitableNode()), process.env.PATH].filter(Boolean).join(delimiter),
        },
        plugins: plugins.map(({ plugin, file }) => ({ name: plugin.name, source: file })),
    };
}

type Chosen = { readonly plugin: Plugin; readonly file: string };

async function choosePlugins(options: LayOutOptions): Promise<Chosen[]> {
    const { choice } = options;
    if (choice.kind === "installed") return findInstalled();
    const chosen = resourcePlugins.map(async (plugin) => {
        const given = choice.kind === "directory" ? await findFile(join(choice.path, fileName(plugin))) : undefined;
        return { plugin, file: given ?? (await ownPlugin(plugin, options)) };
    });
    const plugins = await Promise.all(chosen);
    if (choice.kind === "directory" && !plugins.some(({ file }) => dirname(file) === choice.path)) {
        const names = resourcePlugins.map(fileName).join(", ");
        throw new Fault(
            `${choice.path} holds none of ${names}`,
            "give the folder the plugins' programs lie in",
            exitCodes.configuration,
        );
    }
    return plugins;
}

async function ownPlugin(plugin: Plugin, { directory, toolchain }: LayOutOptions): Promise<string> {
    // The host is told by its name which of its programs to be, so the engine must start it by this one.
    if (plugin.name === "kubernetes") return toolchain.host;
    return writeStarter(directory, fileName(plugin), join(__dirname, "..", "providers", "main.js"), plugin.name);
}

async function findInstalled(): Promise<Chosen[]> {
    const root = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
    const found = resourcePlugins.map(async (plugin) => {
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
    return plugins.flatMap(({ plugin, file }) => (file === undefined ? [] : [{ plugin, file }]));
}

const fileName = ({ name }: Plugin) => `pulumi-resource-${name}`;

async function findFile(path: string): Promise<string | undefined> {
    return (await stat(path).catch(whenMissing))?.isFile() ? path : undefined;
}

/** A program file that runs `script` on a node that will do for the SDK, whatever the PATH of the engine says. */
async function writeStarter(directory: string, name: string, script: string, ...args: string[]): Promise<string> {
    const command = [suitableNode(), script, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const file = join(directory, name);
    await writeFile(file, `#!/bin/sh\nexec ${command} "$@"\n`);
    await chmod(file, 0o755);
    return file;
}

/** Put `file` into the engine's plugin folder `folder`, under the name the engine looks for there. */
async function link(file: string, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const [, kind, name] = /([a-z]+)-([a-z0-9-]+)-v[^-]+$/.exec(folder) ?? [];
    await symlink(file, join(folder, `pulumi-${kind}-${name}`));
}
