import { exitCodes, Fault } from "../../simulator/fault";
import { answeringCluster, type RunningCluster } from "../../simulator/session/cluster";
import { knownRuns } from "../../simulator/session/marker";
import { type StatePaths, statePaths } from "../../simulator/session/paths";
import { field, readJsonIfThere, textField } from "../../simulator/system/files";

/** The programs and the token of a running session. */
export interface RunningSession {
    /** Name of the run, as `tars status` gives it. */
    readonly run: string;
    readonly stack: string;
    readonly paths: StatePaths;
    readonly cluster: RunningCluster;
    readonly host: string;
    readonly pulumi: string;
    readonly token: string;
    /** Settings with which the engine finds the session's plugins. */
    readonly pluginEnv: Readonly<Record<string, string>>;
}

/**
 * @param name of the run; by default the one that is up
 * @throws Fault with exit code 4 when it is not up, with 3 when several are up and none is named
 */
export async function requireRunning(name: string | undefined): Promise<RunningSession> {
    const sessions = await Promise.all(knownRuns().map(runningSession));
    const up = sessions.flatMap((session) => session ?? []);
    const found = name === undefined ? up : up.filter((session) => session.run === name);
    const [only, ...others] = found;
    if (only === undefined) {
        const what = name === undefined ? "nothing is running" : `${name} is not running`;
        throw new Fault(what, "start it with: npx tars start", exitCodes.prerequisite);
    }
    if (others.length === 0) return only;
    throw new Fault(
        `several runs are up: ${found.map(({ run }) => run).join(", ")}`,
        `say which, before everything else: --stack ${only.run}`,
        exitCodes.configuration,
    );
}

async function runningSession(run: string): Promise<RunningSession | undefined> {
    const paths = statePaths(run);
    const session = readJsonIfThere(paths.session);
    const stack = textField(session, "stack");
    const host = textField(session, "host");
    const pulumi = textField(session, "pulumi");
    const token = textField(session, "token");
    if (stack === undefined || host === undefined || pulumi === undefined || token === undefined) return undefined;
    const cluster = await answeringCluster(paths);
    return cluster && { run, stack, paths, cluster, host, pulumi, token, pluginEnv: texts(field(session, "env")) };
}

function texts(value: unknown): Readonly<Record<string, string>> {
    const entries = Object.entries(Object(value));
    return Object.fromEntries(entries.flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])));
}
