import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, isMap, parse, parseDocument, visit } from "yaml";
import { exitCodes, Fault } from "../fault";
import { field, readIfThere, textField } from "../system/files";
import { projectRoot } from "./paths";

/** Keys that bind a stack file to one backend's secrets. */
const secretsKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/** Path of the stack's file as the user knows it. */
export function stackFilePath(stack: string, project: string = projectRoot): string {
    return path.join(project, `Pulumi.${stack}.yaml`);
}

/**
 * The stack's file with its secrets provider taken out and `salt` put in, as YAML text.
 *
 * @throws Fault (exit code 3) when there is no such file, it is not YAML, or it holds values only its own secrets provider can read
 */
export function simulatedStackFile(stack: string, salt: string | undefined, project: string = projectRoot): string {
    const document = readStackFile(stack, project);
    refuseEncryptedValues(stack, document);
    for (const key of secretsKeys) document.delete(key);
    if (salt !== undefined) document.set("encryptionsalt", salt);
    return document.toString();
}

/** The passphrase salt in the text of a stack file, if there is one. */
export function saltOf(text: string | undefined): string | undefined {
    const salt = text === undefined ? undefined : parseDocument(text).get("encryptionsalt");
    return typeof salt === "string" ? salt : undefined;
}

/**
 * The stack's file; every reader of settings takes it from here.
 *
 * @throws Fault (exit code 3) when the name is none, there is no such file, or it is not YAML with a map of settings
 */
export function readStackFile(stack: string, project: string = projectRoot): Document {
    if (!/^[A-Za-z0-9._-]+$/.test(stack)) {
        throw new Fault(
            `"${stack}" is no stack name`,
            "use letters, digits, dot, dash and underscore: npx tars start --stack dev",
            exitCodes.configuration,
        );
    }
    const name = path.basename(stackFilePath(stack, project));
    const text = readIfThere(stackFilePath(stack, project));
    if (text === undefined) throw unknownStack(stack, project);
    const document = parseDocument(text);
    const problems = problemsOf(document);
    if (problems.length > 0) {
        throw new Fault(
            problems.map((problem) => `${name}: ${problem}`).join("\n"),
            `correct ${name}: it must be YAML with the key "config"`,
            exitCodes.configuration,
        );
    }
    return document;
}

/** The name of a project, under which its stack files keep its own settings. */
export function projectName(project: string = projectRoot): string {
    return textField(parse(fs.readFileSync(path.join(project, "Pulumi.yaml"), "utf8")), "name") ?? "";
}

/** What a stack file says that its cloud is; `existing` where it says nothing that can be read. */
export function cloudOf(stack: string): string {
    const config = field(readStackFile(stack).toJS(), "config");
    return textField(config, "tars-platform:cloud") ?? "existing";
}

function unknownStack(stack: string, project: string): Fault {
    const name = path.basename(stackFilePath(stack, project));
    const stacks = fs.readdirSync(project).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const others = stacks.length === 0 ? "" : `, or use one of: ${stacks.sort().join(", ")}`;
    return new Fault(
        `there is no stack "${stack}": no file ${name} in ${project}`,
        `make ${name}${others}`,
        exitCodes.configuration,
    );
}

function problemsOf(document: Document): readonly string[] {
    if (document.errors.length > 0) return document.errors.map(firstLine);
    if (document.contents !== null && !isMap(document.contents)) return ['must be a map with the key "config"'];
    try {
        // Only here does the parser notice an alias without its anchor.
        const config = field(document.toJS(), "config") ?? {};
        return typeof config === "object" && !Array.isArray(config) ? [] : ['"config" must be a map of settings'];
    } catch (error) {
        if (error instanceof Error) return [firstLine(error)];
        throw error;
    }
}

function firstLine(error: Error): string {
    return (error.message.split("\n", 1)[0] ?? "").replace(/:$/, "");
}

function refuseEncryptedValues(stack: string, document: Document): void {
    const found: string[] = [];
    visit(document, {
        Pair(_, pair, ancestors) {
            if (String(pair.key) !== "secure") return;
            const owner = ancestors.findLast((node) => typeof node === "object" && "key" in node);
            found.push(owner === undefined ? "secure" : String(owner.key));
        },
    });
    if (found.length === 0) return;
    throw new Fault(
        `Pulumi.${stack}.yaml holds encrypted values that only its own secrets provider can read: ${found.join(", ")}`,
        "name the secret in the cloud's store instead, or leave the key out so that it is generated",
        exitCodes.configuration,
    );
}
