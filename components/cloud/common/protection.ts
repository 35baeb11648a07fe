import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentRules } from "./rules";

/** What a stack that keeps its data does with one kind of resource. */
export interface Keeping {
    /** The engine refuses to delete or replace it until somebody takes the protection away. */
    readonly protect: boolean;
    /** When it leaves the stack after all, it stays in the cloud. */
    readonly retainOnDelete: boolean;
}

export const kept = { protect: true, retainOnDelete: true } as const satisfies Keeping;
export const guarded = { protect: true, retainOnDelete: false } as const satisfies Keeping;
export const left = { protect: false, retainOnDelete: true } as const satisfies Keeping;

/** Options that keep a resource as the table of its cloud says of its kind, where the stack's rules ask for it. */
export type Keep<Kind extends string> = (
    kind: Kind,
    rules: Pick<EnvironmentRules, "protection" | "keepsData">,
) => Required<Pick<pulumi.CustomResourceOptions, keyof Keeping>>;

export function keepBy<Kind extends string>(table: Readonly<Record<Kind, Keeping>>): Keep<Kind> {
    return (kind, { protection, keepsData }) => {
        const { protect, retainOnDelete } = table[kind];
        return { protect: protect && protection === "guarded", retainOnDelete: retainOnDelete && keepsData };
    };
}
