import { guarded, type Keeping, keepBy, kept, left } from "../common/protection";

/** Kinds that hold data or that data depends on. What is not here is made again from the program, and goes with the stack. */
export const keeping = {
    bucket: kept,
    /** A bucket that stays without them is open, forgetful or unlocked. */
    bucketSettings: left,
    /** Objects and volumes are unreadable without it. */
    key: kept,
    keyAlias: left,
    /** Records outlive what they tell of. */
    logGroup: kept,
    /** A zone that is made anew gets other name servers, and the domain's owner would have to delegate again. */
    dnsZone: kept,
    /** Images are pushed again from their sources; until then nothing starts. */
    registry: guarded,
    cluster: guarded,
    /** A last snapshot is taken of it; itself it cannot stay where its network goes. */
    database: guarded,
    /** Whoever calls it knows it by a name that a new one would not have. */
    cache: guarded,
    /** Nothing else has what is in them, and itself it cannot stay where its network goes. */
    streaming: guarded,
    /** Its name changes with it: whoever has allowed or remembered the old one stands before a closed door. */
    loadBalancer: guarded,
    vpc: guarded,
    subnet: guarded,
} as const satisfies Readonly<Record<string, Keeping>>;

export type KeptKind = keyof typeof keeping;

/** Options that keep a resource of this kind, as its stack's rules say. */
export const keep = keepBy(keeping);
