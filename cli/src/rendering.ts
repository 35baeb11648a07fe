import * as fs from "node:fs";
import * as path from "node:path";
import { exitCodes, Fault } from "../../simulator/fault";
import { listField, onDisk, readJsonIfThere } from "../../simulator/system/files";
import { manifestsOf } from "./manifests";
import type { Registration } from "./registrations";

/** Lists what a render wrote, so that the next one replaces its own files and nobody else's. */
const markerName = ".tars-render.json";

/** A folder that a render may write to. */
export interface RenderTarget {
    readonly directory: string;
}

/**
 * @throws Fault (exit code 3) when the folder holds anything that no render wrote
 */
export function renderTarget(out: string): RenderTarget {
    const directory = fs.existsSync(out) ? fs.realpathSync(out) : path.resolve(out);
    if (!fs.existsSync(directory)) return { directory };
    if (!fs.statSync(directory).isDirectory()) throw refused(directory, "it is a file");
    const known = writtenBefore(directory);
    const foreign = filesBelow(directory).filter((file) => file !== markerName && !known.has(file));
    if (foreign.length > 0)
        throw refused(directory, `it holds ${foreign.length} files that no render wrote, such as ${foreign[0]}`);
    return { directory };
}

function refused(directory: string, why: string): Fault {
    return new Fault(
        `will not write to ${directory}: ${why}`,
        "give a new or empty folder with --out",
        exitCodes.configuration,
    );
}

function writtenBefore(directory: string): ReadonlySet<string> {
    const marker = readJsonIfThere(path.join(directory, markerName));
    return new Set(listField(marker, "files").flatMap((file) => (typeof file === "string" ? [file] : [])));
}

function filesBelow(directory: string): readonly string[] {
    return onDisk(directory, () => fs.readdirSync(directory, { recursive: true, withFileTypes: true }))
        .filter((entry) => !entry.isDirectory())
        .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
}

/**
 * Writes one YAML file a Kubernetes object and `resources.json`, all or nothing: whoever reads the folder sees the old files or the new ones.
 *
 * @returns the number of Kubernetes objects
 */
export function writeRendering({ directory }: RenderTarget, registrations: readonly Registration[]): number {
    const manifests = manifestsOf(registrations);
    const resources = registrations.map(({ urn, type, name, parent, provider, inputs }) => ({
        urn,
        type,
        name,
        parent,
        provider,
        inputs,
    }));
    const files = new Map([...manifests, ["resources.json", `${JSON.stringify(resources, undefined, 4)}\n`]]);
    const beside = `${directory}.${process.pid}.new`;
    onDisk(directory, () => {
        try {
            writeFiles(beside, new Map([...files, [markerName, markerText([...files.keys()])]]));
            replace(directory, beside);
        } finally {
            fs.rmSync(beside, { recursive: true, force: true });
        }
    });
    return manifests.size;
}

function markerText(files: readonly string[]): string {
    return `${JSON.stringify({ writtenBy: "tars render", files: [...files].sort() }, undefined, 4)}\n`;
}

function writeFiles(directory: string, files: ReadonlyMap<string, string>): void {
    for (const folder of new Set([...files.keys()].map((file) => path.dirname(path.join(directory, file))))) {
        fs.mkdirSync(folder, { recursive: true });
    }
    for (const [file, text] of files) fs.writeFileSync(path.join(directory, file), text);
}

function replace(directory: string, by: string): void {
    const old = `${directory}.${process.pid}.old`;
    const replaces = fs.existsSync(directory);
    if (replaces) fs.renameSync(directory, old);
    try {
        fs.renameSync(by, directory);
    } catch (error) {
        if (replaces) fs.renameSync(old, directory);
        throw error;
    }
    fs.rmSync(old, { recursive: true, force: true });
}
