import { ResourceGroup } from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";
import { usualPluginFolders } from "../../foundation/pluginFolders";
import { everywhere } from "../../foundation/ranges";
import type { Settings } from "../../settings/schema";
import { poolHandles } from "../common/pools";
import { platformTags } from "../common/tags";
import { namedIn } from "../common/teams";
import type { CloudPlatform } from "../contract";
import { Access } from "./access";
import { AzureAccount } from "./account";
import { Baseline } from "./baseline";
import { Cluster } from "./cluster";
import { Database } from "./database";
import { Dns } from "./dns";
import { entranceBehind, entranceOf } from "./entrance";
import { examplesOf } from "./examples";
import { Firewall } from "./firewall/firewall";
import { FlowLogs } from "./flowLogs";
import { groundOf, type Parts } from "./ground";
import { Hubs } from "./hubs";
import { Identities, type Rights } from "./identities";
import { Locks } from "./locks";
import { Logs } from "./logs";
import { namingOf, uniqueSuffix } from "./names";
import { Network } from "./network";
import { gatewayAddress, mostNodesOf, plannedSubnets, planPools } from "./plan";
import { keep } from "./protection";
import { Registry } from "./registry";
import { environmentRules } from "./rules";
import { onlyGenerated, providerOf, Secrets } from "./secrets";
import type { AzureSettings } from "./settings";
import type { Site } from "./site";
import { backupStoreOf, Stores } from "./storage";
import { StorageClasses } from "./storageClasses";
import { TeamRights } from "./teamRights";
import { teams } from "./teams";

/** Everything in Azure, in the order in which it comes up. */
export function loadAzure(section: AzureSettings, settings: Settings): CloudPlatform {
    const { subscription, tenant, region } = section;
    const examples = examplesOf(section, settings);
    const { provider } = new AzureAccount("azure", { subscription, tenant, region, examples });
    const site = createSite(section, settings, provider);
    const parts = createParts(section, { site, ...settings }, provider);
    if (section.accountBaseline === "managed") new Baseline("baseline", { site, logs: parts.logs }, { provider });
    const inCluster = { provider: parts.access.provider };
    const { ownership } = settings;
    const pools = planPools(section);
    createLocks(site, parts, provider);
    createFirewall(section, settings.edge, { site, ...parts }, provider);
    if (namedIn("azure", section.access).length > 0) {
        const { cluster } = parts.cluster;
        new TeamRights("team-rights", { site, cluster, access: section.access }, { provider });
    }
    const classes = new StorageClasses("storage-classes", { ownership, rules: site.rules }, inCluster);
    return {
        cluster: {
            provider: parts.access.provider,
            identity: parts.access.identity,
            isGuarded: site.rules.protection === "guarded",
            nodes: poolHandles(pools),
            mostNodes: mostNodesOf(pools),
            pluginFolders: usualPluginFolders,
            storageClasses: classes.names,
            scratchClass: classes.scratch,
            snapshotClass: classes.snapshots,
            entrance: section.firewall === undefined ? entranceOf(site.exposure) : entranceBehind(section),
            monitoringNamespace: "monitoring",
            apiRanges: apiRanges(section),
            secretStore: providerOf(section, parts.secrets, ownership),
            backupStore: backupStoreOf(section, parts.storage),
            followedStore: undefined,
            // AKS scales its pools itself.
            scaler: undefined,
            teams: teams(section),
            loadBalancerController: undefined,
        },
        ground: groundOf(section, parts),
        createPostgres: (name, plan) => {
            const { environment } = settings;
            return new Database(name, { site, section, environment, ...parts, plan }, { provider });
        },
        createCache: undefined,
        createStreaming: undefined,
        createHubs: (name, plan) => {
            const { cluster } = parts.cluster;
            return new Hubs(name, { ...parts, site, section, cluster, plan }, { provider });
        },
    };
}

/** A private API server stands in the network. A public one has an address of Azure's that nobody can tell beforehand. */
function apiRanges({ network, apiAccess }: AzureSettings): readonly string[] {
    const own = [network.cidr, network.serviceCidr];
    return apiAccess.kind === "private" ? own : [...own, everywhere];
}

function createSite(section: AzureSettings, settings: Settings, provider: pulumi.ProviderResource): Site {
    const { name, subscription, tenant, region, zones, protection } = section;
    const { environment, ownership, edge } = settings;
    const own = environmentRules[environment];
    const rules = { ...own, protection: protection ?? own.protection };
    const naming = namingOf(name, environment);
    const tags = platformTags(ownership);
    const args = { resourceGroupName: naming("resourceGroup"), location: region, tags };
    const group = new ResourceGroup("group", args, { provider, ...keep("resourceGroup", rules) });
    const suffix = uniqueSuffix(subscription, region, name, environment);
    const { exposure } = edge;
    return { subscription, tenant, region, zones, exposure, group, naming, suffix, tags, rules };
}

