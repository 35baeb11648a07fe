import * as path from "node:path";
import type { StatePaths } from "./paths";

/** Files in a cluster's folder by which its owners and the host talk; the names are those of the host (simulation/wanted.go, cluster/owner.go). */
export interface ClusterFiles {
    /** Name that its simulated cloud calls it by; there is none for an embedded cluster. */
    readonly name: string;
    /** Says that the cluster stays without the session that it was started for. */
    readonly kept: string;
    /** Zones whose machines are down, a JSON list. */
    readonly lostZones: string;
    /** How many nodes each pool is meant to have in each zone, as the host decided last. */
    readonly plan: string;
    /** Log of what stands for machines and cloud. */
    readonly log: string;
    /** What a pool is to be. */
    pool(name: string): string;
}

export function clusterFiles(paths: Pick<StatePaths, "cluster">): ClusterFiles {
    const at = (...parts: string[]): string => path.join(paths.cluster, ...parts);
    return {
        name: at("name"),
        kept: at("kept"),
        lostZones: at("lost-zones.json"),
        plan: at("plan.json"),
        log: at("logs", "simulation.log"),
        pool: (name) => at("pools", `${name}.json`),
    };
}
