import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** Running processes whose command line or, where /proc tells it, working folder names `folder`, as `pid command`. */
export function processesOf(folder: string): readonly string[] {
    const listed = execFileSync("ps", ["-A", "-ww", "-o", "pid=,args="], { encoding: "utf8" }).split("\n");
    return listed
        .map((line) => line.trim())
        .filter((line) => line !== "" && !line.includes(" ps -A"))
        .filter((line) => line.includes(folder) || link(`/proc/${pidOf(line)}/cwd`).startsWith(folder));
}

/** Number of the process that a line of `processesOf` is about. */
export function pidOf(line: string): number {
    return Number.parseInt(line, 10);
}

/**
 * Listening sockets of the processes of `folder`, as `port inode`. Only on Linux; elsewhere none is found, and that a socket ends with the processes
 * that have it is all there is to rely on.
 */
export function socketsOf(folder: string): readonly string[] {
    const open = new Set(processesOf(folder).flatMap((line) => openSockets(pidOf(line))));
    return listeningSockets().filter((socket) => open.has(socket.split(" ")[1] ?? ""));
}

function openSockets(pid: number): readonly string[] {
    const folder = `/proc/${pid}/fd`;
    return entries(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(link(path.join(folder, name)))?.[1] ?? []);
}

/** All listening TCP sockets of the machine, as `port inode`: state 0A of /proc/net/tcp (proc_pid_net(5)). */
export function listeningSockets(): readonly string[] {
    const tables = ["/proc/net/tcp", "/proc/net/tcp6"].filter((file) => fs.existsSync(file));
    const rows = tables.flatMap((file) => fs.readFileSync(file, "utf8").trim().split("\n").slice(1));
    return rows.flatMap((row) => {
        const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
        return state === "0A" ? [`${Number.parseInt(local.split(":")[1] ?? "", 16)} ${inode}`] : [];
    });
}

/** A process may end while it is looked at, and others' are closed to us: neither leads anywhere. */
function link(file: string): string {
    try {
        return fs.readlinkSync(file);
    } catch {
        return "";
    }
}

function entries(folder: string): readonly string[] {
    try {
        return fs.readdirSync(folder);
    } catch {
        return [];
    }
}

/** Waits until no process of `folder` is left, and returns those that stayed longer than the given time. */
export async function processesAfter(folder: string, waitMs: number): Promise<readonly string[]> {
    const end = Date.now() + waitMs;
    for (;;) {
        const left = processesOf(folder);
        if (left.length === 0 || Date.now() > end) return left;
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

/**
 * Files below `folder` that hold one of the values in any form that text is written in: as it is, escaped or indented (JSON, YAML, an engine's
 * differences), in base64 at any place of a longer text; each as `file: which value`.
 */
export function filesHolding(folder: string, values: Readonly<Record<string, string>>): readonly string[] {
    const searched = Object.entries(values).map(([name, value]) => ({ name, needles: needlesOf(value) }));
    return filesBelow(folder).flatMap((file) => {
        const content = unwrapped(fs.readFileSync(file, "latin1"));
        return searched
            .filter(({ needles }) => needles.some((needle) => content.includes(needle)))
            .map(({ name }) => `${path.relative(folder, file)}: ${name}`);
    });
}

/** Of several lines, one in the middle stands for all: what shows them may put a sign before each, and the first and last are anybody's. */
function needlesOf(value: string): readonly string[] {
    const lines = value.trim().split("\n");
    const text = lines[Math.floor(lines.length / 2)] ?? "";
    const encoded = [0, 1, 2].map((offset) => base64Within(text, offset));
    const urlSafe = encoded.map((code) => code.replaceAll("+", "-").replaceAll("/", "_"));
    return [unwrapped(Buffer.from(text).toString("latin1")), ...encoded, ...urlSafe];
}

/** What every base64 of a text has in common that holds `text` at a byte with this offset modulo 3: the digits that no neighbour shares. */
function base64Within(text: string, offset: number): string {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const digits = bytes.toString("base64").replace(/=+$/, "");
    return digits.slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

/** Text without what writing it down adds: line breaks and blanks, plain or escaped, and escapes of single characters. */
function unwrapped(text: string): string {
    return text
        .replace(/\\+u00([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        .replace(/\\+[nrt]|[\s\\]+/g, "");
}

function filesBelow(folder: string): readonly string[] {
    return fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
}
