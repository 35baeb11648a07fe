import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import type { Resource } from "tars-platform-policy/judge";
import { type Document, isCollection, LineCounter, parseDocument, visit } from "yaml";
import { exitCodes, Fault } from "../../simulator/fault";
import { systemCode } from "../../simulator/system/files";

/** A Kubernetes object of a file; the line is where its document starts. */
export interface Manifest {
    readonly file: string;
    readonly line: number;
    readonly resource: Resource;
}

/** A document that cannot be read. */
export interface BrokenDocument {
    readonly file: string;
    readonly line: number;
    readonly problem: string;
}

export interface Manifests {
    readonly manifests: readonly Manifest[];
    readonly broken: readonly BrokenDocument[];
    /** Documents that are no Kubernetes objects, such as chart values. */
    readonly others: number;
    /** Given paths in which there is nothing to judge. */
    readonly empty: readonly string[];
}

/** Stands for standard input among the paths. */
const standardInput = "-";

const manifestFile = /\.(ya?ml|json)$/i;

/** Folders in which no one keeps manifests of their own, and hidden ones. */
const skippedFolder = /^(node_modules|\..+)$/;

/**
 * Read every Kubernetes object under `paths`: files, folders (with all folders below, linked ones too) and `-`. A broken document is
 * reported with its line and the rest is read all the same.
 *
 * @throws Fault (exit code 3) that names every path that is not there, or all of them where none holds anything to judge
 */
export function readManifests(paths: readonly string[]): Manifests {
    const missing = paths.filter((each) => each !== standardInput && !statOf(each));
    if (missing.length > 0) {
        throw new Fault(
            `no such file or folder: ${missing.join(", ")}`,
            "give existing files or folders, or - for standard input",
            exitCodes.configuration,
        );
    }
    const files = new Map([...new Set(paths)].map((each) => [each, filesUnder(each)]));
    const documents = [...new Set([...files.values()].flat())].flatMap(readFile);
    const judged = documents.flatMap((each) => ("other" in each ? [] : [each]));
    const empty = [...files].filter(([, below]) => !judged.some(({ file }) => below.includes(file)));
    if (judged.length === 0) throw nothingFound(paths);
    return {
        manifests: judged.flatMap((each) => ("resource" in each ? [each] : [])),
        broken: judged.flatMap((each) => ("problem" in each ? [each] : [])),
        others: documents.length - judged.length,
        empty: empty.map(([given]) => given),
    };
}

function nothingFound(paths: readonly string[]): Fault {
    return new Fault(
        `no Kubernetes object found in ${paths.map((each) => (each === standardInput ? "standard input" : each)).join(", ")}`,
        "give YAML or JSON with apiVersion and kind; in a folder, files that end in .yaml, .yml or .json",
        exitCodes.configuration,
    );
}

type Read = Manifest | BrokenDocument | { readonly other: true };

/** Every manifest file of a folder and of all below it. A folder is read once, by whatever links it is reached. */
function filesUnder(given: string): readonly string[] {
    const seen = new Set<string>();
    const under = (folder: string): readonly string[] => {
        const real = realpathSync(folder);
        if (seen.has(real)) return [];
        seen.add(real);
        return readdirSync(folder)
            .sort()
            .flatMap((name) => {
                const below = path.join(folder, name);
                if (statOf(below)?.isDirectory()) return skippedFolder.test(name) ? [] : under(below);
                return manifestFile.test(name) ? [below] : [];
            });
    };
    return given !== standardInput && statOf(given)?.isDirectory() ? under(given) : [given];
}

/** What stands at a path, links followed; nothing where a link leads nowhere or in circles. */
function statOf(file: string): Stats | undefined {
    try {
        return statSync(file, { throwIfNoEntry: false });
    } catch (error) {
        if (systemCode(error) === "ELOOP") return undefined;
        throw error;
    }
}

