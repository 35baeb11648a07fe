import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import type { ImageDigests } from "../foundation/imageSources";
import type { Issues } from "../foundation/issues";

/** Beside the stack file, which the program finds by its own place: the engine may run in another folder. */
const project = path.resolve(__dirname, "..", "..");

export function imageLockName(stack: string): string {
    return `images.${stack}.lock.json`;
}

/** What `tars images lock` writes. */
const lockSchema = z.strictObject({
    images: z.record(
        z.string().regex(/^[^@\s]+:[^:@/\s]+$/, { error: "must be repository:tag" }),
        z.strictObject({
            digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: "must be sha256: and 64 hexadecimal digits" }),
            registry: z.string().min(1),
            date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: "must be a day such as 2026-11-21" }),
        }),
    ),
});

export type ImageLock = z.output<typeof lockSchema>;

/** The digests that a stack's images are locked to; none where the stack has no lock file. */
export function readImageDigests(stack: string, issues: Issues, folder: string = project): ImageDigests {
    const file = path.join(folder, imageLockName(stack));
    if (!fs.existsSync(file)) return new Map();
    const lock = parseImageLock(fs.readFileSync(file, "utf8"), issues);
    return new Map(Object.entries(lock.images).map(([reference, { digest }]) => [reference, digest]));
}

export function parseImageLock(text: string, issues: Issues): ImageLock {
    const parsed = lockSchema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    for (const { path: keys, message } of parsed.error.issues) {
        issues.add(keys.map(String).join(": ") || "the file", message, "write it anew: npx tars images lock STACK");
    }
    return { images: {} };
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
