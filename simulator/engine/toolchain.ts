import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LockOwner, withLock } from "../system/lock";
import { buildBinary, type Recipe } from "./build";
import { cacheFolder, checkBinary, pruneBuilds, removeBinary } from "./cache";
import { findGo, goEnv } from "./go";
import { findInstalledPulumi } from "./installed";
import { pins } from "./pinned";
import { Progress, type Report } from "./report";

export interface Toolchain {
    /** Path of the Pulumi CLI. */
    readonly pulumi: string;
    /** Path of tars-host: the control plane and the kubernetes plugin in one program. */
    readonly host: string;
    /** Version of the CLI without the leading `v`. */
    readonly pulumiVersion: string;
}

export interface ToolchainOptions {
    readonly report: Report;
    readonly signal: AbortSignal;
    /** @default the process's; PATH, TARS_CACHE_DIR, XDG_CACHE_HOME, TARS_PULUMI and what go reads */
    readonly env?: NodeJS.ProcessEnv;
    /** Other sources than the project's, for tests. */
    readonly recipes?: Recipes;
}

export interface Recipes {
    readonly pulumi: Recipe;
    readonly host: Recipe;
}

/** The programs the project builds, from the modules beside this file. */
export const projectRecipes: Recipes = {
    pulumi: {
        name: "pulumi",
        module: join(__dirname, "go"),
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        // Without it the CLI takes itself for a development build and offers plugins no version to match.
        ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pins.pulumi}`,
    },
    host: { name: "tars-host", module: join(__dirname, "..", "host"), package: ".", ldflags: "-s -w" },
};

/**
 * The programs a run needs, built where they are missing or damaged. A `pulumi` on PATH of the pinned major and at least the pinned
 * minor is used instead of an own build, unless `TARS_PULUMI=own`. Rejects with a Fault for a missing prerequisite, a full disk or a
 * failed build, and with the signal's reason when it fires; nothing half made is left and nothing runs on in either case.
 */
export async function ensureToolchain(options: ToolchainOptions): Promise<Toolchain> {
    const env = options.env ?? process.env;
    const recipes = options.recipes ?? projectRecipes;
    const goVersion = await findGo({ env, signal: options.signal });
    const installed = env.TARS_PULUMI === "own" ? undefined : await findInstalledPulumi(env, cacheFolder(env));
    const pulumi = installed?.path ?? (await ensureBinary(recipes.pulumi, goVersion, { ...options, env }));
    const host = await ensureBinary(recipes.host, goVersion, { ...options, env });
    return { pulumi, host, pulumiVersion: installed?.version ?? pins.pulumi };
}

/** tars-host alone, for whoever needs no engine. */
export async function ensureHost(options: ToolchainOptions): Promise<string> {
    const env = options.env ?? process.env;
    const goVersion = await findGo({ env, signal: options.signal });
    return ensureBinary((options.recipes ?? projectRecipes).host, goVersion, { ...options, env });
}

type EnsureOptions = ToolchainOptions & { readonly env: NodeJS.ProcessEnv };

async function ensureBinary(recipe: Recipe, goVersion: string, options: EnsureOptions): Promise<string> {
    const root = join(cacheFolder(options.env), "toolchain");
    const binary = join(root, await buildKey(recipe, goVersion), recipe.name);
    if ((await checkBinary(binary)) !== "good") await buildUnderLock(recipe, binary, options);
    await pruneBuilds(root, recipe.name, binary);
    return binary;
}

async function buildUnderLock(recipe: Recipe, binary: string, options: EnsureOptions): Promise<void> {
    const { signal, env, report } = options;
    const progress = new Progress(`build ${recipe.name}`, report);
    const lock = {
        directory: join(dirname(binary), "lock"),
        command: "tars start",
        waiting: ({ pid }: LockOwner) =>
            progress.update(`waiting for another start (process ${pid}) that is building it`),
        signal,
    };
    try {
        const outcome = await withLock(lock, async () => {
            // Whoever held the lock before may have built it meanwhile.
            const state = await checkBinary(binary);
            if (state === "good") return "built by another start";
            if (state === "corrupted") {
                progress.update(`the cached ${binary} is damaged: removed, building it again`);
                await removeBinary(binary);
            }
            await buildBinary(recipe, binary, { progress, signal, env });
            return "built";
        });
        progress.end("done", outcome);
    } catch (error) {
        progress.end("failed", signal.aborted ? "interrupted" : undefined);
        throw error;
    }
}

/** Everything that decides what a build gives: its sources, the compiler, the platform and the flags. */
async function buildKey(recipe: Recipe, goVersion: string): Promise<string> {
    const hash = createHash("sha256");
    const parts = [recipe.package, recipe.ldflags, goVersion, JSON.stringify(goEnv), process.platform, process.arch];
    hash.update(parts.join("\0"));
    for (const file of await sources(recipe.module)) {
        hash.update(`\0${file}\0`);
        hash.update(await readFile(join(recipe.module, file)));
    }
    return `${recipe.name}-${hash.digest("hex").slice(0, 16)}`;
}

/** Files of a Go module that can end up in the program: not its tests and not its documents. */
async function sources(module: string): Promise<string[]> {
    const entries = await readdir(module, { withFileTypes: true, recursive: true });
    return entries
        .filter(
            (entry) =>
                entry.isFile() && !/(_test\.go|\.md)$/.test(entry.name) && !entry.parentPath.includes("testdata"),
        )
        .map((entry) => join(entry.parentPath, entry.name).slice(module.length + 1))
        .sort();
}
