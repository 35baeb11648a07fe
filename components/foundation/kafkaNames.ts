import type { Consumer } from "./consumers";
import type { KafkaUiPlace } from "./kafkaUi";
import type { Labels } from "./labels";
import type { Amounts, Bytes } from "./quantities";
import type { RegistryPlace } from "./schemaRegistry";

/**
 * Namespace of Kafka and of the operator that runs it. They are the only ones in it, so that what the operator may do in a namespace is about Kafka
 * alone.
 */
export const kafkaNamespace = "kafka";

/** Name of the Kafka resource, and so the beginning of all that is made for it. */
export const kafkaCluster = "kafka";

/** The operator's Deployment and service account, whose name its chart fixes: templates/060-Deployment-strimzi-cluster-operator.yaml at 1.2.0. */
export const kafkaOperator = "strimzi-cluster-operator";

/**
 * By what Strimzi's pods are told from others.
 *
 * @see https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/operator-common/src/main/java/io/strimzi/operator/common/model/Labels.java
 */
export const clusterLabel = "strimzi.io/cluster";
const nameLabel = "strimzi.io/name";
const inCluster = { [clusterLabel]: kafkaCluster };

export const kafkaPods = {
    operator: { "strimzi.io/kind": "cluster-operator" },
    /** All that it makes. */
    all: inCluster,
    /** Controllers and brokers. */
    nodes: { ...inCluster, [nameLabel]: `${kafkaCluster}-kafka` },
    brokers: { ...inCluster, "strimzi.io/broker-role": "true" },
    entityOperator: { ...inCluster, [nameLabel]: `${kafkaCluster}-entity-operator` },
    cruiseControl: { ...inCluster, [nameLabel]: `${kafkaCluster}-cruise-control` },
} as const satisfies Readonly<Record<string, Labels>>;

/**
 * TCP ports that no setting changes.
 *
 * @see
 * https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/cluster-operator/src/main/java/io/strimzi/operator/cluster/model/KafkaCluster.java
 */
export const kafkaPorts = {
    /** Where controllers vote. */
    control: 9090,
    /** Where brokers copy from each other, and the operators call them. */
    replication: 9091,
    /** Where a node says how it is, to the operator alone. */
    agent: 8443,
    metrics: 9404,
    /** Of the operator itself, of the topic operator and of the user operator: health, and metrics. */
    operatorHealth: 8080,
    topicOperatorHealth: 8080,
    userOperatorHealth: 8081,
    /** Where Cruise Control is asked. */
    cruiseControl: 9090,
} as const;

/** How a consumer says who it is: a password that is never sent as such (SCRAM), or a certificate. */
export const kafkaLogins = ["scram", "tls"] as const;
export type KafkaLogin = (typeof kafkaLogins)[number];

/** One listener for each, as one takes one kind alone: its name, port, and what Strimzi calls the kind. */
export const kafkaListeners = {
    scram: { name: "scram", port: 9093, authentication: "scram-sha-512" },
    tls: { name: "mtls", port: 9094, authentication: "tls" },
} as const satisfies Readonly<
    Record<KafkaLogin, { readonly name: string; readonly port: number; readonly authentication: string }>
>;

/** Host that consumers begin with; brokers tell them of each other then. */
export const bootstrapHost = `${kafkaCluster}-kafka-bootstrap.${kafkaNamespace}.svc`;

/** Secret with the certificate, and no key, of the authority that vouches for brokers; and where it is in it. */
export const kafkaAuthority = { secret: `${kafkaCluster}-cluster-ca-cert`, key: "ca.crt" } as const;

/**
 * Versions of Kafka that Strimzi 1.2.0 runs, oldest first, with the format of metadata that each brings.
 *
 * @see https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/kafka-versions.yaml
 */
export const kafkaVersions = ["4.2.1", "4.3.1"] as const;
export type KafkaVersion = (typeof kafkaVersions)[number];
export const metadataVersions = { "4.2.1": "4.2-IV1", "4.3.1": "4.3-IV0" } as const satisfies Readonly<
    Record<KafkaVersion, string>
>;

/** How long a topic keeps what is written to it, in days. */
export const retentionTiers = ["day", "week", "month", "quarter", "year"] as const;
export type RetentionTier = (typeof retentionTiers)[number];
export const daysOf = { day: 1, week: 7, month: 30, quarter: 90, year: 365 } as const satisfies Readonly<
    Record<RetentionTier, number>
