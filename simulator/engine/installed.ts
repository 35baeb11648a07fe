import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { pins } from "./pinned";

export interface InstalledPulumi {
    readonly path: string;
    /** Without the leading `v`. */
    readonly version: string;
}

/** How long a `pulumi version` may take before the program is taken for something else, in milliseconds. */
const patienceMs = 20_000;

/**
 * The first `pulumi` on PATH that can run the project: same major and at least the minor that the project is pinned to. One that lies
 * in `ownCache` is the project's own build and does not count.
 */
export async function findInstalledPulumi(
    env: NodeJS.ProcessEnv,
    ownCache: string,
): Promise<InstalledPulumi | undefined> {
    for (const folder of (env.PATH ?? "").split(delimiter).filter(Boolean)) {
        const path = await executable(join(folder, "pulumi"));
        if (path === undefined || path.startsWith(ownCache)) continue;
        const version = await readVersion(path, env);
        if (version !== undefined && isSuitable(version)) return { path, version };
    }
    return undefined;
}

async function executable(path: string): Promise<string | undefined> {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) return undefined;
    return access(real, constants.X_OK).then(
        () => real,
        () => undefined,
    );
}

async function readVersion(path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
    const run = promisify(execFile)(path, ["version"], {
        env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
        timeout: patienceMs,
    });
    // Whatever does not answer with a version is not a Pulumi CLI to use.
    const output = await run.then(
        ({ stdout }) => stdout,
        () => "",
    );
    return /^v?(\d+\.\d+\.\d+)/.exec(output.trim())?.[1];
}

/** Whether a CLI version is of the pinned major and at least the pinned minor. */
export function isSuitable(version: string): boolean {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const [pinnedMajor = 0, pinnedMinor = 0] = pins.pulumi.split(".").map(Number);
    return major === pinnedMajor && minor >= pinnedMinor;
}
