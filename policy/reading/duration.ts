const seconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of a duration as Go writes it (`1h0m0s`, `90s`, `0`); undefined for any other text. */
export function durationOf(text: string): number | undefined {
    if (text === "0") return 0;
    if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
    return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
        (sum, [, amount, unit = ""]) => sum + Number(amount) * (seconds[unit] ?? 0),
        0,
    );
}
