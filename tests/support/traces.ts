import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** Running processes whose command line or working folder names `folder`, as `pid command`. */
export function processesOf(folder: string): readonly string[] {
    const listed = execFileSync("ps", ["-A", "-ww", "-o", "pid=,args="], { encoding: "utf8" });
    return listed.split("\n").filter((line) => line.includes(folder) && !line.includes(" ps -A"));
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

/** Files below `folder` that hold one of the needles, as text or as base64; each as `file: which needle`. */
export function filesHolding(folder: string, needles: Readonly<Record<string, string>>): readonly string[] {
    const searched = Object.entries(needles).flatMap(([name, value]) => [
        { name, bytes: Buffer.from(value) },
        { name: `${name} in base64`, bytes: Buffer.from(Buffer.from(value).toString("base64")) },
    ]);
    return filesBelow(folder).flatMap((file) => {
        const content = fs.readFileSync(file);
        return searched
            .filter(({ bytes }) => content.includes(bytes))
            .map(({ name }) => `${path.relative(folder, file)}: ${name}`);
    });
}

function filesBelow(folder: string): readonly string[] {
    return fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name));
}
