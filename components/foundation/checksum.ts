import { createHash } from "node:crypto";

/** Changes when anything that pods read at their start changes; as an annotation it then replaces them. */
export function checksum(...parts: readonly unknown[]): string {
    return sha256(JSON.stringify(parts));
}

/** In hexadecimal digits. */
export function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}
