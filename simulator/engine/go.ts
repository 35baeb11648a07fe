import { createInterface } from "node:readline";
import { exitCodes, Fault } from "../fault";
import { type LeashOptions, spawnOnLeash } from "./leash";
import { pins } from "./pinned";

/** Environment of every call of go: the go that is there, never another one that it would download, and no C compiler. */
export const goEnv = {
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    CGO_ENABLED: "0",
} as const;

export interface GoRun {
    readonly code: number;
    readonly stopped: boolean;
    readonly stdout: string;
    /** Everything go printed on standard error, for the message of a failure. */
    readonly stderr: string;
}

/** Run go on a leash and collect what it prints; `onLine` gets each line of standard error as it comes. */
export async function runGo(
    args: readonly string[],
    options: LeashOptions & { readonly onLine?: (line: string) => void },
): Promise<GoRun> {
    const env = { ...(options.env ?? process.env), ...goEnv };
    const go = spawnOnLeash("go", args, { ...options, env, output: "pipe", graceMs: 2_000 });
    const stdout: string[] = [];
    const stderr: string[] = [];
    go.stdout?.setEncoding("utf8").on("data", (text: string) => stdout.push(text));
    if (go.stderr) {
        createInterface({ input: go.stderr }).on("line", (line) => {
            stderr.push(line);
            options.onLine?.(line);
        });
    }
    const ended = await go.ended;
    return { ...ended, stdout: stdout.join(""), stderr: stderr.join("\n") };
}

/** What `go version` says, e.g. `go version go1.26.8 linux/amd64`; a Fault when there is no go or it is too old. */
export async function findGo(options: LeashOptions): Promise<string> {
    const needed = `Go ${pins.go.minimum} or newer`;
    const fix = `install ${needed} (https://go.dev/dl/) and make sure that \`go version\` works in this shell`;
    const run = await runGo(["version"], options);
    options.signal?.throwIfAborted();
    if (run.code === 127)
        throw new Fault(`${needed} is needed, and there is no go on PATH`, fix, exitCodes.prerequisite);
    const version = run.stdout.trim();
    const found = /\bgo(\d+)\.(\d+)/.exec(version);
    if (run.code !== 0 || !found) {
        throw new Fault(
            `${needed} is needed, and go does not run: ${run.stderr || version}`,
            fix,
            exitCodes.prerequisite,
        );
    }
    if (!atLeast([Number(found[1]), Number(found[2])], pins.go.minimum)) {
        const have = `${found[1]}.${found[2]}`;
        throw new Fault(`${needed} is needed, and the go on PATH is ${have}`, fix, exitCodes.prerequisite);
    }
    return version;
}

function atLeast([major, minor]: readonly [number, number], minimum: string): boolean {
    const [needMajor = 0, needMinor = 0] = minimum.split(".").map(Number);
    return major > needMajor || (major === needMajor && minor >= needMinor);
}

/** The Fault for a build that failed: what a person can act on first, else the end of what go printed. */
export function explainFailure(what: string, output: string): Fault {
    if (/no space left on device|ENOSPC|disk quota exceeded/i.test(output)) return diskFull(what);
    if (
        /dial tcp|no such host|TLS handshake|proxyconnect|i\/o timeout|connection refused|502 Bad Gateway/i.test(output)
    ) {
        return new Fault(
            `cannot download the Go modules of ${what}: ${lastLines(output, 2)}`,
            "check the network and `go env GOPROXY`, then start again: what was downloaded is kept",
            exitCodes.prerequisite,
        );
    }
    const fix = "the lines above are the compiler's; with a clean clone of the project please report them";
    return new Fault(`building ${what} failed:\n${lastLines(output, 20)}`, fix);
}

/** @param needed - bytes, when the build was not even begun */
export function diskFull(what: string, folder?: string, needed?: number, free?: number): Fault {
    const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
    const detail =
        needed === undefined || free === undefined
            ? "the disk is full"
            : `it needs about ${gigabytes(needed)}, and ${gigabytes(free)} are free in ${folder}`;
    return new Fault(
        `building ${what}: ${detail}`,
        "free some room (`go clean -cache` empties Go's build cache) or point TARS_CACHE_DIR, GOCACHE and GOMODCACHE at a larger disk",
        exitCodes.prerequisite,
    );
}

function lastLines(text: string, count: number): string {
    return text
        .split("\n")
        .filter((line) => line.trim() !== "")
        .slice(-count)
        .join("\n");
}
