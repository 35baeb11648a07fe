import type * as pulumi from "@pulumi/pulumi";
import {
    backupsNamespace,
    chromadbJobs,
    clickHouseJobs,
    elasticsearchJobs,
    jobNamespaces,
    qdrantJobs,
} from "../foundation/dataBackups";
import { elasticAccount, elasticNamespace } from "../foundation/elasticNames";
import type { KafkaHubs, ManagedKafka } from "../foundation/kafkaNames";
import type { Labels } from "../foundation/labels";
import type { PluginFolders } from "../foundation/pluginFolders";
import type { NodeRole } from "../foundation/pools";
import { postgresJobs } from "../foundation/postgresDrill";
import { postgresCluster } from "../foundation/postgresNames";
import type { ManagedPostgres } from "../foundation/postgresPlace";
import type { ManagedRedis } from "../foundation/redisPlace";
import { vectorStore } from "../foundation/vectors";

/** What a cloud gives to the platform that is put on it. */
export interface CloudPlatform {
    readonly cluster: ClusterHandle;
    /** What is there beside the cluster; undefined on a cluster that is simply given: it has no network, registry or store that we know of. */
    readonly ground: Ground | undefined;
    /** Undefined where the cloud runs no PostgreSQL for anybody. */
    readonly createPostgres: CreatePostgres | undefined;
    /** Undefined where the cloud runs no cache that the platform's clients get into. */
    readonly createCache: CreateCache | undefined;
    /** Undefined where the cloud runs no Kafka that the platform's clients get into. */
    readonly createStreaming: CreateStreaming | undefined;
    /** Undefined where the cloud has no topics that speak Kafka's protocol to whoever shows a token. */
    readonly createHubs: CreateHubs | undefined;
}

/** Makes a PostgreSQL server beside the cluster, and never two of a name. */
export type CreatePostgres = (name: string, plan: PostgresServerPlan) => PostgresServer;

export interface PostgresServerPlan extends Omit<ManagedPostgres, "kind"> {
    /** Name of the database that is in it from the start. */
    readonly database: string;
    /** Whose password `password` is: who may do in it whatever the cloud lets anybody do. */
    readonly user: string;
    readonly password: pulumi.Output<string>;
}

/** A PostgreSQL server as pods see it. It takes no call without TLS. */
export interface PostgresServer {
    /** Name that is in its certificate too. */
    readonly host: pulumi.Output<string>;
    readonly port: number;
    /** Blocks of addresses in which it answers, after a failover as well. */
    readonly ranges: readonly string[];
    /** Certificates of who vouches for it, PEM; undefined where no kept list has them for its region. */
    readonly authorities: string | undefined;
}

/** Makes a cache beside the cluster, and never two of a name. */
export type CreateCache = (name: string, plan: CacheServerPlan) => CacheServer;

export interface CacheServerPlan extends Omit<ManagedRedis, "kind"> {
    /** What whoever calls it has to know; it asks for no user. */
    readonly password: pulumi.Output<string>;
}

/** A cache as the mesh sees it. It takes no call without TLS, and shows a certificate of an authority that everybody knows. */
export interface CacheServer {
    /** Name that is in its certificate too, and leads to whichever machine writes. */
    readonly host: pulumi.Output<string>;
    readonly port: number;
    /** Blocks of addresses in which it answers, after a failover as well. */
    readonly ranges: readonly string[];
}

/** Makes brokers of Kafka beside the cluster, and never two of a name. */
export type CreateStreaming = (name: string, plan: StreamServerPlan) => StreamServer;

export interface StreamServerPlan extends Omit<ManagedKafka, "kind" | "topics" | "users"> {
    readonly topics: Readonly<Record<string, StreamTopic>>;
}

/** A topic in Kafka's own words; there is a copy in each zone. */
export interface StreamTopic {
    readonly partitions: number;
    readonly config: Readonly<Record<string, string | number>>;
}

/**
 * Brokers as pods see them. They take no call without TLS and a login (SCRAM-SHA-512), and show a certificate of an authority that everybody knows.
 */
