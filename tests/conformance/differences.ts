/** A case whose expectation one of the plugins is known not to meet. The README of simulator/host/kubernetes has the same table. */
export interface Difference {
    readonly case: string;
    /** The plugin that does not meet the expectation. */
    readonly plugin: "own" | "official";
    readonly reason: string;
}

export const differences: readonly Difference[] = [
    {
        case: "an object is imported when the inputs match",
        plugin: "official",
        reason:
            "the build compared with has an empty schema, from which the official plugin takes what the inputs of an imported " +
            "object are, so it imports only the metadata; ours takes all fields but the server's own",
    },
];
