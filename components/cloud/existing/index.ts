import type { NodePoolPlan } from "../../foundation/pools";
import { defineCloud } from "../../settings/cloud";
import type { CloudPlatform } from "../contract";
import { type ClusterSettings, clusterSettings } from "./settings";

/** A cluster that is already there, reached by a kubeconfig. */
export const existing = defineCloud({
    section: "cluster",
    schema: clusterSettings,
    pools: planPools,
    load: (section, settings): CloudPlatform => {
        const { loadExisting }: typeof import("./platform") = require("./platform");
        return loadExisting(section, settings);
    },
});

function planPools({ nodes: { general, gpu } }: ClusterSettings): readonly NodePoolPlan[] {
    const pools = { general, gpu };
    return (["general", "gpu"] as const).flatMap((role) => {
        const pool = pools[role];
        if (pool === undefined) return [];
        const { count, cpu, memory, storage } = pool;
        return [{ key: `cluster.nodes.${role}`, role, count, allocatable: { cpu, memory, storage } }];
    });
}
