/** Settings as groups of settings, the way a stack file nests them. */
export type SettingsTree = { readonly [key: string]: unknown };

export function isTree(value: unknown): value is SettingsTree {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `over` laid on `under`, group by group; a list or a single value replaces what was there. */
export function merged(under: SettingsTree, over: SettingsTree): SettingsTree {
    const keys = [...new Set([...Object.keys(under), ...Object.keys(over)])];
    return Object.fromEntries(keys.map((key) => [key, key in over ? laidOn(under[key], over[key]) : under[key]]));
}

function laidOn(under: unknown, over: unknown): unknown {
    return isTree(under) && isTree(over) ? merged(under, over) : over;
}
