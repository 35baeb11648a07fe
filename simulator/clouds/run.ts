import * as path from "node:path";
import { type StatePaths, statePaths } from "../session/paths";

/** What a plugin of a simulated cloud knows of the run that it belongs to. */
export interface Run {
    readonly paths: StatePaths;
    /** The host binary. */
    readonly host: string;
    readonly token: string;
    /** Process of the session, without which nothing that it has not kept may stay; undefined when the run is kept already. */
    readonly owner: number | undefined;
}

/** The run as the environment tells it: the session sets it for the engine and so for its plugins (session/environment.ts). */
export function runOfEnvironment(env: NodeJS.ProcessEnv = process.env): Run {
    const directory = required(env, "TARS_SIMULATOR_STATE");
    const owner = Number(env.TARS_SIMULATOR_OWNER);
    return {
        paths: statePaths(path.basename(directory), path.dirname(directory)),
        host: required(env, "TARS_SIMULATOR_HOST"),
        token: required(env, "TARS_SIMULATOR_TOKEN"),
        owner: owner > 0 ? owner : undefined,
    };
}

function required(env: NodeJS.ProcessEnv, name: string): string {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set: this belongs to a run of the tars-platform simulator`);
    return value;
}