>;

/** What a topic keeps: all of some time, or of each key the newest for as long as there is no newer. */
export type TopicKeeping = { readonly kind: "time"; readonly tier: RetentionTier } | { readonly kind: "compacted" };

export interface KafkaTopic {
    readonly partitions: number;
    readonly keeps: TopicKeeping;
    /** GiB that all partitions together take in one copy; what is more goes, oldest first, also before its time. */
    readonly mostGi: number;
}

/** Pods that call Kafka, and how they say who they are. */
export interface KafkaCaller extends Consumer {
    readonly login: KafkaLogin;
}

/** Who may write to and read from topics, and where its pods are. */
export interface KafkaUser extends KafkaCaller {
    readonly produces: readonly string[];
    readonly consumes: readonly string[];
}

/** Kafka in the cluster, by an operator: controllers, which vote, apart from brokers, which keep. */
export interface KafkaCluster {
    readonly kind: "cluster";
    readonly version: KafkaVersion;
    /** Version whose format of metadata is used: raised a while after `version`, as it has no way back. */
    readonly metadata: KafkaVersion;
    readonly controllers: number;
    readonly brokers: number;
    /** Volume of each broker. */
    readonly storage: Bytes;
    /** What each broker requests, and gets. */
    readonly broker: Amounts;
    /** Brokers that each partition is on. */
    readonly replication: number;
    /** Of these, how many must have what was written before it counts. */
    readonly minInsync: number;
    /** Days that no topic keeps anything longer than, but for those that keep the newest of each key. */
    readonly keepDays: number;
    readonly topics: Readonly<Record<string, KafkaTopic>>;
    readonly users: Readonly<Record<string, KafkaUser>>;
    readonly schemaRegistry: RegistryPlace;
    readonly ui: KafkaUiPlace;
}

/**
 * Versions of Kafka that a cloud's service runs, oldest first.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html
 */
export const managedKafkaVersions = ["3.9", "4.0", "4.1"] as const;
export type ManagedKafkaVersion = (typeof managedKafkaVersions)[number];

/** Kafka that the cloud runs: brokers in several zones, each of which has a copy of every partition. */
export interface ManagedKafka {
    readonly kind: "managed";
    readonly version: ManagedKafkaVersion;
    /** Name that the cloud has for the machine of each broker; undefined for the cloud's own default. */
    readonly size: string | undefined;
    readonly brokersPerZone: number;
    /** GiB of the volume of each broker. */
    readonly storageGi: number;
    readonly keepDays: number;
    readonly topics: Readonly<Record<string, KafkaTopic>>;
    readonly users: Readonly<Record<string, KafkaUser>>;
}

/** Who says what users of a cloud's Kafka may do. No user of a stack has a name that begins so. */
export const kafkaAdmin = `${kafkaCluster}-admin`;

/** Job that says it, and its account. */
export const accessListsJob = `${kafkaCluster}-access-lists`;

/**
 * Topics of a cloud that speaks Kafka's protocol and has neither brokers to choose nor passwords: users show tokens that the cloud's directory gives
 * to their service accounts. In the stack file it is `managed` as well, where the stack's cloud has this kind.
 */
export interface KafkaHubs {
    readonly kind: "hubs";
    /** How much of the cloud's own unit of work there is. */
    readonly units: number;
    readonly keepDays: number;
    readonly topics: Readonly<Record<string, HubTopic>>;
    readonly users: Readonly<Record<string, HubUser>>;
}

/** Kept by time, or by key; nothing is kept by size. */
export type HubTopic = Pick<KafkaTopic, "partitions" | "keeps">;

/** Its service account is who it is. */
export type HubUser = Omit<KafkaUser, "login">;

export type KafkaPlace = { readonly kind: "off" } | KafkaCluster | ManagedKafka | KafkaHubs;

/** What `managed` is in a cloud: brokers that it runs, or hubs. */
export type ManagedKafkaForm = Extract<KafkaPlace["kind"], "managed" | "hubs">;

/** How much a machine of a broker has, and how many partitions, copies included, it is good for. */
export interface BrokerMachine {
    readonly vcpus: number;
    readonly memoryGi: number;
    readonly partitions: number;
}
