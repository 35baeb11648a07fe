import type { Change } from "../cloud/kind";
import type { Source } from "./sources";

/**
 * What a change of some properties does, and who says so. `refuse`: the plugin sends it as an update, which a preview shows, and
 * Azure refuses it.
 */
export interface ChangeRow {
    readonly change: Change | "refuse";
    /** Without marks of lists: `agentPoolProfiles.count`. */
    readonly paths: readonly string[];
    readonly source: Source;
}

export const replaces = (source: Source, ...paths: readonly string[]): ChangeRow => ({
    change: "replace",
    paths,
    source,
});
export const updates = (source: Source, ...paths: readonly string[]): ChangeRow => ({
    change: "update",
    paths,
    source,
});
export const refuses = (source: Source, ...paths: readonly string[]): ChangeRow => ({
    change: "refuse",
    paths,
    source,
});

/** The rows by path. Every parameter of the path of a resource replaces it (`pluginSources.path`). */
export function tableOf(rows: readonly ChangeRow[], parameters: readonly string[]): Readonly<Record<string, Change>> {
    const own = parameters.map((parameter) => [parameter, "replace"] as const);
    const others = rows.flatMap(({ change, paths }) =>
        paths.map((path) => [path, change === "replace" ? "replace" : "update"] as const),
    );
    return Object.fromEntries([...others, ...own]);
}
