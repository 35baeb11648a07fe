import { type Case, mig } from "./case";

export const onAzure: readonly Case[] = [
    ["a subscription that is no GUID", { "azure.subscription": "production" }, "azure.subscription: must be"],
    [
        "nobody to administer the cluster",
        { "azure.adminGroups": [] },
        "azure.adminGroups: must be at least 1 entries long",
    ],
    [
        "a region as people write it",
        { "azure.region": "West Europe" },
        "azure.region: must be a region as Azure writes it",
    ],
    [
        "a zone that Azure does not have",
        { "azure.zones": ["1", "2", "4"] },
        'azure.zones.2: must be "1" or "2" or "3", got "4"',
    ],
    [
        "pods that overlap the network",
        { "azure.network.podCidr": "10.20.0.0/16" },
        "azure.network.podCidr: 10.20.0.0/16 shares 10.20.0.0/16 with azure.network.cidr",
    ],
    [
        "services that overlap the pods",
        { "azure.network.serviceCidr": "10.0.0.0/16" },
        "azure.network.serviceCidr: 10.0.0.0/16 shares 10.0.0.0/16 with azure.network.podCidr",
    ],
    [
        "pods without room for their nodes",
        { "azure.network.podCidr": "10.0.0.0/20" },
        "azure.network.podCidr: 10.0.0.0/20 has room for 16 nodes",
    ],
    [
        "a network without room for its subnets",
        { "azure.network.cidr": "10.20.0.0/23" },
        "azure.network.cidr: has 512 addresses, but its subnets take",
    ],
    ["a service range out of bounds", { "azure.network.serviceCidr": "172.16.0.0/11" }, "azure.network.serviceCidr: "],
    [
        "a joined network that overlaps this one",
        { "azure.network.joined": ["10.20.4.0/22"] },
        "shares 10.20.4.0/22 with azure.network.joined.0",
    ],
    [
        "a joined network that overlaps the pods",
        { "azure.network.joined": ["10.1.0.0/16"] },
        "azure.network.podCidr: 10.0.0.0/14 shares 10.1.0.0/16 with azure.network.joined.0",
    ],
    [
        "a quota below what its pools need",
        { "azure.coreQuota": { regular: 100, spot: 240 } },
        "azure.coreQuota.regular: is 100, but the pools at their maximum with the nodes of an upgrade take",
    ],
    [
        "a quota of spot cores that is too small",
        { "azure.coreQuota": { regular: 800 } },
        "azure.coreQuota.spot: is 0, but the pools",
    ],
    [
        "a firewall in the network itself",
        { "azure.network.egress": { kind: "firewall", nextHop: "10.20.0.4" } },
        "azure.network.egress.nextHop: 10.20.0.4 is in this network",
    ],
    [
        "a firewall without an address",
        { "azure.network.egress": { kind: "firewall" } },
        "azure.network.egress.nextHop: is missing",
    ],
    [
        "system nodes that AKS refuses",
        { "azure.pools.system.machine": "Standard_B8s_v2" },
        "azure.pools.system.machine: Standard_B8s_v2 is burstable",
    ],
    [
        "no system node",
        { "azure.pools.system.nodes": { min: 0 } },
        "azure.pools.system.nodes.min: is 0, but AKS needs a system node",
    ],
    [
        "slices of a GPU that has none",
        { "azure.pools.gpu.sharing": mig("1g.10gb") },
        "1g.10gb is no slice of the GPU of Standard_NV36ads_A10_v5 (A10)",
    ],
    [
        "slices that belong to another GPU",
        { "azure.pools.gpu": { machine: "Standard_NC40ads_H100_v5", sharing: mig("1g.10gb") } },
        "1g.10gb is no slice of the GPU of Standard_NC40ads_H100_v5 (H100)",
    ],
    [
        "an API server open to a whole provider",
        { "azure.apiAccess": { kind: "public", allowedCidrs: ["198.0.0.0/8"] } },
        "azure.apiAccess.allowedCidrs.0: 198.0.0.0/8 lets too many in",
    ],
    [
        "nobody who reads from the store of secrets or writes to it",
        { "azure.identities.secrets": undefined },
        "azure.identities: gives external-secrets/external-secrets no secretStore.read and no secretStore.write",
    ],
    [
        "backups that are listed longer than any lock holds them",
        { "azure.backupDays": 14 },
        "clusterBackup.keepDays: is 35, but the store locks a backup for 14 days (azure.backupDays): after that it can be deleted\n      fix: set at most 14, or raise azure.backupDays",
    ],
    [
        "an upgrade window that AKS refuses",
        { "azure.maintenance": { hours: 2 } },
        "azure.maintenance.hours: must be at least 4, got 2",
    ],
    [
        "a name that does not fit Azure's shortest",
        { "azure.name": "tars-platform" },
        "azure.name: must be 2 to 10 lower-case letters",
    ],
    [
        "a machine type of another cloud",
        { "azure.pools.general.machine": "m6i.2xlarge" },
        "azure.pools.general.machine: must be",
    ],
];
