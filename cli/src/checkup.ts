import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { cacheFolder, pins } from "../../simulator/engine";
import { findGo } from "../../simulator/engine/go";
import { type ExitCode, exitCodes, Fault } from "../../simulator/fault";
import { stateRoot } from "../../simulator/session/paths";
import { makePrivateDirectory, onDisk } from "../../simulator/system/files";
import { checkProgram } from "./check";

/** One thing that was looked at. */
export interface Check {
    readonly name: string;
    /** What was found, in words. */
    readonly found: string;
    readonly problem?: string;
    readonly fix?: string;
    readonly exitCode?: ExitCode;
}

/** A full toolchain build and a run's data fit into this many bytes; what is already built is taken off the need. */
const roomForBuild = pins.build.pulumi.coldBytes + pins.build["tars-host"].coldBytes;
const roomForRun = 1e9;

/** Looks at everything a run needs, and at the stack if one is named; a problem of one never hides another. */
export async function checkup(stack: string | undefined): Promise<readonly Check[]> {
    const { KUBECONFIG } = process.env; // before the stack is looked at, which hides it for as long as it takes
    const own = [
        check("node", () => `Node ${process.versions.node}`),
        check("go", () => findGo({})),
        check("cache", () => roomIn(cacheFolder(), built() ? roomForRun : roomForBuild)),
        check("state", () => roomIn(stateRoot(), roomForRun)),
        check("loopback", freePort),
    ];
    const ofStack =
        stack === undefined
            ? []
            : [
                  check(`stack ${stack}`, () => validStack(stack)),
                  check("kubeconfig", () => kubeconfigInUse(KUBECONFIG)),
              ];
    return Promise.all([...own, ...ofStack]);
}

async function check(name: string, look: () => string | Promise<string>): Promise<Check> {
    try {
        return { name, found: await look() };
    } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { name, found: "see below", problem: error.message, fix: error.fix, exitCode: error.exitCode };
    }
}

function built(): boolean {
    return fs.existsSync(path.join(cacheFolder(), "toolchain"));
}

function roomIn(folder: string, needed: number): string {
    const existed = fs.existsSync(folder);
    makePrivateDirectory(folder);
    const { bavail, bsize } = onDisk(folder, () => fs.statfsSync(folder));
    if (!existed) fs.rmdirSync(folder);
    const free = bavail * bsize;
    if (free >= needed) return `${folder} (${gigabytes(free)} free)`;
    throw new Fault(
        `${folder} has ${gigabytes(free)} free, ${gigabytes(needed)} are needed`,
        "free space there, or set TARS_CACHE_DIR and TARS_STATE_DIR to folders with room",
        exitCodes.prerequisite,
    );
}

function gigabytes(bytes: number): string {
    return `${(bytes / 1e9).toFixed(1)} GB`;
}

function freePort(): Promise<string> {
    return new Promise((resolve, reject) => {
        const server = net.createServer();
        server.on("error", (error) =>
            reject(
                new Fault(
                    `no port can be opened on 127.0.0.1: ${error.message}`,
                    "allow listening on the loopback address",
                    exitCodes.prerequisite,
                ),
            ),
        );
        server.listen(0, "127.0.0.1", () => server.close(() => resolve("free ports on 127.0.0.1")));
    });
}

async function validStack(stack: string): Promise<string> {
    const registrations = await checkProgram(stack);
    return `Pulumi.${stack}.yaml is valid: ${registrations.length} resources`;
}

/** A real cluster is reached by the user's kubeconfig; without one the stack can still run on the embedded cluster. */
function kubeconfigInUse(variable: string | undefined): Promise<string> {
    const { reachByKubeconfig }: typeof import("./reach") = require("./reach");
    return reachByKubeconfig(variable);
}