export interface StreamServer {
    /** Hosts with their ports to begin with, with commas between them. */
    readonly bootstrap: pulumi.Output<string>;
    /** Names of all brokers, which are in their certificates too. */
    readonly hosts: readonly pulumi.Output<string>[];
    readonly port: number;
    /** Blocks of addresses in which they answer. */
    readonly ranges: readonly string[];
    /** Certificates of who vouches for them, PEM. */
    readonly authorities: string;
    /** Lets a user log in, once all of `after` is done. What it may do then, lists in Kafka say. */
    admit(user: string, password: pulumi.Output<string>, after: readonly pulumi.Resource[]): pulumi.Resource;
}

/** Makes topics that speak Kafka's protocol beside the cluster, and their users; never two of a name. */
export type CreateHubs = (name: string, plan: HubsPlan) => Hubs;

export type HubsPlan = Pick<KafkaHubs, "units" | "topics" | "users">;

/** Topics as pods see them. They take no call without TLS and a token, and show a certificate of an authority that everybody knows. */
export interface Hubs {
    /** The one host of all of them, which is in its certificate too. */
    readonly host: pulumi.Output<string>;
    readonly port: number;
    /** Blocks of addresses in which it answers. */
    readonly ranges: readonly string[];
    readonly directory: TokenDirectory;
    readonly users: Readonly<Record<string, HubIdentity>>;
}

/** Who gives tokens to pods, which show there what Kubernetes has given them. */
export interface TokenDirectory {
    readonly host: string;
    readonly port: number;
    /** Blocks of addresses in which it answers. */
    readonly ranges: readonly string[];
    /** URL at which a pod asks (RFC 6749, with the assertion of RFC 7523 as whom it asks). */
    readonly endpoint: string;
    /** What it asks for there. */
    readonly scope: pulumi.Output<string>;
}

/** Who a user is in the cloud. What it may do, its topics say, and no permission. */
export interface HubIdentity extends WorkloadIdentity {
    /** As whom it asks the directory; known once it has all its rights. */
    readonly clientId: pulumi.Output<string>;
}

/** A cluster as everything inside it sees it: no cloud's name, no cloud's SDK. */
export interface ClusterHandle {
    /** The only provider that makes objects in this cluster. */
    readonly provider: pulumi.ProviderResource;
    /** UID of the kube-system namespace: what tells this cluster from every other. */
    readonly identity: pulumi.Output<string>;
    /** Whether what holds data in this cluster is kept from being deleted until its owner says otherwise. */
    readonly isGuarded: boolean;
    readonly nodes: NodePools;
    readonly storageClasses: Readonly<Record<StoragePurpose, pulumi.Input<string>>>;
    /** Class of volumes that go with their claim in every environment, for what is kept elsewhere; undefined where the cluster has none. */
    readonly scratchClass: pulumi.Input<string> | undefined;
    /** Class by which volumes of all of them are copied; undefined where nothing in the cluster copies volumes. */
    readonly snapshotClass: pulumi.Input<string> | undefined;
    /** How callers from outside come to the gateway. */
    readonly entrance: Entrance;
    readonly pluginFolders: PluginFolders;
    /** Most nodes that there can be at once, those ahead of an upgrade included. */
    readonly mostNodes: number;
    /** Namespace that metrics are scraped from. */
    readonly monitoringNamespace: string;
    /**
     * Blocks of addresses in which pods reach the API server: that of its Service and those behind it, and `everywhere` beside them where it is
     * public.
     */
    readonly apiRanges: readonly string[];
    /** Where the cluster's secrets are kept outside of it; undefined where there is no such place. */
    readonly secretStore: SecretProvider | undefined;
    /** Where backups of the cluster go; undefined where there is no store for them. */
    readonly backupStore: BackupStore | undefined;
    /** Where a copy of another stack's backups is, which a database here follows; undefined where the stack names none. */
    readonly followedStore: FollowedStore | undefined;
    /** Undefined where the cloud scales the pools by itself, or nobody does. */
    readonly scaler: NodeScaler | undefined;
    /** Undefined where the stack names nobody: then only who administers the cluster sees what is in it. */
    readonly teams: Teams | undefined;
    /** Undefined where the cluster itself gives Services of type LoadBalancer what they ask for. */
    readonly loadBalancerController: LoadBalancerController | undefined;
}

