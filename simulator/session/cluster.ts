import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import { exitCodes, Fault } from "../fault";
import { type ClusterSpec, internalCluster } from "../machines/clusters";
import { numberField, onDisk, readJsonIfThere, textField, writePrivateFile } from "../system/files";
import { isAlive } from "../system/processes";
import { stopCluster } from "./clusterStop";
import { withoutForeign } from "./environment";
import { apiClient } from "./kubernetes";
import type { StatePaths } from "./paths";

/** A cluster that answers. */
export interface RunningCluster {
    readonly apiServer: string;
    readonly kubeconfig: string;
    readonly pid: number;
}

export interface StartedCluster extends RunningCluster {
    /** True when this call began it; it then ends with this process until `keep`. */
    readonly begunHere: boolean;
    /** Lets the cluster outlive this process. */
    keep(): void;
}

interface StartOptions {
    readonly host: string;
    readonly paths: StatePaths;
    readonly signal: AbortSignal;
    /** What it looks like. @default the internal cluster */
    readonly spec?: ClusterSpec;
    /** For a cluster that a stack's state knows by its address. */
    readonly login?: ClusterLogin;
    /** Called as each component of the control plane begins and is ready. */
    readonly progress: (component: string, state: string) => void;
}

/** What a cluster of a simulated cloud has beside an embedded one: address and authority that outlast a restart, and logins with a token. */
export interface ClusterLogin {
    /** With which `aws` and `kubelogin` log callers in. */
    readonly token: string;
    /** Process without which the cluster ends, until it is kept; none for a cluster that only its starter's leash holds. */
    readonly owner?: number;
}

/** The host gives up on a start after 3 minutes (cluster.go, startTimeout); this is for one that does not even do that. */
const startWithinMs = 200_000;
/** What an orderly stop of the whole control plane may take before it is forced. */
const forceAfterMs = 20_000;

/**
 * The run's cluster if it is up and answers. Its certificates are made anew at each start, so whatever answers to them is this very cluster.
 */
export async function answeringCluster(paths: StatePaths): Promise<RunningCluster | undefined> {
    const recorded = recordedCluster(paths);
    if (recorded === undefined) return undefined;
    try {
        await apiClient(recorded.kubeconfig).get("/version");
        return recorded;
    } catch (error) {
        if (error instanceof Fault) return undefined;
        throw error;
    }
}

function recordedCluster(paths: StatePaths): RunningCluster | undefined {
    const found = readJsonIfThere(path.join(paths.cluster, "cluster.json"));
    const pid = numberField(found, "pid");
    const apiServer = textField(found, "apiServer");
    if (pid === undefined || apiServer === undefined || !isAlive({ pid, began: "" })) return undefined;
    return { pid, apiServer, kubeconfig: textField(found, "kubeconfig") ?? paths.kubeconfig };
}

/**
 * The run's cluster, started if it is not up.
 *
 * @throws Fault with the host's own words when it does not come up; the process is gone then
 */
export async function startCluster(options: StartOptions): Promise<StartedCluster> {
    const running = await answeringCluster(options.paths);
    if (running !== undefined) return { ...running, begunHere: false, keep: () => undefined };
    await stopCluster(options.paths, options.host); // one that no longer answers
    writePrivateFile(options.paths.clusterSpec, JSON.stringify(options.spec ?? internalCluster, undefined, 4));
    const child = spawnHost(options);
    const stop = (): void => {
        child.kill("SIGTERM");
    };
    options.signal.addEventListener("abort", stop, { once: true });
    try {
        const cluster = await untilReady(child, options);
        return { ...cluster, begunHere: true, keep: () => keep(child) };
    } catch (error) {
        await ended(child);
        throw error;
    } finally {
        options.signal.removeEventListener("abort", stop);
    }
}

function spawnHost({ host, paths, login }: StartOptions): ChildProcess {
    const log = onDisk(paths.clusterLog, () => fs.openSync(paths.clusterLog, "w", 0o600));
    try {
        const args = [
            "cluster",
            "run",
            "--dir",
            paths.cluster,
            "--spec",
            paths.clusterSpec,
            "--kubeconfig",
            paths.kubeconfig,
            ...(login === undefined ? [] : ["--stable"]),
            ...(login?.owner === undefined ? [] : ["--owner", String(login.owner)]),
        ];
        return spawn(host, args, {
            // Its own group: Ctrl-C in the terminal must not reach a cluster that is to stay.
            detached: true,
            env: { ...withoutForeign(process.env), ...(login && { TARS_SIMULATOR_TOKEN: login.token }) },
            stdio: ["pipe", "pipe", log],
        });
    } finally {
        fs.closeSync(log);
    }
}

async function untilReady(child: ChildProcess, options: StartOptions): Promise<RunningCluster> {
    const { stdout } = child;
    if (stdout === null) throw new Error("the cluster was started without standard output");
    const timer = setTimeout(() => child.kill("SIGTERM"), startWithinMs);
    let failure: Fault | undefined;
    child.on("error", (error) => {
        failure = new Fault(
            `cannot start ${options.host}: ${error.message}`,
            "run npx tars doctor",
            exitCodes.prerequisite,
        );
    });
    child.stdin?.on("error", () => undefined); // its exit is what counts, not that it stopped listening
    try {
        for await (const line of readline.createInterface({ input: stdout })) {
            const event = parsed(line);
            const kind = textField(event, "event");
            if (kind === "step") options.progress(textField(event, "name") ?? "", textField(event, "state") ?? "");
            if (kind === "failed") failure = startFault(textField(event, "message"), textField(event, "log"), options);
            if (kind === "ready") return readyCluster(event, options);
        }
    } finally {
        clearTimeout(timer);
    }
    options.signal.throwIfAborted();
    throw failure ?? startFault(undefined, undefined, options);
}

function parsed(line: string): unknown {
    try {
        return JSON.parse(line);
    } catch {
        return undefined; // not one of the host's events: a library's own line
    }
}

function readyCluster(event: unknown, { paths }: StartOptions): RunningCluster {
    const apiServer = textField(event, "apiServer");
    const pid = numberField(event, "pid");
    if (apiServer === undefined || pid === undefined)
        throw new Error("the cluster's ready event lacks apiServer or pid");
    return { apiServer, pid, kubeconfig: textField(event, "kubeconfig") ?? paths.kubeconfig };
}

function startFault(message: string | undefined, log: string | undefined, { paths }: StartOptions): Fault {
    const said = message ?? lastLine(paths.clusterLog) ?? "it ended without a word";
    return new Fault(
        `the cluster did not start: ${said}`,
        `see ${log ?? paths.clusterLog}; to begin with empty data: npx tars down --delete`,
    );
}

function lastLine(file: string): string | undefined {
    return fs.readFileSync(file, "utf8").trim().split("\n").at(-1) || undefined;
}

async function ended(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), forceAfterMs);
    await once(child, "exit");
    clearTimeout(force);
}

function keep(child: ChildProcess): void {
    child.stdin?.end("keep\n");
    child.stdout?.destroy();
    child.unref();
}
