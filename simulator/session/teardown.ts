import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { Fault } from "../fault";
import { field, listField, onDisk, readJsonIfThere, textField } from "../system/files";
import { destroy, tryDestroy, updateStack } from "./deploy";
import { shortName } from "./events";
import type { StatePaths } from "./paths";
import { stateFile } from "./recovery";
import type { Session } from "./session";

const run = promisify(execFile);

/** What taking a stack away came to; resources as `type name`. */
export interface Teardown {
    readonly protected: readonly string[];
    /** Those of them that the engine named when it refused the first destroy. */
    readonly refusedFor: readonly string[];
    /** What stays on purpose. */
    readonly retained: readonly string[];
}

/**
 * Takes a stack away as its owner would have to. One with protected resources is first destroyed in vain, then released with the setting that its
 * cloud has for it, which also takes the cloud's own protection away.
 *
 * @throws Fault when protection does not protect, or when what stays is not what the program declares to stay
 */
export async function takeStackAway(session: Session): Promise<Teardown> {
    const resources = listField(latestState(session), "resources");
    const urnsWith = (mark: string): readonly string[] =>
        resources.flatMap((resource) => (field(resource, mark) === true ? (textField(resource, "urn") ?? []) : []));
    const [guarded, retained] = [urnsWith("protect"), urnsWith("retainOnDelete")];
    const named = guarded.length === 0 ? [] : await requireRefusal(session, guarded);
    if (guarded.length > 0) await release(session);
    await destroy(session);
    requireOnly(session.paths, retained);
    return { protected: guarded.map(shortName), refusedFor: named.map(shortName), retained: retained.map(shortName) };
}

function latestState({ paths, stack }: Session): unknown {
    return field(field(readJsonIfThere(stateFile(paths, stack)), "checkpoint"), "latest");
}

/** The engine names them one by one as it comes to them, not all at once. */
async function requireRefusal(session: Session, guarded: readonly string[]): Promise<readonly string[]> {
    const refusal = await tryDestroy(session);
    if (refusal === undefined)
        throw new Fault(
            `${session.stack} has ${guarded.length} protected resources and could be destroyed all the same`,
            "see which resources the program protects: pulumi.ResourceOptions.protect",
        );
    const named = guarded.filter((urn) => refusal.message.includes(`"${urn}" cannot be deleted`));
    if (named.length === 0) throw refusal; // refused for something else
    return named;
}

/** As docs/azure.md and docs/aws.md tell it, on the run's copy of the stack file. */
async function release(session: Session): Promise<void> {
    const { toolchain, paths, env, stack, signal, cloud } = session;
    const setting = ["--path", `tars-platform:${cloud}.protection`, "released"];
    const args = ["config", "set", ...setting, "--stack", stack, "--non-interactive"];
    await run(toolchain.pulumi, args, { cwd: paths.workspace, env: { ...env }, signal });
    await updateStack(session, "release");
}

/** Compares what is left in the simulated clouds with what is declared to stay. */
function requireOnly(paths: StatePaths, retained: readonly string[]): void {
    const left = cloudRecords(paths);
    const problems = [
        ...left.filter((urn) => !retained.includes(urn)).map((urn) => `${shortName(urn)} was left behind`),
        ...(fs.existsSync(paths.clouds)
            ? retained
                  .filter((urn) => !left.includes(urn) && isInCloud(urn))
                  .map((urn) => `${shortName(urn)} was to stay and is gone`)
            : []),
    ];
    if (problems.length === 0) return;
    throw new Fault(
        `after its end the stack's cloud is not as declared:\n  ${problems.join("\n  ")}`,
        "set retainOnDelete on what is to stay, and only there",
    );
}

/** Only what a simulated cloud holds can be looked for in it. */
function isInCloud(urn: string): boolean {
    return /^(aws|azure-native):/.test(urn.split("::")[2]?.split("$").at(-1) ?? "");
}

/** URNs of all that is in the simulated clouds (simulator/providers/cloud/store.ts). */
function cloudRecords({ clouds }: StatePaths): readonly string[] {
    const names = onDisk(clouds, () => (fs.existsSync(clouds) ? fs.readdirSync(clouds) : []));
    return names
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => listField(readJsonIfThere(path.join(clouds, name)), "resources"))
        .flatMap((record) => textField(record, "urn") ?? []);
}
