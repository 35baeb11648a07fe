import { usualPluginFolders } from "../../foundation/pluginFolders";
import type { Settings } from "../../settings/schema";
import { poolHandles } from "../common/pools";
import type { CloudPlatform, FrontBalancer, Ground } from "../contract";
import { Access } from "./access";
import { AwsAccount } from "./account";
import { ClusterAddons, NodeAddons } from "./addons";
import { BackupCopy } from "./backupCopy";
import { Baseline } from "./baseline";
import { Cache } from "./cache";
import { Cluster } from "./cluster";
import { Database } from "./database";
import { Dns } from "./dns";
import { entranceBehind, entranceOf } from "./entrance";
import { accessLogPrefix } from "./firewall/balancer";
import { Firewall } from "./firewall/firewall";
import { followedStoreOf } from "./followed";
import { Identities } from "./identities";
import { Karpenter } from "./karpenter";
import { LoadBalancers } from "./loadBalancers";
import { Logs } from "./logs";
import { clusterName } from "./names";
import { Network } from "./network";
import { mostNodesOf, planPools } from "./plan";
import { Pools } from "./pools";
import { Registry } from "./registry";
import { scalerOf } from "./scaler";
import { Secrets } from "./secrets";
import type { AwsSettings } from "./settings";
import { Stores } from "./storage";
import { StorageClasses } from "./storageClasses";
import { Streaming } from "./streaming";
import { teams } from "./teams";

/** A cluster of EKS with what is around it, in the order in which it comes up. */
export function loadAws(section: AwsSettings, settings: Settings): CloudPlatform {
    const account = new AwsAccount("aws", { section, settings });
    const keeps = createKeeps(account, settings.edge);
    const { key } = keeps.secrets;
    const network = new Network("network", { account, logs: keeps.logs });
    const cluster = new Cluster("eks", { account, network, logs: keeps.logs, key }, { dependsOn: [network] });
    const plans = planPools(section);
    const nodes = poolHandles(plans);
    const nodeAddons = new NodeAddons("node-addons", { account, cluster });
    const pools = new Pools("nodes", { account, network, cluster, key, plans }, { dependsOn: [nodeAddons] });
    const addons = new ClusterAddons("cluster-addons", { account, cluster }, { dependsOn: [pools] });
    if (section.karpenter) new Karpenter("karpenter", { account, cluster });
    const loadBalancers = new LoadBalancers("load-balancers", { account, cluster, network, nodes });
    const { provider, identity } = new Access("cluster", { cluster, section }, { dependsOn: [addons] });
    const front = createFirewall(account, settings.edge, { ...keeps, network, cluster });
    const { ownership } = settings;
    const { keepsData } = account.rules;
    const { environment } = settings;
    const around = { account, environment, network, cluster, key };
    const classes = new StorageClasses("storage", { provider, ownership, key, keepsData });
    return {
        cluster: {
            provider,
            identity,
            isGuarded: account.isGuarded,
            nodes,
            storageClasses: classes.names,
            scratchClass: classes.scratch,
            snapshotClass: classes.snapshots,
            entrance:
                front === undefined ? entranceOf(section, settings.edge.exposure) : entranceBehind(front, section),
            mostNodes: mostNodesOf(plans),
            pluginFolders: usualPluginFolders,
            monitoringNamespace: "monitoring",
            // The control plane's interfaces stand in the VPC, whether its public address is open or not.
            apiRanges: [section.network.cidr, section.network.serviceCidr],
            secretStore: keeps.secrets.provider,
            backupStore: keeps.stores.backupStore,
            followedStore: followedStoreOf(section),
            scaler: scalerOf(section, nodes.system ?? nodes.general),
            teams: teams(section),
            loadBalancerController: loadBalancers.controller,
        },
        ground: groundOf(account, { ...keeps, network, cluster }),
        createPostgres: (name, plan) => new Database(name, { ...around, plan }),
        createCache: (name, plan) => new Cache(name, { ...around, plan }),
        createStreaming: (name, plan) => new Streaming(name, { ...around, plan }),
        createHubs: undefined,
    };
}

/** What outlives the cluster, or stands beside it. */
function createKeeps(account: AwsAccount, { failover, firewall }: Settings["edge"]) {
    const { section } = account;
    const { dnsZone: zone, backupCopy } = section;
    const secrets = new Secrets("keys", { account });
    const { key } = secrets;
    const balancerLogs = firewall === undefined ? undefined : accessLogPrefix;
    const stores = new Stores("stores", { account, key, balancerLogs });
    const { accessLogs, backups } = stores;
    if (backupCopy !== undefined) new BackupCopy("backup-copy", { account, region: backupCopy.region, backups });
    if (section.accountBaseline === "managed") new Baseline("baseline", { account, key, accessLogs });
    return {
        secrets,
        logs: new Logs("logs", { account, cluster: clusterName(section), key }),
        registry: new Registry("registry", { account, key }),
        stores,
        zone: zone === undefined ? undefined : new Dns("dns", { account, zone, failover }).zone,
    };
}

interface Parts extends ReturnType<typeof createKeeps> {
    readonly network: Network;
    readonly cluster: Cluster;
}

/** What stands before the gateway; undefined where callers come to the gateway's own load balancer. */
function createFirewall(account: AwsAccount, edge: Settings["edge"], parts: Parts): FrontBalancer | undefined {
    const { firewall } = edge;
    const { zone, secrets, stores, network, cluster } = parts;
    if (firewall === undefined || zone === undefined) return undefined;
    const place = { account, network, cluster, zone, key: secrets.key, stores };
    return new Firewall("firewall", { ...place, edge, firewall }).front;
}

function groundOf(account: AwsAccount, { secrets, logs, registry, stores, zone, network, cluster }: Parts): Ground {
    const { region, zones, network: ranges, identities: bindings } = account.section;
    const identities = new Identities("identities", {
        account,
        cluster: cluster.name,
        issuer: cluster.issuer,
        bindings,
        zone,
    });
    return {
        region,
        zones,
        network: {
            id: network.id,
            cidr: ranges.cidr,
            // Pods have addresses of the VPC.
            podCidr: ranges.cidr,
            serviceCidr: ranges.serviceCidr,
            subnets: network.subnets,
        },
        api: { name: cluster.name, endpoint: cluster.endpoint, issuer: cluster.issuer },
        registry: registry.handle,
        objectStores: stores.all,
        secretStore: secrets.store,
        encryptionKey: secrets.key,
        dnsZone: zone,
        logs: { id: logs.platform.arn },
        identities: identities.all,
    };
}