/** People who use the cluster without deploying it, as the API server is told of them. */
export interface Teams {
    /** Who may do everything in an emergency, and gets no right to it from the cloud. */
    readonly breakGlass: readonly TeamSubject[];
    readonly developers: readonly TeamSubject[];
    readonly viewers: readonly TeamSubject[];
}

/** A group, by the name that the cluster's authenticator gives it. */
export interface TeamSubject {
    readonly kind: "Group";
    readonly name: string;
}

/** A store of secrets, as the operator in the cluster must know it. How it logs in follows from the kind: by its identity, never by a key. */
export type SecretProvider = KeyVault | SecretsManager | VaultServer;

/** Azure Key Vault. */
export interface KeyVault extends ReachedStore {
    readonly kind: "keyVault";
    readonly url: pulumi.Output<string>;
    readonly tags: Labels;
}

/** AWS Secrets Manager. */
export interface SecretsManager extends ReachedStore {
    readonly kind: "secretsManager";
    readonly region: string;
    /** What names of the stack's entries begin with. */
    readonly prefix: string;
    /** Key that encrypts them. */
    readonly key: pulumi.Output<string>;
    readonly tags: Labels;
}

/** A Vault server with the key-value engine of version 2. */
export interface VaultServer extends ReachedStore {
    readonly kind: "vault";
    readonly server: string;
    /** Mount of the engine. */
    readonly path: string;
    /** Mount of the login by Kubernetes service accounts, and the role there. */
    readonly login: { readonly mount: string; readonly role: string };
    /** Certificates of who vouches for the server, PEM in base64; undefined for those that everybody trusts. */
    readonly authorities: string | undefined;
}

interface ReachedStore {
    /** Where the store, and whoever vouches for its callers, answer: blocks of addresses, each with a TCP port. */
    readonly reach: readonly { readonly ranges: readonly string[]; readonly port: number }[];
}

/** The operator in the cluster that reads from the store and writes to it, by its service account. */
export const secretOperator = { namespace: "external-secrets", serviceAccount: "external-secrets" } as const;

/** What names of generated secrets begin with in the store: `secretStore.write` lets nobody write any other. */
export const generatedPrefix = "generated-";

/**
 * The store of backups as Velero and the database's plugin must know it. Who it is there, its pods' identity says. `everywhere` in its reach is the
 * Internet.
 */
