import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Fault } from "../fault";
import { destroy, tryDestroy, updateStack } from "./deploy";
import { shortName } from "./events";
import { apiClient } from "./kubernetes";
import { leftovers, objectsOfPlatform, type Thing, thingsInCloud, thingsInState } from "./leftovers";
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
    const made = thingsInState(session.paths, session.stack);
    const retained = made.filter(({ retainOnDelete }) => retainOnDelete);
    const guarded = made.filter(({ protect }) => protect).map(({ urn }) => urn);
    const named = guarded.length === 0 ? [] : await requireRefusal(session, guarded);
    if (guarded.length > 0) await release(session);
    await destroy(session);
    await requireOnly(session, retained);
    return {
        protected: guarded.map(shortName),
        refusedFor: named.map(shortName),
        retained: retained.map(({ urn }) => shortName(urn)),
    };
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
    // A given cluster has its settings under a name of their own.
    const section = cloud === "existing" ? "cluster" : cloud;
    const setting = ["--path", `tars-platform:${section}.protection`, "released"];
    const args = ["config", "set", ...setting, "--stack", stack, "--non-interactive"];
    await run(toolchain.pulumi, args, { cwd: paths.workspace, env: { ...env }, signal });
    await updateStack(session, "release");
}

/** Compares what is left with what is declared to stay: in the engine's state, in the simulated clouds and in a cluster that outlives the stack. */
async function requireOnly(session: Session, retained: readonly Thing[]): Promise<void> {
    const { paths, stack, cloud } = session;
    const isGuest = cloud === "existing";
    const problems = leftovers({
        retained,
        inState: thingsInState(paths, stack),
        inCloud: isGuest ? undefined : thingsInCloud(paths),
        inCluster: isGuest ? await objectsOfPlatform(apiClient((await session.cluster()).kubeconfig)) : [],
    });
    if (problems.length === 0) return;
    throw new Fault(
        `after its end the stack is not gone as declared:\n  ${problems.join("\n  ")}`,
        "set retainOnDelete on what is to stay, and only there",
    );
}
