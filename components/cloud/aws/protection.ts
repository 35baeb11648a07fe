import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentRules } from "../common/rules";

/** What a stack that keeps its data does with one kind of resource. */
interface Keeping {
    /** The engine refuses to delete or replace it until somebody takes the protection away. */
    readonly protect: boolean;
    /** When it leaves the stack after all, it stays in AWS. */
    readonly retainOnDelete: boolean;
}

const kept = { protect: true, retainOnDelete: true } as const satisfies Keeping;
const guarded = { protect: true, retainOnDelete: false } as const satisfies Keeping;
const left = { protect: false, retainOnDelete: true } as const satisfies Keeping;

/** Kinds that hold data or that data depends on. What is not here is made again from the program, and goes with the stack. */
export const keeping = {
    bucket: kept,
    /** A bucket that stays without them is open, forgetful or unlocked. */
    bucketSettings: left,
    /** Objects and volumes are unreadable without it. */
    key: kept,
    keyAlias: left,
    /** Records outlive what they tell of. */
    logGroup: left,
    /** A zone that is made anew gets other name servers, and the domain's owner would have to delegate again. */
    dnsZone: kept,
    /** Images are pushed again from their sources; until then nothing starts. */
    registry: guarded,
    cluster: guarded,
    vpc: guarded,
    subnet: guarded,
} as const satisfies Readonly<Record<string, Keeping>>;

export type KeptKind = keyof typeof keeping;

/** Options that keep a resource of this kind, as its stack's rules say. */
export function keep(
    kind: KeptKind,
    { protection, keepsData }: Pick<EnvironmentRules, "protection" | "keepsData">,
): Pick<pulumi.CustomResourceOptions, "protect" | "retainOnDelete"> {
    const { protect, retainOnDelete } = keeping[kind];
    return { protect: protect && protection === "guarded", retainOnDelete: retainOnDelete && keepsData };
}
