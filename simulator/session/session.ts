import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type LaidOut, type LayOutOptions, layOutPlugins, type PluginChoice } from "../engine";
import type { Report } from "../engine/report";
import { ensureToolchain, type Toolchain } from "../engine/toolchain";
import { exitCodes, Fault } from "../fault";
import { field, makePrivateDirectory, readJsonIfThere, textField } from "../system/files";
import { type Lock, takeLock } from "../system/lock";
import { answeringCluster, type RunningCluster } from "./cluster";
import { stopCluster } from "./clusterStop";
import { childEnvironment } from "./environment";
import { prepareGround } from "./ground";
import { requireOwnFolder, writeSession } from "./marker";
import { projectRoot, type StatePaths, statePaths } from "./paths";
import { reasonToBeginAfresh, removeRemains, wipe } from "./recovery";
import { prepareStack } from "./stack";
import { cloudOf, readStackFile } from "./stackFile";
import { ensureStandins, writeStandins } from "./standins";
import { Stopwatch } from "./stopwatch";

export interface SessionOptions {
    readonly stack: string;
    /** Name of the run's state folder. @default the stack's name */
    readonly run?: string;
    /** As a person would type it; others see it while the session holds the lock. */
    readonly command: string;
    /** @default the official plugins where the pinned ones are installed, else the simulator's own */
    readonly plugins?: PluginChoice;
    readonly signal: AbortSignal;
    readonly report: Report;
    /** Says one line that a person should know. */
    readonly notice: (line: string) => void;
}

/** A stack's simulated run, with everything ready for the engine. Holds the run's lock until `end`. */
export interface Session {
    readonly stack: string;
    /** Name of the run's state folder, as `tars status` gives it. */
    readonly run: string;
    /** As a person would type it after npx. */
    readonly command: string;
    /** As the stack file says. */
    readonly cloud: string;
    readonly paths: StatePaths;
    readonly toolchain: Toolchain;
    readonly plugins: readonly { readonly name: string; readonly source: string }[];
    /** Environment for the engine and everything else that belongs to this run. */
    readonly env: Readonly<Record<string, string>>;
    readonly stopwatch: Stopwatch;
    readonly signal: AbortSignal;
    /** The stack's cluster: there from the start on an existing cluster, made by the stack in a cloud. @throws Fault when there is none */
    cluster(): Promise<RunningCluster>;
    /** Lets the cluster stay when the session ends. */
    keep(): void;
    /** Stops what this session began, unless it is kept, and gives the lock back. */
    end(): Promise<void>;
}

/**
 * @throws Fault for whatever a person can mend; whatever it began is stopped then
 * @throws the signal's reason when interrupted; the same holds
 */
export async function openSession(options: SessionOptions): Promise<Session> {
    readStackFile(options.stack); // a wrong name must not leave a folder behind
    requirePolicyPack();
    const paths = statePaths(runName(options));
    requireOwnFolder(paths);
    makePrivateDirectory(paths.directory);
    const lock = takeLock(paths.lock, options.command);
    try {
        // Before the toolchain, which may take minutes: down and status must know the run of a first start.
        writeSession(paths, { ...Object(readJsonIfThere(paths.session)) });
        return await openLocked(options, paths, lock);
    } catch (error) {
        lock.release();
        throw error;
    }
}

function runName({ run, stack }: SessionOptions): string {
    return run ?? stack;
}

type CloudOptions = SessionOptions & Pick<Session, "cloud">;