function readFile(file: string): readonly Read[] {
    try {
        const text = readFileSync(file === standardInput ? 0 : file, "utf8").replace(/^\uFEFF/, "");
        return split(text).flatMap(({ source, line }) => readDocument(source, { file, line }));
    } catch (error) {
        const code = systemCode(error);
        if (code === undefined) throw error;
        return [{ file, line: 1, problem: `the file cannot be read (${code})` }];
    }
}

/** The documents of a file. They are separated before they are parsed, so that an unclosed quote ends with its own document. */
function split(text: string): readonly { readonly source: string; readonly line: number }[] {
    const documents: { source: string; line: number }[] = [];
    let current: string[] = [];
    let line = 1;
    const lines = text.split(/\r?\n/);
    for (const [index, content] of lines.entries()) {
        if (/^(---|\.\.\.)(\s|$)/.test(content)) {
            documents.push({ source: current.join("\n"), line });
            // What follows the marker on its own line (a comment, a flow mapping) belongs to the document; columns stay right.
            current = [`   ${content.slice(3)}`];
            line = index + 1;
        } else current.push(content);
    }
    documents.push({ source: current.join("\n"), line });
    return documents.filter(({ source }) => !/^(\s*(#.*|%.*)?(\n|$))*$/.test(source));
}

interface Origin {
    readonly file: string;
    readonly line: number;
}

function readDocument(source: string, { file, line }: Origin): readonly Read[] {
    const lines = new LineCounter();
    // Kubernetes reads YAML 1.1 (sigs.k8s.io/yaml): `yes` is a boolean there, `<<` merges.
    const document = parseDocument(source, { version: "1.1", merge: true, lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error)
        return [{ file, line: line - 1 + lines.linePos(error.pos[0]).line, problem: withoutSource(error.message) }];
    const template = unrenderedAt(document);
    if (template !== undefined) {
        const problem = "a mapping stands where a name belongs: an unrendered template?";
        return [{ file, line: line - 1 + lines.linePos(template).line, problem }];
    }
    const first = line - 1 + lines.linePos(document.contents?.range?.[0] ?? 0).line;
    return readObject(document, { file, line: first });
}

/** Offset of a key that is itself a mapping or list, as `{{ .Values.x }}` reads without quotes; no Kubernetes object has one. */
function unrenderedAt(document: Document): number | undefined {
    let offset: number | undefined;
    visit(document, {
        Pair: (_, { key }) => {
            if (!isCollection(key)) return undefined;
            offset = key.range?.[0] ?? 0;
            return visit.BREAK;
        },
    });
    return offset;
}

function readObject(document: Document, origin: Origin): readonly Read[] {
    try {
        // Through JSON, because Kubernetes objects are JSON: dates become text, and an alias to its own parent is refused.
        const object: unknown = JSON.parse(JSON.stringify(document.toJS()) ?? "null");
        return (Array.isArray(object) ? object : [object]).map((each, index) => toManifest(each, origin, index));
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        return [{ ...origin, problem: withoutSource(error.message) || "cannot be read" }];
    }
}

/** The parser quotes the document after a colon, as in `extra characters: |hunter2`, and a secret may stand there. */
function withoutSource(message: string): string {
    return (message.split("\n", 1)[0] ?? "").replace(/(\S): .*$/, "$1");
}

function toManifest(object: unknown, origin: Origin, index: number): Read {
    const { apiVersion, kind, name } = identify(object);
    if (apiVersion === "" || kind === "") return { other: true };
    const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
    const urn = `${origin.file}:${origin.line}${index > 0 ? `#${index}` : ""}`;
    return { ...origin, resource: { urn, type, name, inputs: object, origin: "manifest" } };
}

function identify(object: unknown): { readonly apiVersion: string; readonly kind: string; readonly name: string } {
    const { apiVersion, kind, metadata } = fields(object);
    const { name, generateName } = fields(metadata);
    return { apiVersion: text(apiVersion), kind: text(kind), name: text(name) || text(generateName) };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(value: unknown): string {
    return typeof value === "string" ? value : "";
}
