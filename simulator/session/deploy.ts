import * as path from "node:path";
import { Fault } from "../fault";
import type { RunningCluster } from "./cluster";
import { type EngineCommand, runEngine } from "./engine";
import { changeCount, type EngineOutcome } from "./events";
import { type NodeStatus, readHosts, readNodes } from "./inventory";
import { apiClient } from "./kubernetes";
import { projectRoot } from "./paths";
import { type Readiness, waitUntilReady } from "./readiness";
import { beginUpdate, endUpdate } from "./recovery";
import type { Session } from "./session";
import { stackNamespaces } from "./stack";

/** What there is once all of it is ready. */
export interface Inventory extends Readiness {
    readonly nodes: readonly NodeStatus[];
    readonly hosts: readonly string[];
}

/** What a deployment came to. */
export interface Deployment extends Inventory {
    readonly cluster: RunningCluster;
    /** Resources by what was done to them. */
    readonly changes: Readonly<Record<string, number>>;
    /** What the preview and the update did not register alike; the first preview of a stack that is not there yet knows least. */
    readonly unforeseen: readonly string[];
    readonly policyPacks: readonly string[];
    /** What stood in for charts, manifests and operators. */
    readonly standins: readonly string[];
    readonly violations: EngineOutcome["violations"];
}

/**
 * Brings the session's stack to what the program says and waits until everything is ready. The preview comes first and shows whether anything is to
 * be done: nothing is touched when a rule of the policy pack or the program itself refuses, and nothing is done twice when nothing changed.
 *
 * @throws Fault when the engine fails or not everything gets ready
 */
export async function deploy(session: Session): Promise<Deployment> {
    const plan = await previewStack(session);
    const total = Object.values(plan.changes).reduce((sum, count) => sum + count, 0);
    const outcome = changeCount(plan.changes) === 0 ? plan : await update(session, total);
    const cluster = await session.cluster();
    const inventory = await waitForPods(session);
    return {
        ...inventory,
        cluster,
        changes: outcome.changes,
        unforeseen: difference(plan.registered, outcome.registered),
        policyPacks: plan.policyPacks,
        standins: [...new Set([...plan.standins, ...outcome.standins])].sort(),
        violations: plan.violations,
    };
}

/** Waits until all that the stack's namespaces have now is ready. What an operator makes later, of a kind without a status, nobody waits for. */
export async function waitForPods(session: Session, step = "pods"): Promise<Inventory> {
    const api = apiClient((await session.cluster()).kubeconfig);
    const readiness = await session.stopwatch.time(
        step,
        (tell) =>
            waitUntilReady(api, {
                namespaces: stackNamespaces(session.paths, session.stack),
                command: session.command,
                signal: session.signal,
                progress: (ready, pods) => tell(`${ready} of ${pods} ready`),
            }),
        { done: ({ pods }) => `${pods.length} ready` },
    );
    const [nodes, hosts] = await Promise.all([readNodes(api), readHosts(api)]);
    return { ...readiness, nodes, hosts };
}

/** What is in one set only, sorted. */
function difference(one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] {
    const apart = [...one].filter((urn) => !other.has(urn));
    return [...apart, ...[...other].filter((urn) => !one.has(urn))].sort();
}

/** What the engine would do, with the policy pack on. */
export function previewStack(session: Session, step = "preview"): Promise<EngineOutcome> {
    return session.stopwatch.time(
        step,
        (tell) =>
            engine(session, "preview", [...policyArguments], ({ done, begun, current }) =>
                tell(counted(done, begun, current)),
            ),
        { done: changesInWords },
    );
}

/** Brings the stack to what changed settings say, without a look at it before. */
export function updateStack(session: Session, step: string): Promise<EngineOutcome> {
    return update(session, 0, step);
}

function update(session: Session, total: number, step = "update"): Promise<EngineOutcome> {
    const args = ["--yes", "--skip-preview", ...policyArguments];
    const work: Work = (tell) =>
        engine(session, "up", args, ({ done, begun, current }) => tell(counted(done, Math.max(total, begun), current)));
    return marked(session, "pulumi up", () => session.stopwatch.time(step, work, { done: changesInWords }));
}

/** Takes the stack's resources away, as `pulumi destroy` does. */
export function destroy(session: Session): Promise<EngineOutcome> {
    const work: Work = (tell) => destroyWith(session, ["--yes", "--skip-preview"], tell);
    return marked(session, "pulumi destroy", () => session.stopwatch.time("destroy", work, { done: changesInWords }));
}

/**
 * A destroy that is to be refused. Nothing is taken away, as it is only the preview that people see first.
 *
 * @returns why it is refused; undefined when it is not
 */
export function tryDestroy(session: Session): Promise<Fault | undefined> {
    return session.stopwatch.time(
        "destroy, to be refused",
        async (tell) => {
            try {
                await destroyWith(session, ["--preview-only"], tell);
                return undefined;
            } catch (error) {
                if (error instanceof Fault) return error;
                throw error;
            }
        },
        { done: (refusal) => (refusal === undefined ? "not refused" : "refused") },
    );
}

function destroyWith(
    session: Session,
    args: readonly string[],
    tell: (detail: string) => void,
): Promise<EngineOutcome> {
    return engine(session, "destroy", args, ({ done, begun, current }) => tell(counted(done, begun, current)));
}

type Work = (tell: (detail: string) => void) => Promise<EngineOutcome>;

/** Marks the run as within an update, so that one that dies with its engine is known for what it is. */
async function marked<T>(session: Session, command: string, work: () => Promise<T>): Promise<T> {
    beginUpdate(session.paths, command);
    try {
        return await work();
    } finally {
        endUpdate(session.paths, session.stack);
    }
}

const policyArguments = ["--policy-pack", path.join(projectRoot, "policy")] as const;

function engine(
    session: Session,
    command: EngineCommand,
    args: readonly string[],
    progress: Parameters<typeof runEngine>[0]["progress"],
): Promise<EngineOutcome> {
    const { paths, env, signal, toolchain, stack } = session;
    return runEngine({
        command,
        calledBy: session.command,
        arguments: ["--stack", stack, ...args],
        pulumi: toolchain.pulumi,
        paths,
        env,
        signal,
        progress,
    });
}

function counted(done: number, total: number, current: string): string {
    if (total === 0) return "starting the program";
    return `${done} of ${total} resources${current === "" ? "" : `, ${current}`}`;
}

function changesInWords({ changes }: EngineOutcome): string {
    const words = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
    return changeCount(changes) === 0 ? `no changes, ${changes.same ?? 0} resources` : words.join(", ");
}
