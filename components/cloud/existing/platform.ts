import { warnOfExamples } from "../../settings/examples";
import type { Settings } from "../../settings/schema";
import { environmentRules } from "../common/rules";
import { membersOf, teamsOf } from "../common/teams";
import type { CloudPlatform, NodePools } from "../contract";
import { ExistingCluster } from "./cluster";
import { entranceOf } from "./entrance";
import { vaultOf } from "./secretStore";
import type { ClusterSettings } from "./settings";

/** The cluster as it is. It cannot tell who calls it, so example values only bring a warning. */
export function loadExisting(section: ClusterSettings, settings: Settings): CloudPlatform {
    warnOfExamples(settings);
    const { context, identity, storageClasses, monitoringNamespace, apiRanges, nodes, protection, access } = section;
    const cluster = new ExistingCluster("cluster", { context, identity });
    return {
        cluster: {
            provider: cluster.provider,
            identity: cluster.identity,
            isGuarded: (protection ?? environmentRules[settings.environment].protection) === "guarded",
            nodes: nodePools(nodes),
            pluginFolders: section.pluginFolders,
            mostNodes: nodes.general.count + (nodes.gpu?.count ?? 0),
            storageClasses,
            // Nothing that would want it is there without a store of backups.
            scratchClass: undefined,
            snapshotClass: section.snapshotClass,
            entrance: entranceOf(section, settings.edge.exposure),
            monitoringNamespace,
            apiRanges,
            secretStore: section.secretStore && vaultOf(section.secretStore),
            // Whoever gave the cluster keeps its backups, or a later part brings a store into it.
            backupStore: undefined,
            followedStore: undefined,
            scaler: undefined,
            teams: teamsOf({
                breakGlass: membersOf(access, "breakGlass"),
                developers: membersOf(access, "developers"),
                viewers: membersOf(access, "viewers"),
            }),
            loadBalancerController: undefined,
        },
        ground: undefined,
        createPostgres: undefined,
        createCache: undefined,
        createStreaming: undefined,
        createHubs: undefined,
    };
}

function nodePools({ general, gpu }: ClusterSettings["nodes"]): NodePools {
    return {
        system: undefined,
        general: { labels: general.labels, tolerations: [] },
        compute: undefined,
        memory: undefined,
        gpu: gpu && {
            labels: gpu.labels,
            tolerations: tolerationsOf(gpu.taint),
            resource: "nvidia.com/gpu",
            devicePlugin: undefined,
        },
        spot: undefined,
    };
}

function tolerationsOf(taint: string | undefined) {
    return taint === undefined ? [] : ([{ key: taint, operator: "Exists", effect: "NoSchedule" }] as const);
}
