/** Hours in each unit of Go's durations. @see https://pkg.go.dev/time#ParseDuration */
const hoursIn: Readonly<Record<string, number>> = {
    h: 1,
    m: 1 / 60,
    s: 1 / 3600,
    ms: 1 / 3_600_000,
    us: 1 / 3_600_000_000,
    µs: 1 / 3_600_000_000,
    ns: 1 / 3_600_000_000_000,
};

const part = /(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g;

/** The hours of a duration as Go writes it, such as `2160h` or `1h30m`; undefined for anything else. */
export function hoursOf(text: string): number | undefined {
    if (text.replace(part, "") !== "" || text === "") return undefined;
    return [...text.matchAll(part)].reduce(
        (sum, [, amount, unit = ""]) => sum + Number(amount) * (hoursIn[unit] ?? 0),
        0,
    );
}