interface Asked extends Pick<Settings, "edge" | "data"> {
    readonly site: Site;
}

function createParts(section: AzureSettings, { site, edge, data }: Asked, provider: pulumi.ProviderResource): Parts {
    const {
        apiAccess,
        dnsZone: publicZone,
        dnsZoneId: publicZoneId,
        logRetentionDays: retentionDays,
        auditArchive: archive,
        identities: bindings,
    } = section;
    const plan = plannedSubnets(section);
    const hasDatabase = data.postgres.kind === "managed";
    const hasHubs = data.kafka.kind === "hubs";
    const logs = new Logs("logs", { site, retentionDays, archive }, { provider });
    const network = new Network(
        "network",
        { site, settings: section.network, plan, hasDatabase, hasHubs },
        { provider },
    );
    const names = { privateApiServer: apiAccess.kind === "private", publicZone, publicZoneId, edge };
    const dns = new Dns("dns", { site, network: network.network, ...names }, { provider });
    const place = { site, network, dns, logs };
    const secrets = new Secrets("secrets", place, { provider });
    const days = { backupDays: section.backupDays, retentionDays };
    const sealed = { provider, dependsOn: [...secrets.ready] };
    const storage = new Stores("storage", { ...place, secrets, ...days }, sealed);
    new FlowLogs("flow-logs", { site, network, storage, logs, retentionDays }, { provider });
    const registry = new Registry("registry", { ...place, secrets }, sealed);
    const pools = planPools(section);
    const cluster = new Cluster(
        "aks",
        { ...section, ...place, ranges: section.network, pools, secrets, registry },
        // AKS links the zone of its API server to the network itself: our own link must not be made in the same minutes.
        { provider, dependsOn: [dns, ...secrets.ready] },
    );
    const inside = { site, apiAccess, cluster: cluster.cluster };
    const access = new Access("cluster", inside, { provider, dependsOn: [...cluster.ready] });
    const rights = rightsOn({ storage, secrets, registry, dns });
    const inAzure = { site, cluster: cluster.cluster, bindings, rights };
    const identities = new Identities("identities", inAzure, { provider });
    return { network, dns, logs, secrets, storage, registry, cluster, access, identities };
}

/** What stands before the gateway, where the stack says so. */
function createFirewall(
    section: AzureSettings,
    edge: Settings["edge"],
    { site, network, logs, dns }: Pick<Parts, "network" | "logs" | "dns"> & { readonly site: Site },
    provider: pulumi.ProviderResource,
): void {
    const { firewall } = section;
    if (firewall === undefined || edge.firewall === undefined) return;
    const place = { site, edge, network, logs, zone: dns.reached };
    const gateway = gatewayAddress(section);
    new Firewall("firewall", { ...place, firewall, rules: edge.firewall, gateway }, { provider });
}

function rightsOn({
    storage,
    secrets,
    registry,
    dns,
}: Pick<Parts, "storage" | "secrets" | "registry" | "dns">): Rights {
    const { data, backups } = storage.containers;
    const entries = { scope: secrets.vault.id };
    const zone = dns.reached;
    return {
        "objectStore.read": { role: "blobReader", scope: data.id },
        "objectStore.write": { role: "blobContributor", scope: data.id },
        "backups.write": { role: "blobContributor", scope: backups.id },
        "backups.read": { role: "blobReader", scope: backups.id },
        // No copy of another stack's is in reach, and checkFollowed refuses whoever asks for one.
        "backups.follow": undefined,
        "secretStore.read": { role: "vaultSecretsUser", ...entries },
        "secretStore.write": { role: secrets.writer, condition: onlyGenerated, ...entries },
        "registry.pull": { role: "imagePull", scope: registry.registry.id },
        "dnsZone.prove": zone && { role: "dnsZoneContributor", scope: zone.id },
        // Zones are found by a list of those of the group: https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/tutorials/azure.md
        "dnsZone.write": zone && {
            role: "dnsZoneContributor",
            scope: zone.id,
            beside: { zones: { role: "reader", scope: zone.group.id } },
        },
    };
}

function createLocks(site: Site, parts: Parts, provider: pulumi.ProviderResource): void {
    const { logs, secrets, storage, registry, cluster, identities } = parts;
    const scopes = {
        logs: logs.workspace.id,
        secrets: secrets.vault.id,
        storage: storage.account.id,
        registry: registry.registry.id,
    };
    const dependsOn = [logs, secrets, storage, registry, cluster, identities];
    new Locks("locks", { site, scopes }, { provider, dependsOn });
}
