import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { parseDocument } from "yaml";
import { Fault } from "../fault";
import {
    field,
    listField,
    makePrivateDirectory,
    onDisk,
    readIfThere,
    readJsonIfThere,
    textField,
    writePrivateFile,
} from "../system/files";
import { projectRoot, type StatePaths } from "./paths";
import { stateFile } from "./recovery";
import { saltOf, simulatedStackFile } from "./stackFile";

const run = promisify(execFile);

interface PrepareOptions {
    readonly paths: StatePaths;
    readonly stack: string;
    readonly pulumi: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
}

/** Makes the run's passphrase, once; readable by the owner only. */
export function ensurePassphrase(paths: StatePaths): void {
    if (readIfThere(paths.passphrase) === undefined) {
        writePrivateFile(paths.passphrase, randomBytes(32).toString("base64"));
    }
}

/** Makes the stack in the run's backend where it is not there yet, and the project in which the engine finds it. */
export async function prepareStack(options: PrepareOptions): Promise<void> {
    const { paths, stack } = options;
    ensurePassphrase(paths);
    makePrivateDirectory(paths.backend);
    if (readIfThere(stateFile(paths, stack)) === undefined) await makeStack(options);
    writeWorkspace(paths, stack);
}

/**
 * The folder that the engine runs in: a Pulumi.yaml that leads to the user's program, and beside it a copy of the stack file, from what
 * the user's file says now. Whatever a command of the engine does to a stack file, it does to the copy.
 */
export function writeWorkspace(paths: StatePaths, stack: string): void {
    const copy = path.join(paths.workspace, `Pulumi.${stack}.yaml`);
    writeProject(paths);
    writePrivateFile(copy, simulatedStackFile(stack, saltOf(readIfThere(copy))));
}

function writeProject(paths: StatePaths): void {
    const project = parseDocument(
        onDisk(projectRoot, () => fs.readFileSync(path.join(projectRoot, "Pulumi.yaml"), "utf8")),
    );
    // Absolute, so that the program runs in its own folder with its own relative paths.
    project.set("main", path.join(projectRoot, String(project.get("main") ?? "")));
    writePrivateFile(path.join(paths.workspace, "Pulumi.yaml"), project.toString());
}

/** Namespaces that the stack made or has objects in, as its state says: ids of namespaced objects are `namespace/name`. */
export function stackNamespaces(paths: StatePaths, stack: string): ReadonlySet<string> {
    const latest = field(field(readJsonIfThere(stateFile(paths, stack)), "checkpoint"), "latest");
    const own = listField(latest, "resources").filter((resource) => field(resource, "external") !== true);
    const names = own.flatMap((resource) => {
        const type = textField(resource, "type") ?? "";
        const [namespace = "", name] = (textField(resource, "id") ?? "").split("/");
        const isNamespaced = type.startsWith("kubernetes:") && name !== undefined;
        return isNamespaced || type === "kubernetes:core/v1:Namespace" ? [namespace] : [];
    });
    return new Set(names);
}

async function makeStack({ paths, stack, pulumi, env, signal }: PrepareOptions): Promise<void> {
    onDisk(paths.workspace, () => fs.rmSync(paths.workspace, { recursive: true, force: true }));
    writeProject(paths);
    try {
        await run(pulumi, ["stack", "init", stack, "--non-interactive", "--color", "never"], {
            cwd: paths.workspace,
            env: { ...env },
            signal,
        });
    } catch (error) {
        signal.throwIfAborted();
        throw new Fault(
            `the stack ${stack} cannot be made: ${saidBy(error)}`,
            `check that ${paths.backend} can be written`,
        );
    }
}

function saidBy(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    const said = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
    return said || error.message;
}
