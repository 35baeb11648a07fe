import type { Command } from "commander";
import { answeringCluster } from "../../../simulator/session/cluster";
import { readNodes, readPods } from "../../../simulator/session/inventory";
import { apiClient } from "../../../simulator/session/kubernetes";
import { knownRuns } from "../../../simulator/session/marker";
import { statePaths } from "../../../simulator/session/paths";
import { lockOwner } from "../../../simulator/system/lock";
import { table } from "../terminal";

/** What `tars status --json` prints; fields are only ever added. */
interface Status {
    readonly version: 1;
    readonly runs: readonly RunStatus[];
}

interface RunStatus {
    readonly name: string;
    readonly running: boolean;
    readonly apiServer: string | null;
    readonly kubeconfig: string | null;
    readonly nodes: { readonly total: number; readonly ready: number };
    readonly pods: { readonly total: number; readonly ready: number };
    readonly atWork: { readonly command: string; readonly pid: number; readonly since: string } | null;
}

/** `tars status`: what is running and where. */
export function statusCommand(program: Command): void {
    program
        .command("status")
        .description("say what is running and where")
        .option("--json", "as JSON on standard output", false)
        .addHelpText("after", "\nExamples:\n  $ npx tars status\n  $ npx tars status --json")
        .action(status);
}

async function status(flags: { readonly json: boolean }): Promise<void> {
    const runs = await Promise.all(knownRuns().map(statusOf));
    const answer: Status = { version: 1, runs };
    process.stdout.write(flags.json ? `${JSON.stringify(answer, undefined, 4)}\n` : `${inWords(runs)}\n`);
}

async function statusOf(name: string): Promise<RunStatus> {
    const paths = statePaths(name);
    const owner = lockOwner(paths.lock);
    const atWork = owner === undefined ? null : { command: owner.command, pid: owner.pid, since: owner.since };
    const cluster = await answeringCluster(paths);
    const none = { total: 0, ready: 0 };
    if (cluster === undefined) {
        return { name, running: false, apiServer: null, kubeconfig: null, nodes: none, pods: none, atWork };
    }
    const api = apiClient(cluster.kubeconfig);
    const [nodes, pods] = await Promise.all([readNodes(api), readPods(api)]);
    const { apiServer, kubeconfig } = cluster;
    return { name, running: true, apiServer, kubeconfig, nodes: counted(nodes), pods: counted(pods), atWork };
}

function counted(things: readonly { readonly ready: boolean }[]): RunStatus["nodes"] {
    return { total: things.length, ready: things.filter((thing) => thing.ready).length };
}

function inWords(runs: readonly RunStatus[]): string {
    if (runs.length === 0) return "nothing has been started here; begin with: npx tars start";
    return runs.map((run) => table([[run.name, run.running ? "running" : "stopped"], ...details(run)])).join("\n\n");
}

function details({ running, apiServer, kubeconfig, nodes, pods, atWork }: RunStatus): readonly (readonly string[])[] {
    const work =
        atWork === null ? [] : [["at work", `${atWork.command} (process ${atWork.pid}, since ${atWork.since})`]];
    if (!running) return work;
    return [
        ["API server", apiServer ?? ""],
        ["kubeconfig", kubeconfig ?? ""],
        ["nodes", `${nodes.ready} of ${nodes.total} ready`],
        ["pods", `${pods.ready} of ${pods.total} ready`],
        ...work,
    ];
}
