import type { BackupPlan } from "./backupPlan";
import type { Consumer } from "./consumers";
import { type KibanaPlace, kibanaUsers } from "./kibana";
import type { Labels } from "./labels";
import type { Amounts, Bytes } from "./quantities";

/**
 * Namespace of Elasticsearch and of the operator that runs it. They are the only ones in it, so that the operator's rights end where Elasticsearch
 * does.
 */
export const elasticNamespace = "elasticsearch";

/** Name of the Elasticsearch resource, and so the beginning of all that is made for it. */
export const elasticCluster = "elasticsearch";

/** The operator's StatefulSet and service account, as its chart calls them: `fullnameOverride` in deploy/eck-operator/values.yaml at v3.5.0. */
export const elasticOperator = "elastic-operator";

/** Account of Elasticsearch's own pods, which call no API server. */
export const elasticAccount = elasticCluster;

/** Who puts streams in order once the cluster is there, and its pods. */
export const elasticSetup = "elasticsearch-setup";

/** By what ECK's pods are told from others. @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/label/label.go */
export const elasticLabels = {
    cluster: "elasticsearch.k8s.elastic.co/cluster-name",
    set: "elasticsearch.k8s.elastic.co/statefulset-name",
} as const;

export const elasticPods = {
    operator: { "app.kubernetes.io/name": elasticOperator },
    nodes: { [elasticLabels.cluster]: elasticCluster },
    setup: { "app.kubernetes.io/name": elasticSetup },
} as const satisfies Readonly<Record<string, Labels>>;

/** @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/network/ports.go */
export const elasticPorts = {
    /** Where everybody asks. */
    http: 9200,
    /** Where nodes vote, and copy from each other. */
    transport: 9300,
    /** Metrics of the operator. */
    operatorMetrics: 8081,
} as const;

/** Host and URL at which consumers ask. */
export const elasticHost = `${elasticCluster}-es-http.${elasticNamespace}.svc`;
export const elasticUrl = `https://${elasticHost}:${elasticPorts.http}`;

/** Secret with the certificate, and no key, of the authority that vouches for Elasticsearch; and where it is in it. */
export const elasticAuthority = { secret: `${elasticCluster}-es-http-certs-public`, key: "ca.crt" } as const;

/**
 * Versions of the stack that ECK 3.5.0 was released with, oldest first.
 *
 * @see https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/config/samples/elasticsearch/elasticsearch.yaml
 */
export const elasticVersions = ["9.4.3"] as const;
export type ElasticVersion = (typeof elasticVersions)[number];

/** Groups of nodes that do one thing each, and the one of nodes that do everything. */
export const dedicatedGroups = ["master", "hot", "warm", "cold", "ingest", "coordinating"] as const;
export type DedicatedGroup = (typeof dedicatedGroups)[number];
export type NodeGroup = DedicatedGroup | "shared";

/**
 * What nodes of a group do. Those that nobody else's words fit pass on what they are asked, and put the answers together.
 *
 * @see https://www.elastic.co/docs/deploy-manage/distributed-architecture/clusters-nodes-shards/node-roles
 */
export const groupRoles = {
    shared: ["master", "data_content", "data_hot", "data_warm", "data_cold", "ingest"],
    master: ["master"],
    hot: ["data_content", "data_hot"],
    warm: ["data_warm"],
    cold: ["data_cold"],
    ingest: ["ingest"],
    coordinating: [],
} as const satisfies Readonly<Record<NodeGroup, readonly string[]>>;

/** Nodes of a group, and what each of them gets. */
export interface ElasticNodes {
    readonly count: number;
    /** What each requests, and gets. */
    readonly each: Amounts;
    /** Volume of each; undefined where there is nothing to keep. */
    readonly storage: Bytes | undefined;
}

/** What is written in the order of time, and how long it is kept. */
export interface ElasticStream {
    readonly keepDays: number;
    /** Days after which it goes to nodes that are cheaper; undefined where it stays. */
    readonly warmAfterDays: number | undefined;
    readonly coldAfterDays: number | undefined;
}

/** Who may write to and read from streams, and where its pods are. */
export interface ElasticUser extends Consumer {
    readonly writes: readonly string[];
    readonly reads: readonly string[];
}

/** Elasticsearch in the cluster, by an operator. */
export interface ElasticsearchCluster {
    readonly kind: "cluster";
    readonly version: ElasticVersion;
    /** Whether files are read through the memory of their node, which asks a setting of its kernel. */
    readonly memoryMapped: boolean;
    readonly nodes: Readonly<Partial<Record<NodeGroup, ElasticNodes>>>;
    readonly streams: Readonly<Record<string, ElasticStream>>;
    readonly users: Readonly<Record<string, ElasticUser>>;
    /** A page for people. */
    readonly kibana: KibanaPlace;
    /** Snapshots into the store of backups; undefined where there are none. */
    readonly snapshots: BackupPlan | undefined;
}

export type ElasticsearchPlace = { readonly kind: "off" } | ElasticsearchCluster;

/** The StatefulSet that the operator makes for a group. */
export function setOf(group: NodeGroup): string {
    return `${elasticCluster}-es-${group}`;
}

/** Those that everybody asks: nodes that do nothing else, where there are any. */
export function askedGroup({ nodes }: Pick<ElasticsearchCluster, "nodes">): NodeGroup | undefined {
    if (nodes.shared !== undefined) return "shared";
    return nodes.coordinating === undefined ? undefined : "coordinating";
}

/** Labels of the pods that everybody asks. */
export function askedPods(asked: Pick<ElasticsearchCluster, "nodes">): Labels {
    const group = askedGroup(asked);
    return group === undefined ? elasticPods.nodes : { ...elasticPods.nodes, [elasticLabels.set]: setOf(group) };
}

/** Nodes that vote on who leads. */
export function votersOf({ nodes }: Pick<ElasticsearchCluster, "nodes">): number {
    return (nodes.master ?? nodes.shared)?.count ?? 0;
}

/** Nodes that keep what is written first. */
export function keepersOf({ nodes }: Pick<ElasticsearchCluster, "nodes">): number {
    return (nodes.hot ?? nodes.shared)?.count ?? 0;
}

/** The platform's own user, who puts streams in order. */
export const setupUser = "tars-platform";

/** Who has a snapshot taken and counts what it must hold, for a drill of its restore. */
export const snapshotUser = "tars-snapshots";

/** Everybody who logs in with a password of the platform's. */
export function loginsOf({
    users,
    kibana,
    snapshots,
}: Pick<ElasticsearchCluster, "users" | "kibana" | "snapshots">): readonly string[] {
    const jobs = snapshots === undefined ? [] : [snapshotUser];
    return [setupUser, ...jobs, ...kibanaUsers(kibana), ...Object.keys(users)];
}

/** Secret with what a user logs in with. */
export function loginSecret(user: string): string {
    return `login-${user}`;
}
