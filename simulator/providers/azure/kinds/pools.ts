import { clusters } from "../../cloud/clusters";
import type { CloudKind, CloudRecord, CloudView, Subject } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, replaces, updates } from "../changes";
import { guidFrom, idAt, isWithin, parentOf } from "../ids";
import { poolName } from "../names";
import { regionOf } from "../regions";
import { apiSources, pluginSources, poolRotation } from "../sources";
import { tokens } from "../tokens";
import { addressesFor, roomIn, takenIn } from "./addresses";
import { isSystem, poolIssues, simulatedPool } from "./nodes";

export const clusterPath =
    "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerService/managedClusters/{resourceName}";
const poolPath = `${clusterPath}/agentPools/{agentPoolName}`;
export const clusterVersion = "2025-09-01";

const poolChanges = [
    replaces(pluginSources.table, "gpuInstanceProfile", "vmSize", "networkProfile.nodePublicIPTags"),
    updates(
        apiSources.kubernetes,
        ...[
            "count",
            "minCount",
            "maxCount",
            "enableAutoScaling",
            "mode",
            "nodeLabels",
            "nodeTaints",
            "orchestratorVersion",
        ],
        ...["tags", "upgradeSettings", "scaleDownMode", "workloadRuntime", "osSKU", "powerState", "securityProfile"],
    ),
    refuses(
        poolRotation,
        ...[
            "enableFIPS",
            "enableEncryptionAtHost",
            "kubeletConfig",
            "kubeletDiskType",
            "linuxOSConfig",
            "maxPods",
            "osDiskSizeGB",
        ],
        ...[
            "osDiskType",
            "podSubnetID",
            "creationData",
            "enableUltraSSD",
            "vnetSubnetID",
            "availabilityZones",
            "hostGroupID",
        ],
        ...[
            "capacityReservationGroupID",
            "scaleSetEvictionPolicy",
            "osType",
            "scaleSetPriority",
            "proximityPlacementGroupID",
        ],
        ...["spotMaxPrice", "windowsProfile", "gpuProfile", "nodePublicIPPrefixID", "enableNodePublicIP"],
    ),
];

export const pool: CloudKind = armKind({
    path: poolPath,
    apiVersion: clusterVersion,
    name: poolName,
    required: ["vmSize"],
    references: [
        { path: "vnetSubnetID", to: [tokens.subnet] },
        { path: "podSubnetID", to: [tokens.subnet] },
    ],
    changes: poolChanges,
    computed: ["provisioningState", "currentOrchestratorVersion", "nodeImageVersion", "powerState", "eTag"],
    outputs: (subject) => ({
        provisioningState: "Succeeded",
        currentOrchestratorVersion:
            textAt(subject.inputs, "orchestratorVersion") ??
            textAt(clusterOf(subject)?.outputs, "currentKubernetesVersion") ??
            "",
        nodeImageVersion: "simulated",
        powerState: { code: "Running" },
        eTag: guidFrom(subject.unique),
    }),
    check: (inputs) => poolIssues(inputs, "", undefined),
    judge: judgePool,
    keep: keepPool,
    effects: {
        created: async (subject) => {
            await place(subject);
            return {};
        },
        updated: (subject) => place(subject),
        deleted: ({ id, outputs }) =>
            clusters().removePool(textAt(outputs, "resourceName") ?? "", textAt(outputs, "agentPoolName") ?? id),
    },
});

function clusterOf({ inputs, cloud }: Subject): CloudRecord | undefined {
    return cloud.get(tokens.cluster, parentOf(idAt(poolPath, inputs)));
}

async function place(subject: Subject): Promise<void> {
    const cluster = clusterOf(subject)?.outputs ?? {};
    const region = regionOf(textAt(cluster, "location") ?? "");
    const pool = simulatedPool(subject.inputs, region, textAt(cluster, "nodeResourceGroup") ?? "");
    await clusters().setPool(textAt(subject.inputs, "resourceName") ?? "", pool);
}

function judgePool(subject: Subject): InputIssue[] {
    const cluster = clusterOf(subject)?.outputs;
    if (cluster === undefined) return [];
    const inline = Array.isArray(cluster.agentPoolProfiles) ? cluster.agentPoolProfiles : [];
    const own = textAt(subject.inputs, "agentPoolName");
    const taken = subject.id === undefined && inline.some((pool) => textAt(pool, "name") === own);
    const network = networkOf(textAt(inline[0], "vnetSubnetID"));
    const other = networkOf(textAt(subject.inputs, "vnetSubnetID"));
    return [
        ...(taken ? [{ property: "agentPoolName", reason: "is that of a pool that the cluster was made with" }] : []),
        ...(network === other
            ? []
            : [
                  {
                      property: "vnetSubnetID",
                      reason: `must be in the network of the cluster's other pools, ${network}`,
                  },
              ]),
        ...poolIssues(subject.inputs, "", textAt(cluster, "location")),
        ...subnetIssues([subject.inputs], "", cluster, subject.cloud),
    ];
}

const networkOf = (subnet: string | undefined) => subnet?.split("/subnets/")[0]?.toLowerCase();

/** Whether pools have room in their subnets, and the subnets to themselves. */
export function subnetIssues(
    pools: readonly Properties[],
    at: string,
    cluster: Properties,
    cloud: CloudView,
): InputIssue[] {
    const podsToo =
        textAt(cluster, "networkProfile.networkPluginMode") !== "overlay" &&
        textAt(cluster, "networkProfile.networkPlugin") === "azure";
    const ids = [...new Set(pools.map((pool) => textAt(pool, "vnetSubnetID")?.toLowerCase()))];
    return ids.flatMap((id) => {
        const subnet = cloud.get(tokens.subnet, id ?? "")?.outputs;
        if (id === undefined || subnet === undefined) return [];
        const property = `${at}vnetSubnetID`;
        const delegated = textAt(subnet, "delegations.serviceName");
        if (delegated !== undefined)
            return [{ property, reason: `is delegated to ${delegated}: nodes cannot be in it` }];
        const mine = pools.filter((pool) => textAt(pool, "vnetSubnetID")?.toLowerCase() === id);
        const asked = mine.reduce((sum, pool) => sum + addressesFor(pool, podsToo), 0);
        const free = roomIn(subnet) - takenIn(id, cloud);
        return asked <= free
            ? []
            : [
                  {
                      property,
                      reason: `has ${free} addresses left of the ${asked} that the pools may come to need, upgrades included`,
                  },
              ];
    });
}

/** A cluster keeps a system pool. @see https://learn.microsoft.com/azure/aks/use-system-pools */
function keepPool(record: CloudRecord, cloud: CloudView): string | undefined {
    if (!isSystem(record.outputs)) return undefined;
    const cluster = cloud.get(tokens.cluster, parentOf(record.id));
    const inline = Array.isArray(cluster?.outputs.agentPoolProfiles) ? cluster.outputs.agentPoolProfiles : [];
    const others = cloud
        .all(tokens.pool)
        .filter(({ id, outputs }) => id !== record.id && isWithin(parentOf(record.id), id) && isSystem(outputs));
    return inline.some((pool) => textAt(pool, "mode") === "System") || others.length > 0
        ? undefined
        : "it is the cluster's last system pool";
}
