import colours from "picocolors";

/** Colours for standard error and standard output alike; none where NO_COLOR is set or nobody looks. */
export const colour = colours.createColors(
    !process.env.NO_COLOR && process.stdout.isTTY === true && process.stderr.isTTY === true,
);

/** `420ms`, `4.2s`, `42s`, `3m12s`, `1h05m`. */
export function duration(milliseconds: number): string {
    if (milliseconds < 1000) return `${Math.round(milliseconds)}ms`;
    if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)}s`;
    const seconds = Math.round(milliseconds / 1000);
    if (seconds < 60) return `${seconds}s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes}m${two(seconds % 60)}s`;
    return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
}

function two(value: number): string {
    return String(value).padStart(2, "0");
}

/** Rows as aligned columns, two blanks apart. */
export function table(rows: readonly (readonly string[])[]): string {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    return rows
        .map((row) =>
            row
                .map((cell, column) => cell.padEnd(widths[column] ?? 0))
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}
