import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { whenMissing } from "../system/files";

/** What was recorded of a binary when it was built or last checked in full. */
interface BinaryRecord {
    readonly sha256: string;
    readonly size: number;
    readonly mtimeMs: number;
}

export type BinaryState = "good" | "missing" | "corrupted";

/** Builds of one program that are kept, newest use first: the one in use and two branches to go back to. */
const keptBuilds = 3;
/** No build takes so long, in milliseconds. */
const abandonedAfterMs = 6 * 3_600_000;

/** Where the project keeps what it builds: `$TARS_CACHE_DIR`, else `tars-platform` in the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
    if (env.TARS_CACHE_DIR) return resolve(env.TARS_CACHE_DIR);
    return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tars-platform");
}

/**
 * Whether a binary is there and is what was built. Size and time are enough while they are as recorded; otherwise all of it is read,
 * so that a file touched by a backup passes and one changed by a full disk or a hand does not.
 */
export async function checkBinary(path: string): Promise<BinaryState> {
    const found = await stat(path).catch(whenMissing);
    if (found === undefined) return "missing";
    const record = await readRecord(path);
    if (record === undefined || found.size !== record.size) return "corrupted";
    if (found.mtimeMs === record.mtimeMs) return "good";
    if ((await sha256(path)) !== record.sha256) return "corrupted";
    await writeRecord(path, { ...record, mtimeMs: found.mtimeMs });
    return "good";
}

/** Put a finished build in its place, whole or not at all: a crash at any moment leaves either no binary or a good one. */
export async function installBinary(built: string, path: string): Promise<void> {
    const record = { sha256: await sha256(built), size: (await stat(built)).size };
    await flush(built);
    await rename(built, path);
    await writeRecord(path, { ...record, mtimeMs: (await stat(path)).mtimeMs });
    await flush(dirname(path));
}

export async function removeBinary(path: string): Promise<void> {
    await rm(path, { force: true });
    await rm(recordPath(path), { force: true });
}

/** Mark a build as used now, and remove the builds of the same program that were not used for longest. */
export async function pruneBuilds(root: string, binary: string, used: string): Promise<void> {
    const now = new Date();
    await utimes(recordPath(used), now, now);
    const builds: { folder: string; usedMs: number }[] = [];
    for (const key of await readdir(root)) {
        const folder = join(root, key);
        const record = await stat(recordPath(join(folder, binary))).catch(whenMissing);
        if (record) builds.push({ folder, usedMs: record.mtimeMs });
        else if (key.startsWith(`${binary}-`)) await removeAbandoned(folder);
    }
    builds.sort((a, b) => b.usedMs - a.usedMs);
    for (const old of builds.slice(keptBuilds)) await rm(old.folder, { recursive: true, force: true });
}

/** A build that was killed, and whose sources have changed since, is never taken up again. */
async function removeAbandoned(folder: string): Promise<void> {
    const found = await stat(folder).catch(whenMissing);
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
}

const recordPath = (binary: string) => `${binary}.sha256.json`;

async function readRecord(binary: string): Promise<BinaryRecord | undefined> {
    const text = await readFile(recordPath(binary), "utf8").catch(whenMissing);
    if (text === undefined) return undefined;
    try {
        const record: unknown = JSON.parse(text);
        return isRecord(record) ? record : undefined;
    } catch (error) {
        // A record that does not parse says as much as a missing one: the binary cannot be trusted.
        if (error instanceof SyntaxError) return undefined;
        throw error;
    }
}

function isRecord(value: unknown): value is BinaryRecord {
    return typeof value === "object" && value !== null && "sha256" in value && "size" in value && "mtimeMs" in value;
}

async function writeRecord(binary: string, record: BinaryRecord): Promise<void> {
    const temporary = `${recordPath(binary)}.${process.pid}`;
    await mkdir(dirname(binary), { recursive: true });
    await writeFile(temporary, `${JSON.stringify(record)}\n`, { flush: true });
    await rename(temporary, recordPath(binary));
}

async function sha256(path: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    return hash.digest("hex");
}

async function flush(path: string): Promise<void> {
    const handle = await open(path, "r");
    try {
        await handle.sync();
    } finally {
        await handle.close();
    }
}
