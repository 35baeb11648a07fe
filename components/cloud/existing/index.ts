import type { NodePoolPlan } from "../../foundation/pools";
import { checkProof } from "../../settings/certificateChecks";
import { defineCloud } from "../../settings/cloud";
import { checkClientSecret } from "../../settings/dashboardChecks";
import { checkNoManaged } from "../../settings/dataChecks";
import { checkRecords } from "../../settings/dnsChecks";
import { refuseFailover } from "../../settings/failoverChecks";
import { checkNoFirewall } from "../../settings/firewall";
import { refuseManagedKafka } from "../../settings/managedKafkaChecks";
import { refuseManagedRedis } from "../../settings/managedRedisChecks";
import { checkNginxEntrance } from "../../settings/nginxRules";
import { checkNoStore } from "../../settings/serviceBackupsChecks";
import { checkTeams } from "../common/teams";
import type { CloudPlatform } from "../contract";
import { type ClusterSettings, clusterSettings } from "./settings";

/** A cluster that is already there, reached by a kubeconfig. */
export const existing = defineCloud({
    section: "cluster",
    schema: clusterSettings,
    // Ambient mode asks nothing of a cluster whose network chains plugins: https://istio.io/latest/docs/ambient/install/platform-prerequisites/
    meshModes: ["ambient", "sidecar"],
    hasBackupStore: false,
    pools: planPools,
    check: ({ access, entrance, secretStore }, settings, issues) => {
        checkNginxEntrance(entrance, settings, issues);
        checkTeams({ section: "cluster", access, administrators: [], identityOf: (group) => group }, issues);
        const names = { section: "cluster", zone: undefined, identities: {} };
        checkProof(names, settings, issues);
        checkRecords(names, settings, issues);
        refuseFailover(settings, "have whoever keeps your names check the health of each stack", issues);
        checkNoFirewall(settings, issues);
        const store = secretStore === undefined ? "none" : "vault";
        checkClientSecret(store, settings, issues);
        checkNoManaged(settings, issues);
        refuseManagedRedis(settings, "which the platform does not do on cloud: existing", issues);
        refuseManagedKafka(settings, "which the platform does not do on cloud: existing", issues);
        checkNoStore(settings, issues);
    },
    load: (section, settings): CloudPlatform => {
        const { loadExisting }: typeof import("./platform") = require("./platform");
        return loadExisting(section, settings);
    },
});

/** Nobody says in which zones a given cluster's nodes stand, so nothing is claimed about the loss of one. */
function planPools({ nodes: { general, gpu } }: ClusterSettings): readonly NodePoolPlan[] {
    const pools = [
        { role: "general", pool: general, gpus: 0 },
        { role: "gpu", pool: gpu, gpus: gpu?.gpus ?? 0 },
    ] as const;
    return pools.flatMap(({ role, pool, gpus }) => {
        if (pool === undefined) return [];
        const { count, cpu, memory, storage, pods } = pool;
        const nodes = { min: count, max: count };
        return [
            { key: `cluster.nodes.${role}`, role, nodes, zones: 1, allocatable: { cpu, memory, storage }, pods, gpus },
        ];
    });
}
