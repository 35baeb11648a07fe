import type { Environment } from "../../settings/sizing";
import type { Gpus } from "../machines";

/** What an environment asks of its stack, whatever the cloud. */
export interface EnvironmentRules {
    /** Guarded: the engine refuses to delete what holds data, and the cloud does so where it can. A stack file can say otherwise. */
    readonly protection: "guarded" | "released";
    /** Whether data, keys and logs stay when the stack is destroyed, and volumes when their claim is deleted. */
    readonly keepsData: boolean;
    /** Whether backups must have a copy in another region: one that is lost takes its data and their backups with it. */
    readonly copiesBackups: boolean;
    /** Shortest prefix, that is the widest range, that may call a public API server. Ours: a /24 is one office or one NAT range. */
    readonly shortestAllowedPrefix: number;
}

export const environmentRules = {
    dev: { protection: "released", keepsData: false, copiesBackups: false, shortestAllowedPrefix: 16 },
    staging: { protection: "released", keepsData: false, copiesBackups: false, shortestAllowedPrefix: 16 },
    production: { protection: "guarded", keepsData: true, copiesBackups: true, shortestAllowedPrefix: 24 },
} as const satisfies Readonly<Record<Environment, EnvironmentRules>>;

/** Slices that the GPUs of a cloud's machines can be cut into, by model. A model that is not here has none. */
export type MigProfiles = Readonly<Partial<Record<Gpus["model"], readonly string[]>>>;
