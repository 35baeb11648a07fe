import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "../fault";
import { numberField, readJsonIfThere, textField } from "../system/files";
import { endProcess } from "../system/processes";
import { withoutForeign } from "./environment";
import type { StatePaths } from "./paths";

/** What an orderly stop of the whole control plane may take before it is forced, in seconds; 1 to 3 is usual. */
const stopWithinSeconds = 20;

/**
 * Stops the run's cluster, whoever started it and however far it came; does nothing when none runs. Nothing of it is left afterwards.
 *
 * @param host the host binary; by default the one that the run was started with
 */
export async function stopCluster(paths: StatePaths, host: string | undefined = recordedHost(paths)): Promise<void> {
    if (!fs.existsSync(paths.cluster)) return;
    if (host === undefined || !fs.existsSync(host)) return stopByLock(paths);
    const args = ["cluster", "stop", "--dir", paths.cluster, "--timeout", `${stopWithinSeconds}s`];
    const result = spawnSync(host, args, { encoding: "utf8", env: withoutForeign(process.env) });
    if (result.status === 0) return;
    const said = result.error?.message ?? result.stderr.trim().split("\n").at(-1);
    throw new Fault(
        `the cluster in ${paths.cluster} cannot be stopped: ${said}`,
        `end its processes by hand; its log is ${paths.clusterLog}`,
    );
}

function recordedHost(paths: StatePaths): string | undefined {
    return textField(readJsonIfThere(paths.session), "host");
}

/** Without the host binary (its cache is gone): ends the supervisor that signed the cluster's lock; its components end with it. */
async function stopByLock(paths: StatePaths): Promise<void> {
    const pid = numberField(readJsonIfThere(path.join(paths.cluster, "lock")), "pid");
    if (pid !== undefined && commandLine(pid).includes(paths.cluster)) {
        await endProcess({ pid, began: "" }, stopWithinSeconds * 1000);
    }
}

function commandLine(pid: number): string {
    const answer = spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
    return answer.stdout ?? "";
}
