import { DiskEncryptionSet } from "@pulumi/azure-native/compute";
import { MaintenanceConfiguration, ManagedCluster } from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { clusterArgs } from "./clusterArgs";
import { createClusterIdentities } from "./clusterIdentities";
import type { ClusterArgs } from "./clusterPlan";
import { sendLogs } from "./logs";
import { createPool } from "./pools";
import { keep } from "./protection";
import type { Secrets } from "./secrets";
import { placeOf, type Site } from "./site";
import { asStated } from "./stated";

/** The cluster on AKS with its pools of nodes. */
export class Cluster extends TarsComponent {
    readonly cluster: ManagedCluster;
    /** What stands before the first object in the cluster: nodes, and the right of whoever deploys. */
    readonly ready: readonly pulumi.Resource[];

    constructor(
        name: string,
        args: ClusterArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Cluster", name, opts);
        const child = { parent: this, provider: opts.provider };
        this.cluster = createCluster(name, args, child);
        const { site, network, kubernetesVersion } = args;
        const place = { site, subnet: network.subnets.nodes, kubernetesVersion };
        const beside = args.pools.filter(({ role }) => role !== "system");
        this.ready = beside.map((plan) => createPool(`${name}-pool`, this.cluster, { place, plan }, child));
        createMaintenance(name, args, this.cluster, child);
        sendLogs(name, args.logs, { id: this.cluster.id, logs: controlPlaneLogs(args) }, child);
        this.registerOutputs({ cluster: this.cluster.id });
    }
}

function createCluster(name: string, args: ClusterArgs, child: ChildOptions): ManagedCluster {
    const { secrets, site } = args;
    const disks = createDiskEncryption(`${name}-disks`, site, secrets, child);
    const identities = createClusterIdentities(name, { ...args, disks }, child);
    const stated = clusterArgs({ ...args, disks }, identities);
    return new ManagedCluster(`${name}-cluster`, stated, {
        ...child,
        ...asStated({ securityProfile: stated.securityProfile }),
        ...keep("cluster", site.rules),
        dependsOn: [...identities.rights],
        // How many system nodes there are is the scaler's.
        ignoreChanges: ["agentPoolProfiles[0].count"],
    });
}

/**
 * Every category of the control plane, and one of the two that have the audit: `kube-audit` has all of it, `kube-audit-admin` all but `get`
 * and `list`, which are most. Both together would keep, and cost, every other record twice.
 *
 * @see https://learn.microsoft.com/azure/aks/monitor-aks#aks-control-plane-resource-logs
 * @see https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
 */
function controlPlaneLogs({ auditReads }: ClusterArgs) {
    const categories = [
        "kube-apiserver",
        auditReads ? "kube-audit" : "kube-audit-admin",
        "guard",
        "kube-controller-manager",
        "kube-scheduler",
        "cluster-autoscaler",
        "cloud-controller-manager",
        "csi-azuredisk-controller",
        "csi-azurefile-controller",
        "csi-snapshot-controller",
    ];
    return categories.map((category) => ({ category }));
}

/** Names that AKS has for what a window is about: new versions of the cluster, and new images of its nodes. */
const maintained = ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"] as const;

function createMaintenance(
    name: string,
    { site, maintenance: { day, startTime, hours } }: ClusterArgs,
    cluster: ManagedCluster,
    child: ChildOptions,
): void {
    for (const configName of maintained) {
        new MaintenanceConfiguration(
            `${name}-${configName}`,
            {
                resourceGroupName: site.group.name,
                resourceName: cluster.name,
                configName,
                maintenanceWindow: {
                    schedule: { weekly: { dayOfWeek: day, intervalWeeks: 1 } },
                    startTime,
                    utcOffset: "+00:00",
                    durationHours: hours,
                },
            },
            child,
        );
    }
}

/** What encrypts the disks of nodes and volumes: with the platform's key, and after its rotation with the new one. */
function createDiskEncryption(name: string, site: Site, secrets: Secrets, child: ChildOptions) {
    const { key, vault, encryption } = secrets;
    return new DiskEncryptionSet(
        name,
        {
            ...placeOf(site),
            diskEncryptionSetName: site.naming("diskEncryptionSet", "disks"),
            encryptionType: "EncryptionAtRestWithCustomerKey",
            activeKey: { keyUrl: key.keyUriWithVersion, sourceVault: { id: vault.id } },
            identity: { type: "UserAssigned", userAssignedIdentities: [encryption.id] },
            rotationToLatestKeyVersionEnabled: true,
        },
        { ...child, ...keep("diskEncryption", site.rules) },
    );
}
