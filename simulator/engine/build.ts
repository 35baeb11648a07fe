import { mkdir, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../system/files";
import { installBinary } from "./cache";
import { diskFull, explainFailure, runGo } from "./go";
import { type BinaryName, pins } from "./pinned";
import type { Progress } from "./report";

/** How to build one program from a Go module of the project. */
export interface Recipe {
    readonly name: BinaryName;
    /** Folder of the module's go.mod. */
    readonly module: string;
    /** Package to build, as go names it. */
    readonly package: string;
    readonly ldflags: string;
}

export interface BuildOptions {
    readonly progress: Progress;
    readonly signal: AbortSignal;
    readonly env: NodeJS.ProcessEnv;
}

/** Work folders of builds; a leftover one belongs to a build that was killed. */
const workPrefix = "work-";

/**
 * Build `recipe` into `target`. The caller holds the lock of the target's folder. Whatever ends the build early, `target` is not touched;
 * Go's own caches keep what was downloaded and compiled, so the next build goes on from there.
 */
export async function buildBinary(recipe: Recipe, target: string, options: BuildOptions): Promise<void> {
    const folder = join(target, "..");
    await removeLeftovers(folder);
    const work = await mkdtemp(join(folder, workPrefix));
    try {
        await mkdir(join(work, "tmp"));
        const built = join(work, recipe.name);
        await compile(recipe, built, { ...options, env: { ...options.env, GOTMPDIR: join(work, "tmp") } });
        await installBinary(built, target);
    } catch (error) {
        if (systemCode(error) === "ENOSPC") throw diskFull(recipe.name);
        throw error;
    } finally {
        // The compiler may still be letting go of its files for a moment after an interrupt.
        await rm(work, { recursive: true, force: true, maxRetries: 5 });
    }
}

async function removeLeftovers(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
        if (name.startsWith(workPrefix)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
    }
}

async function compile(recipe: Recipe, built: string, options: BuildOptions): Promise<void> {
    const plan = await planBuild(recipe, options);
    await checkRoom(recipe, built, plan.share);
    const { coldSeconds, linkSeconds } = pins.build[recipe.name];
    const expectedMs = (linkSeconds + (coldSeconds - linkSeconds) * plan.share) * 1000;
    let compiled = 0;
    options.progress.update(`${plan.stale} of ${plan.packages} packages to compile`, expectedMs);
    const onLine = (line: string) => {
        // -v names each package as its compilation begins; other lines are messages.
        if (!/^[\w.@/-]+$/.test(line)) return;
        compiled += 1;
        if (compiled % 25 === 0) options.progress.update(`package ${compiled} of ${plan.stale}`, expectedMs);
        if (compiled === plan.stale) options.progress.update("linking", expectedMs);
    };
    const args = ["build", "-trimpath", "-v", "-ldflags", recipe.ldflags, "-o", built, recipe.package];
    await go(recipe, args, { ...options, onLine });
}

/** Ask go how many packages it would compile; it downloads what it needs to know that. */
async function planBuild(
    recipe: Recipe,
    options: BuildOptions,
): Promise<{ packages: number; stale: number; share: number }> {
    let downloads = 0;
    options.progress.update("looking at what is compiled already");
    const onLine = (line: string) => {
        if (line.startsWith("go: downloading")) options.progress.update(`downloading modules (${++downloads})`);
    };
    const args = ["list", "-trimpath", "-deps", "-f", "{{if .Stale}}stale{{else}}fresh{{end}}", recipe.package];
    const lines = (await go(recipe, args, { ...options, onLine })).trim().split("\n");
    const stale = lines.filter((line) => line === "stale").length;
    return { packages: lines.length, stale, share: stale / lines.length };
}

async function go(
    recipe: Recipe,
    args: readonly string[],
    options: BuildOptions & { readonly onLine: (line: string) => void },
): Promise<string> {
    const { signal, env, onLine } = options;
    const run = await runGo(args, { cwd: recipe.module, env, signal, onLine });
    signal.throwIfAborted();
    if (run.code !== 0) throw explainFailure(recipe.name, run.stderr);
    return run.stdout;
}

/** Better to say so now than after five minutes. The binary itself is there twice while it is linked. */
async function checkRoom(recipe: Recipe, built: string, share: number): Promise<void> {
    const folder = join(built, "..");
    const disk = await statfs(folder);
    const free = disk.bavail * disk.bsize;
    const needed = pins.build[recipe.name].binaryBytes * 2 + pins.build[recipe.name].coldBytes * share;
    if (free < needed) throw diskFull(recipe.name, folder, needed, free);
}
