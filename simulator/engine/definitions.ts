import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exitCodes, Fault } from "../fault";
import { textField, whenMissing } from "../system/files";
import { cacheFolder, checkBinary, installBinary, removeBinary } from "./cache";
import { runGo } from "./go";
import { Progress, type Report } from "./report";

/** What has the same objects as a manifest that the program takes from its maker's address. */
export interface DefinitionRow {
    readonly url: string;
    /** The maker's own sources, as a Go module. */
    readonly module?: DefinitionModule | undefined;
    /** Files of our own under `standins/schemas`, for what is in no module. */
    readonly schemas?: readonly string[] | undefined;
}

export interface DefinitionModule {
    readonly path: string;
    readonly version: string;
    /** As go.sum has it. */
    readonly sum: string;
    /** Within the module; a `*` in the last part stands for any name. */
    readonly files: readonly string[];
}

export interface DefinitionOptions {
    readonly rows: readonly DefinitionRow[];
    /** Folder of the schemas. */
    readonly schemas: string;
    readonly report: Report;
    readonly signal: AbortSignal;
    /** @default the process's; TARS_CACHE_DIR, XDG_CACHE_HOME and what go reads */
    readonly env?: NodeJS.ProcessEnv;
}

/** By address of a manifest: the file on this machine that holds the same objects. */
export type Definitions = Readonly<Record<string, string>>;

/**
 * Fetches what is not in the cache yet: of each row one file with all its objects. Rejects with a Fault for a module that cannot be had, is not what its
 * sum says or lacks a file, and with the signal's reason when it fires.
 */
export async function ensureDefinitions(options: DefinitionOptions): Promise<Definitions> {
    const folder = join(cacheFolder(options.env), "definitions");
    const found: Record<string, string> = {};
    const missing: { readonly row: DefinitionRow; readonly file: string }[] = [];
    for (const row of options.rows) {
        const file = join(folder, `${await rowKey(row, options.schemas)}.yaml`);
        if ((await checkBinary(file)) !== "good") missing.push({ row, file });
        found[row.url] = file;
    }
    if (missing.length > 0) await fetchAll(missing, folder, options);
    return found;
}

/** Everything that decides what a row's file holds. */
async function rowKey({ module, schemas = [] }: DefinitionRow, folder: string): Promise<string> {
    const hash = createHash("sha256").update(JSON.stringify(module ?? {}));
    for (const name of schemas) hash.update(`\0${name}\0`).update(await readFile(join(folder, name)));
    return hash.digest("hex").slice(0, 16);
}

async function fetchAll(
    missing: readonly { readonly row: DefinitionRow; readonly file: string }[],
    folder: string,
    options: DefinitionOptions,
): Promise<void> {
    const progress = new Progress("fetch definitions", options.report);
    try {
        await mkdir(folder, { recursive: true });
        for (const [index, { row, file }] of missing.entries()) {
            progress.update(`${index + 1} of ${missing.length}: ${row.module?.path ?? basename(row.url)}`);
            await writeDefinitions(row, file, options);
        }
        progress.end("done", `${missing.length} fetched`);
    } catch (error) {
        progress.end("failed", options.signal.aborted ? "interrupted" : undefined);
        throw error;
    }
}

async function writeDefinitions(row: DefinitionRow, file: string, options: DefinitionOptions): Promise<void> {
    const ours = (row.schemas ?? []).map((name) => join(options.schemas, name));
    const theirs = row.module === undefined ? [] : await moduleFiles(row.module, dirname(file), options);
    const texts = await Promise.all([...theirs, ...ours].map((path) => readFile(path, "utf8")));
    const work = await mkdtemp(join(dirname(file), "work-"));
    try {
        const whole = join(work, basename(file));
        await writeFile(whole, texts.map((text) => `---\n${text.trim()}\n`).join(""));
        await removeBinary(file); // a damaged one
        await installBinary(whole, file);
    } finally {
        await rm(work, { recursive: true, force: true });
    }
}

async function moduleFiles(module: DefinitionModule, cwd: string, options: DefinitionOptions): Promise<string[]> {
    const folder = await downloadModule(module, cwd, options);
    const found = await Promise.all(module.files.map((pattern) => filesOf(folder, pattern)));
    const absent = module.files.filter((_, index) => found[index]?.length === 0);
    if (absent.length === 0) return found.flat();
    throw new Fault(
        `${module.path} ${module.version} has no ${absent.join(", no ")}`,
        "correct simulator/standins/definitions.json: files are named as they are within the module",
    );
}

/** Folder of the module in Go's own cache, which checks it against its sum again whenever it is used. */
async function downloadModule(
    { path, version, sum }: DefinitionModule,
    cwd: string,
    { env = process.env, signal }: DefinitionOptions,
): Promise<string> {
    // The sum in the table is the check; asking the public list of sums as well would need one more server.
    const settings = { ...env, GOSUMDB: "off" };
    const run = await runGo(["mod", "download", "-json", `${path}@${version}`], { cwd, env: settings, signal });
    signal.throwIfAborted();
    const said: unknown = run.stdout.trim() === "" ? {} : JSON.parse(run.stdout);
    const folder = textField(said, "Dir");
    if (run.code !== 0 || folder === undefined)
        throw new Fault(
            `the definitions in ${path} ${version} cannot be downloaded: ${textField(said, "Error") ?? run.stderr}`,
            "check the network and `go env GOPROXY`, then start again: what was downloaded is kept",
            exitCodes.prerequisite,
        );
    const received = textField(said, "Sum");
    if (received === sum) return folder;
    throw new Fault(
        `${path} ${version} has the sum ${received}, not ${sum}`,
        "what was received is not what the table of definitions names: see where `go env GOPROXY` leads before you change the sum",
        exitCodes.prerequisite,
    );
}

/** Files that a pattern names, sorted; none where there is no such file. */
async function filesOf(folder: string, pattern: string): Promise<string[]> {
    const place = join(folder, dirname(pattern));
    const escaped = basename(pattern).replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    const name = new RegExp(`^${escaped.replaceAll("*", ".*")}$`);
    const names = await readdir(place).catch(whenMissing);
    return (names ?? [])
        .filter((entry) => name.test(entry))
        .sort()
        .map((entry) => join(place, entry));
}