async function openLocked(options: SessionOptions, paths: StatePaths, lock: Lock): Promise<Session> {
    const stopwatch = new Stopwatch(options.report);
    const toolchain = await stopwatch.time("toolchain", () => ensureToolchain(options), { quiet: true });
    const definitions = await stopwatch.time("definitions", () => ensureStandins(options), { quiet: true });
    const cloud = cloudOf(options.stack);
    await recover({ ...options, cloud }, paths, toolchain);
    writeStandins(paths, options.stack, definitions);
    const token = sessionToken(paths, (await answeringCluster(paths)) !== undefined);
    // Before the cluster starts: whoever has to stop it must find the program that can.
    record(options.stack, paths, toolchain, token);
    const ground = await stopwatch.time("cluster", (progress) =>
        prepareGround({ cloud, paths, toolchain, token, signal: options.signal, progress }),
    );
    let kept = ground.wasThere;
    const end = async (): Promise<void> => {
        try {
            if (!kept) await stopCluster(paths, toolchain.host);
        } finally {
            lock.release();
        }
    };
    try {
        const { env, plugins } = await layOut({ ...options, cloud }, paths, toolchain, token);
        await prepareStack({ ...options, paths, pulumi: toolchain.pulumi, env });
        const keep = (): void => {
            ground.keep();
            kept = true;
        };
        return {
            stack: options.stack,
            run: runName(options),
            command: options.command,
            cloud,
            paths,
            toolchain,
            plugins,
            env,
            stopwatch,
            signal: options.signal,
            cluster: () => ground.cluster(),
            keep,
            end,
        };
    } catch (error) {
        if (!kept) await stopCluster(paths, toolchain.host);
        throw error;
    }
}

async function recover(options: CloudOptions, paths: StatePaths, toolchain: Toolchain): Promise<void> {
    const reason = reasonToBeginAfresh(paths, options.stack, options.cloud === "existing" ? "cluster" : "cloud");
    if (reason !== undefined) {
        options.notice(`beginning afresh: ${reason}`);
        await stopCluster(paths, toolchain.host);
        wipe(paths);
    }
    removeRemains(paths);
}

/** A new token for every cluster; while one is up, its own, so that what was started with it still works. */
export function sessionToken(paths: StatePaths, isUp: boolean): string {
    const recorded = isUp ? textField(readJsonIfThere(paths.session), "token") : undefined;
    return recorded ?? randomBytes(32).toString("hex");
}

/** @param env settings of the plugins @default what is recorded */
function record(
    stack: string,
    paths: StatePaths,
    { host, pulumi }: Toolchain,
    token: string,
    env: unknown = field(readJsonIfThere(paths.session), "env"),
): void {
    writeSession(paths, { stack, token, host, pulumi, env });
}

/**
 * A cloud's stack has its cluster, account and credentials in its providers' own settings, so a destroy needs no program to know where it is (ADR 6);
 * run with one, it deletes what is not protected before it comes upon what is.
 */
const cloudEnvironment = { KUBECONFIG: os.devNull, PULUMI_RUN_PROGRAM: "false" } as const;

async function layOut(
    { stack, cloud, plugins: choice }: Pick<CloudOptions, "stack" | "cloud" | "plugins">,
    paths: StatePaths,
    toolchain: Toolchain,
    token: string,
): Promise<Pick<Session, "env" | "plugins">> {
    makePrivateDirectory(paths.pulumiHome);
    const place = { directory: paths.plugins, pulumiHome: paths.pulumiHome, toolchain, token, cloud };
    const laidOut = await (choice === undefined ? layOutPreferred(place) : layOutPlugins({ ...place, choice }));
    // A stack of a cloud reaches its cluster as its program says, never by what lies around.
    const env = { ...laidOut.env, ...(cloud === "existing" ? {} : cloudEnvironment) };
    record(stack, paths, toolchain, token, env);
    const owner = { TARS_SIMULATOR_OWNER: String(process.pid) };
    return { env: { ...childEnvironment(paths, stack, token, env), ...owner }, plugins: laidOut.plugins };
}

async function layOutPreferred(place: Omit<LayOutOptions, "choice">): Promise<LaidOut> {
    try {
        return await layOutPlugins({ ...place, choice: { kind: "installed" } });
    } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return layOutPlugins({ ...place, choice: { kind: "own" } }); // the official ones are not all installed
    }
}

function requirePolicyPack(): void {
    if (fs.existsSync(path.join(projectRoot, "policy", "dist", "index.js"))) return;
    throw new Fault(
        "the policy pack is not compiled: policy/dist/index.js is missing",
        "run: npm run prepare",
        exitCodes.prerequisite,
    );
}
