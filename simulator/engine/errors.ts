/** The system's code of an error (`ENOENT`, `ESRCH`); undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
    if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
    return typeof error.code === "string" ? error.code : undefined;
}
