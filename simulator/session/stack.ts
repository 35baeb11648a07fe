import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { parseDocument } from "yaml";
import { exitCodes, Fault } from "../fault";
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
import { readStackFile, saltOf, simulatedStackFile } from "./stackFile";

const run = promisify(execFile);

interface PrepareOptions {
    readonly paths: StatePaths;
    readonly stack: string;
    readonly pulumi: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
}

/** A Pulumi project that the engine works on in a run. */
export interface EngineProject {
    readonly name: string;
    /** Folder with its Pulumi.yaml and stack files. */
    readonly folder: string;
    /** Folder that the engine runs in instead. */
    readonly workspace: string;
}

const ownName = "tars-platform";

/** The platform itself: the project that a run is for. */
export function ownProject(paths: StatePaths): EngineProject {
    return { name: ownName, folder: projectRoot, workspace: paths.workspace };
}

/**
 * Another project beside the platform, on the run's backend and cluster.
 *
 * @throws Fault (exit code 3) when the folder holds no project, or the platform's own
 */
export function projectBeside(paths: StatePaths, directory: string): EngineProject {
    const folder = path.resolve(directory);
    const text = readIfThere(path.join(folder, "Pulumi.yaml"));
    const name = text === undefined ? undefined : textField(parseDocument(text).toJS(), "name");
    if (name === undefined || !/^[A-Za-z0-9._-]+$/.test(name) || name === ownName)
        throw new Fault(
            name === ownName
                ? `${folder} holds the platform itself`
                : `${folder} holds no Pulumi project: no Pulumi.yaml with a name`,
            "give the folder of another project with --project, such as examples/team-app",
            exitCodes.configuration,
        );
    return { name, folder, workspace: path.join(paths.workspace, name) };
}

/** Makes the run's passphrase, once; readable by the owner only. */
export function ensurePassphrase(paths: StatePaths): void {
    if (readIfThere(paths.passphrase) === undefined) {
        writePrivateFile(paths.passphrase, randomBytes(32).toString("base64"));
    }
}

/** Makes the stack in the run's backend where it is not there yet, and the project in which the engine finds it. */
export async function prepareStack(options: PrepareOptions, project = ownProject(options.paths)): Promise<void> {
    const { paths, stack } = options;
    readStackFile(stack, project.folder); // a wrong name must not leave a stack behind
    ensurePassphrase(paths);
    makePrivateDirectory(paths.backend);
    if (readIfThere(stateFile(paths, stack, project.name)) === undefined) await makeStack(options, project);
    writeWorkspace(project, stack);
}

/**
 * The folder that the engine runs in: a Pulumi.yaml that leads to the user's program, and beside it a copy of the stack file, from what
 * the user's file says now. Whatever a command of the engine does to a stack file, it does to the copy.
 */
export function writeWorkspace({ folder, workspace }: EngineProject, stack: string): void {
    const copy = path.join(workspace, `Pulumi.${stack}.yaml`);
    const text = simulatedStackFile(stack, saltOf(readIfThere(copy)), folder);
    writeProject({ folder, workspace });
    writePrivateFile(copy, text);
}

function writeProject({ folder, workspace }: Pick<EngineProject, "folder" | "workspace">): void {
    const project = parseDocument(onDisk(folder, () => fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8")));
    // Absolute, so that the program runs in its own folder with its own relative paths.
    project.set("main", path.join(folder, String(project.get("main") ?? "")));
    writePrivateFile(path.join(workspace, "Pulumi.yaml"), project.toString());
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

async function makeStack({ paths, stack, pulumi, env, signal }: PrepareOptions, project: EngineProject): Promise<void> {
    const { workspace } = project;
    onDisk(workspace, () => fs.rmSync(workspace, { recursive: true, force: true }));
    writeProject(project);
    try {
        await run(pulumi, ["stack", "init", stack, "--non-interactive", "--color", "never"], {
            cwd: workspace,
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
