import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { prepared } from "./prepared";

/** Where every server listens, and nowhere else. */
export const here = "127.0.0.1";

/** Longest wait for a server, in milliseconds: only for a failing test to end, so much longer than any takes. */
const patienceMs = 60_000;

type Variables = Readonly<Record<string, string>>;

/** What came of a program that has ended. */
export interface Ended {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** The servers and files of one test file; `end` leaves nothing of them. */
export class Scene {
    readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-drill-"));
    readonly #running: ChildProcess[] = [];
    readonly #litter: RegExp[] = [];

    /** Has files removed in the end that a server makes in /tmp, whatever it is told. */
    forget(names: RegExp): void {
        this.#litter.push(names);
    }

    /** A folder that nobody has used. */
    place(name: string): string {
        return fs.mkdtempSync(path.join(this.folder, `${name}-`));
    }

    /** Starts a server and waits until `answers` does. */
    async start(words: readonly string[], answers: () => Promise<boolean>, env: Variables = {}): Promise<ChildProcess> {
        const [command = "", ...args] = [...prepared().prefix, ...words];
        const log = path.join(this.folder, `${path.basename(words[0] ?? "")}.log`);
        const output = fs.openSync(log, "a");
        const child = spawn(command, args, {
            env: variables(env),
            cwd: this.folder,
            stdio: ["ignore", output, output],
        });
        fs.closeSync(output);
        this.#running.push(child);
        for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(50)) {
            if (child.exitCode !== null) break;
            if (await answers().catch(() => false)) return child;
        }
        throw new Error(`${words.join(" ")} does not answer:\n${fs.readFileSync(log, "utf8").slice(-2000)}`);
    }

    /** Runs a program to its end, as whoever its servers are. */
    async run(words: readonly string[], env: Variables = {}, input = ""): Promise<Ended> {
        const [command = "", ...args] = [...prepared().prefix, ...words];
        const child = spawn(command, args, { env: variables(env), cwd: this.folder, stdio: "pipe" });
        // One that ends without reading to the end says so by its code.
        child.stdin.on("error", () => undefined);
        child.stdin.end(input);
        const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
        return { code: child.exitCode, stdout, stderr };
    }

    /** The same of one that must come to a good end. */
    async mustRun(words: readonly string[], env: Variables = {}, input = ""): Promise<string> {
        const { code, stdout, stderr } = await this.run(words, env, input);
        if (code === 0) return stdout;
        throw new Error(`${words.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    }

    /** Ends a server as a machine that is lost does: it hears nothing of it. */
    async kill(child: ChildProcess): Promise<void> {
        const over = ended(child);
        child.kill("SIGKILL");
        await over;
    }

    async end(): Promise<void> {
        for (const child of this.#running.filter(
            ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
        ))
            await this.kill(child);
        const made = fs.readdirSync("/tmp").filter((name) => this.#litter.some((names) => names.test(name)));
        for (const each of [this.folder, ...made.map((name) => `/tmp/${name}`)])
            fs.rmSync(each, { recursive: true, force: true });
    }
}

function variables(env: Variables): NodeJS.ProcessEnv {
    const { PATH = "", HOME = "" } = process.env;
    return { PATH, HOME, LC_ALL: "C.UTF-8", ...env };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
    const parts: string[] = [];
    for await (const part of stream) parts.push(String(part));
    return parts.join("");
}

function ended(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => child.once("exit", () => resolve()));
}

/** Ports below those that systems give to calls, also ten thousand above, where SeaweedFS has its own calls; each worker of Jest has every eighth. */
const [first, last, step] = [12_000, 22_000, 8] as const;

const given = new Set<number>();

/** A port that nobody listens on, and no other call has been given. */
export async function freePort(): Promise<number> {
    const worker = Number(process.env.JEST_WORKER_ID ?? 1) % step;
    for (;;) {
        const port = first + step * randomInt((last - first) / step) + worker;
        if (given.has(port)) continue;
        given.add(port);
        if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
    }
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = net.createServer();
        server.once("error", () => resolve(false));
        server.listen(port, here, () => server.close(() => resolve(true)));
    });
}

export async function answersHttp(url: string): Promise<boolean> {
    return (await fetch(url)).ok;
}

/** A program of the servers' own environment. */
export function tool(name: string): string {
    return path.join(path.dirname(prepared().python), name);
}