export interface BackupStore extends ReachedStore {
    /** Velero's name of the store's cloud. */
    readonly provider: "aws" | "azure";
    /** Name of the bucket or container. */
    readonly bucket: pulumi.Output<string>;
    /** Its URL as the tools of the database's backups take it, without a slash at its end. */
    readonly url: pulumi.Output<string>;
    /**
     * How they log in there, in the words of an ObjectStore of CloudNativePG's plugin.
     *
     * @see https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v0.13.0/config/crd/bases/barmancloud.cnpg.io_objectstores.yaml
     */
    readonly login: Readonly<Record<string, unknown>>;
    /** How programs that speak S3 themselves reach it; undefined where it speaks something else. */
    readonly s3: { readonly region: string } | undefined;
    /** What its plugin must know beside that (`config` of a BackupStorageLocation). */
    readonly config: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What has to be known of a store to read a database's log from it; its reach is that of the stack's own. */
export type FollowedStore = Pick<BackupStore, "url" | "login" | "config">;

/** The instances of a database that an operator runs, by their service account. */
export const databaseIdentity = { namespace: "tars", serviceAccount: postgresCluster } as const;

/**
 * The one Secret that a store in S3 names, the database's own, which has the region too: the plugin lets instances read the Secrets that their store
 * names, and where it names none its rule has an empty list of names, by which Kubernetes means all of the namespace.
 *
 * @see https://github.com/cloudnative-pg/plugin-barman-cloud/blob/v0.13.0/internal/cnpgi/operator/specs/role.go (BuildRoleRules)
 */
export const databaseSecret = { name: "postgres-password", regionKey: "region" } as const;

/** The pods that keep vectors, by their service account. */
export const vectorIdentity = { namespace: vectorStore.namespace, serviceAccount: vectorStore.store } as const;

/** The jobs that back a service up, and those that practise its restore, by their service accounts. */
export const chromadbBackup = { namespace: jobNamespaces.chromadb, serviceAccount: chromadbJobs.backup } as const;
export const chromadbDrill = { namespace: jobNamespaces.chromadb, serviceAccount: chromadbJobs.drill } as const;
export const clickHouseBackup = { namespace: jobNamespaces.clickhouse, serviceAccount: clickHouseJobs.backup } as const;
export const clickHouseDrill = { namespace: jobNamespaces.clickhouse, serviceAccount: clickHouseJobs.drill } as const;
export const qdrantBackup = { namespace: jobNamespaces.qdrant, serviceAccount: qdrantJobs.backup } as const;
export const qdrantDrill = { namespace: jobNamespaces.qdrant, serviceAccount: qdrantJobs.drill } as const;

/** The nodes of Elasticsearch, which take its snapshots; the job that has one taken and counts, and the one that practises its restore. */
export const elasticsearchNodes = { namespace: elasticNamespace, serviceAccount: elasticAccount } as const;
export const elasticsearchManifest = {
    namespace: jobNamespaces.elasticsearch,
    serviceAccount: elasticsearchJobs.backup,
} as const;
export const elasticsearchDrill = {
    namespace: jobNamespaces.elasticsearch,
    serviceAccount: elasticsearchJobs.drill,
} as const;

/** The job that says what a database of several instances holds, and the one that practises its restore, by their service accounts. */
export const postgresManifest = {
    namespace: databaseIdentity.namespace,
    serviceAccount: postgresJobs.manifest,
} as const;
export const postgresDrill = { namespace: backupsNamespace, serviceAccount: postgresJobs.drill } as const;

/** The operator in the cluster that backs it up, by its service account. */
export const backupOperator = { namespace: "backup", serviceAccount: "velero" } as const;

/** How the cluster autoscaler runs in a cluster whose cloud does not run it. */
export interface NodeScaler {
    readonly namespace: string;
    /** Service account to which the cloud gives the right to change the pools. */
    readonly serviceAccount: string;
    /** Version of the image, of the cluster's own minor version. */
    readonly version: string;
    /** What tells it which cloud and which pools. */
    readonly arguments: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    /** Nodes that it runs on. */
    readonly nodes: NodePool;
    /** Blocks of addresses in which the API server and the cloud's own APIs answer. */
    readonly apiRanges: readonly string[];
}

/** How load balancers for Services are made in a cluster whose cloud leaves that to a controller inside. */
export interface LoadBalancerController {
    readonly namespace: string;
    /** Service account to which the cloud gives the right to make load balancers. */
    readonly serviceAccount: string;
    /** Name of the cluster in its cloud: it marks what the controller made. */
    readonly clusterName: string;
    readonly region: string;
    /** Id of the network that the cluster is in. */
    readonly network: pulumi.Output<string>;
    /** Tags of all that the controller makes in the cloud. */
    readonly tags: Labels;
    /** Nodes that it runs on. */
    readonly nodes: NodePool;
    /** Blocks of addresses in which the cloud's own APIs answer, and from which the API server calls. */
    readonly cloudRanges: readonly string[];
}

/** Pools by role. Every cluster has general nodes; a workload whose role is missing lands on the next best. */
export type NodePools = Readonly<
    { general: NodePool; gpu: GpuPool | undefined } & Record<Exclude<NodeRole, "general" | "gpu">, NodePool | undefined>
>;

/** How a pod lands on the nodes of one role. */
export interface NodePool {
    readonly labels: Labels;
    readonly tolerations: readonly Toleration[];
}

/** A pool whose nodes have GPUs. */
export interface GpuPool extends NodePool {
    /** Extended resource that a pod asks for to get one GPU, or one share of one, such as `nvidia.com/gpu`. */
    readonly resource: string;
    /** What the platform has to run on these nodes; undefined where their image brings it. */
    readonly devicePlugin: DevicePlugin | undefined;
}

/** NVIDIA's device plugin, which shows a node's GPUs to its kubelet. */
export interface DevicePlugin {
    /** One pod a GPU, several by turns, or a slice each. */
    readonly sharing:
        | { readonly kind: "exclusive" }
        | { readonly kind: "timeSliced"; readonly replicas: number }
        | { readonly kind: "mig" };
    /** What slices are called: like whole GPUs, or by their profile. */
    readonly migStrategy: "single" | "mixed";
    /** Most nodes that it may have to run on, those ahead of an upgrade included. */
    readonly nodes: number;
}

/** A pod's right to be scheduled on nodes that keep other pods away. */
export type Toleration =
    | { readonly key: string; readonly operator: "Exists"; readonly effect: "NoSchedule" }
    | { readonly key: string; readonly operator: "Equal"; readonly value: string; readonly effect: "NoSchedule" };

/** What a storage class is for, whatever the cluster calls it: databases, ordinary volumes, what is seldom read. */
export const storagePurposes = ["fast", "standard", "cold"] as const;
export type StoragePurpose = (typeof storagePurposes)[number];

/** How callers from outside come to the gateway's pods, and how these know who calls: the rate limit is one address's own. */
export interface Entrance {
    /** What the Service of the gateway says to whoever makes its load balancer. */
    readonly annotations: Readonly<Record<string, string>>;
    /** `Local` where a node that passes callers on to another node's pod would hide their address. */
    readonly externalTrafficPolicy: "Local" | "Cluster";
    /** Where the caller's address is: in the packets themselves, or in what the load balancer writes before a connection's data. */
    readonly clientAddress: "preserved" | "proxyProtocol";
    /** Proxies before the gateway that add to X-Forwarded-For; that many from its right end stands the caller. 0: the peer is the caller. */
    readonly trustedHops: number;
    /** Blocks of addresses that callers come from. */
    readonly clients: readonly string[];
    /** Undefined where the gateway's Service asks for the load balancer. */
    readonly front: FrontBalancer | undefined;
}

/**
 * A load balancer that stands outside of the cluster, ends the callers' TLS and calls the gateway's pods with TLS of its own, in which it names
 * no host (SNI). It has its own answer to plain HTTP, and asks each pod at the port of Envoy's health whether it is ready.
 */
export interface FrontBalancer {
    /** ARN of the target group that the pods' addresses are put into. */
    readonly targetGroup: pulumi.Output<string>;
    /** Id of the network that it calls them in. */
    readonly network: pulumi.Output<string>;
}

/** What a cloud has around the cluster, as other parts and other teams need it. */
export interface Ground {
    readonly region: string;
    readonly zones: readonly string[];
    readonly network: Network;
    readonly api: ClusterApi;
    readonly registry: Registry;
    /** Object stores by what they keep. */
    readonly objectStores: Readonly<Record<StorePurpose, ObjectStore>>;
    readonly secretStore: SecretStore;
    /** Id of the key that encrypts what the platform keeps in this cloud. */
    readonly encryptionKey: pulumi.Output<string>;
    /** Undefined when names are kept elsewhere. */
    readonly dnsZone: DnsZone | undefined;
    /** Where logs and audit records of the cluster and the network go. */
    readonly logs: LogSink;
    /** What pods may do in the cloud, by name of the identity. */
    readonly identities: Readonly<Record<string, WorkloadIdentity>>;
}

export interface Network {
    readonly id: pulumi.Output<string>;
    /** Range that other networks reach. */
    readonly cidr: string;
    readonly podCidr: string;
    readonly serviceCidr: string;
    /** Subnet ids by purpose, such as `nodes`, in the order of the zones. */
    readonly subnets: Readonly<Record<string, readonly pulumi.Output<string>[]>>;
}

/** The API server, for tools that log in as the cloud lets them. */
export interface ClusterApi {
    /** Name of the cluster in its cloud. */
    readonly name: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    /** OIDC issuer of service account tokens; undefined where identities do not go by one. */
    readonly issuer: pulumi.Output<string> | undefined;
}

export interface Registry {
    /** Host, with a path where the cloud has one: what image names begin with. */
    readonly host: pulumi.Output<string>;
}

/** What an object store keeps: `data` of applications, or `backups`, which nobody can change before their time. */
export const storePurposes = ["data", "backups"] as const;
export type StorePurpose = (typeof storePurposes)[number];

export interface ObjectStore {
    /** Name of the bucket or container. */
    readonly name: pulumi.Output<string>;
    /** URL that the cloud's own tools take. */
    readonly url: pulumi.Output<string>;
}

export interface SecretStore {
    /** What an in-cluster reader of secrets is pointed at: a vault's URL, or a prefix of names. */
    readonly location: pulumi.Output<string>;
}

export interface DnsZone {
    readonly name: string;
    readonly id: pulumi.Output<string>;
    /** How cert-manager writes into the zone: what stands under `dns01` of a solver. Who it is there, its pods' identity says. */
    readonly solver: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
    readonly records: ZoneRecords;
    /**
     * What routes of hosts that a second stack answers for carry, so that their records are written beside the other stack's and checked, or
     * left to who answers for both stacks; undefined where no other stack does.
     */
    readonly failover: Readonly<Record<string, pulumi.Input<string>>> | undefined;
}

/** How ExternalDNS writes records into the zone. Who it is there, its pods' identity says. */
export interface ZoneRecords {
    /** Name that ExternalDNS has for the cloud. */
    readonly provider: string;
    /** The stack's cluster, by a name that no other cluster with this zone has: marks the records that are its own. */
    readonly owner: string;
    /** Options of its command line, without the dashes before them. */
    readonly options: Readonly<Record<string, string>>;
    readonly environment: Readonly<Record<string, string>>;
    /** A file that it looks for; undefined where it needs none. */
    readonly file: { readonly folder: string; readonly name: string; readonly text: string } | undefined;
}

/** The operator in the cluster that writes the platform's records, by its service account. */
export const recordWriter = { namespace: "external-dns", serviceAccount: "external-dns" } as const;

export interface LogSink {
    readonly id: pulumi.Output<string>;
}

/** A right to something in the cloud, by meaning. */
export const permissions = [
    "objectStore.read",
    "objectStore.write",
    "backups.write",
    /** Reads what the other wrote: each in the folder that `backupFolder` has for the account (foundation/dataBackups.ts). */
    "backups.read",
    /** Reads the folder of its own name in the copy of another stack's backups, which a database here follows. */
    "backups.follow",
    "secretStore.read",
    /** Adds entries whose names begin with `generatedPrefix`. */
    "secretStore.write",
    "registry.pull",
    // To put a record beside a name of the zone that proves to an authority whose the name is.
    "dnsZone.prove",
    // To list, add, change and remove the records of the zone.
    "dnsZone.write",
] as const;
export type Permission = (typeof permissions)[number];

/** Whose pods may do what: the pods that run under one service account. */
export interface IdentityBinding {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly permissions: readonly Permission[];
}

export interface WorkloadIdentity extends IdentityBinding {
    /** Id of the identity in the cloud. */
    readonly id: pulumi.Output<string>;
    /** What the service account, and on some clouds its pods, must carry for it to work. */
    readonly annotations: Readonly<Record<string, pulumi.Output<string>>>;
    readonly podLabels: Readonly<Record<string, string>>;
    /** For programs that do not take what the cloud puts into their pods; undefined where none of the account's is one. */
    readonly token: TokenLogin | undefined;
}

/** A token of the cluster, which the program changes for the cloud's credentials by itself. */
export interface TokenLogin {
    /** Whom the token is for. */
    readonly audience: string;
    /** Variables that say who the program is. */
    readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
    /** Where it changes the token, beside the way to the store. */
    readonly reach: ReachedStore["reach"];
}

/**
 * Whether programs of an account log in by a token of their own: Elasticsearch reads none but one in its own folder
 * (docs/adr/0031-snapshots-of-elasticsearch.md).
 */
export function logsInByToken({
    namespace,
    serviceAccount,
}: Pick<IdentityBinding, "namespace" | "serviceAccount">): boolean {
    return [elasticsearchNodes, elasticsearchDrill].some(
        (account) => account.namespace === namespace && account.serviceAccount === serviceAccount,
    );
}
