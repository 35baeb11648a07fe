import { createHash } from "node:crypto";

/** Changes when anything that pods read at their start changes; as an annotation it then replaces them. */
export function checksum(...parts: readonly unknown[]): string {
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
