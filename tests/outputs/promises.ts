/** What `promised`, a JSON schema, says and `current` does not. Anything may be added. */
export function brokenPromises(promised: unknown, current: unknown): readonly string[] {
    return compare(promised, current, "");
}

function compare(promised: unknown, current: unknown, at: string): readonly string[] {
    if (current === undefined) return [`${at} is gone`];
    if (Array.isArray(promised)) return missing(promised, Array.isArray(current) ? current : [], at);
    if (!isMap(promised) || !isMap(current)) {
        const [before, now] = [JSON.stringify(promised), JSON.stringify(current)];
        return before === now ? [] : [`${at} was ${before} and is ${now}`];
    }
    return Object.entries(promised).flatMap(([key, value]) =>
        compare(value, current[key], at === "" ? key : `${at}.${key}`),
    );
}

function missing(promised: readonly unknown[], current: readonly unknown[], at: string): readonly string[] {
    const kept = new Set(current.map((item) => JSON.stringify(item)));
    const gone = promised.map((item) => JSON.stringify(item)).filter((item) => !kept.has(item));
    return gone.map((item) => `${at} no longer holds ${item}`);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
