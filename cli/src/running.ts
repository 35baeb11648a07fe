import { exitCodes, Fault } from "../../simulator/fault";
import { answeringCluster, type RunningCluster } from "../../simulator/session/cluster";
import { type StatePaths, statePaths } from "../../simulator/session/paths";
import { field, readJsonIfThere, textField } from "../../simulator/system/files";

/** The programs and the token of a running session. */
export interface RunningSession {
    readonly paths: StatePaths;
    readonly cluster: RunningCluster;
    readonly host: string;
    readonly pulumi: string;
    readonly token: string;
    /** Settings with which the engine finds the session's plugins. */
    readonly pluginEnv: Readonly<Record<string, string>>;
}

/** @throws Fault (exit code 4) when the stack's cluster is not up */
export async function requireRunning(stack: string): Promise<RunningSession> {
    const paths = statePaths(stack);
    const cluster = await answeringCluster(paths);
    const session = readJsonIfThere(paths.session);
    const host = textField(session, "host");
    const pulumi = textField(session, "pulumi");
    const token = textField(session, "token");
    if (cluster === undefined || host === undefined || pulumi === undefined || token === undefined) {
        throw new Fault(`the stack ${stack} is not running`, "start it with: npx tars start", exitCodes.prerequisite);
    }
    return { paths, cluster, host, pulumi, token, pluginEnv: texts(field(session, "env")) };
}

function texts(value: unknown): Readonly<Record<string, string>> {
    const entries = Object.entries(Object(value));
    return Object.fromEntries(entries.flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])));
}
