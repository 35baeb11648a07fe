import { imageReference } from "../../foundation/imageSources";
import { clusterLabel, type KafkaCluster, kafkaCluster, metadataVersions } from "../../foundation/kafkaNames";
import { entitySize, heapOf, kafkaSizes } from "../../foundation/kafkaSizes";
import type { PodSize, StoredSize } from "../../foundation/workloads";
import {
    containerResources,
    hardenedContainer,
    hardenedPod,
    runAs,
    runtimeDefault,
    topologies,
} from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import type { Listeners } from "./listeners";
import { images, user } from "./values";

/** Field names are those of the Kafka of Strimzi 1.2. @see https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/packaging/install/cluster-operator/040-Crd-kafka.yaml */
export function planKafka(place: SystemPlace, asked: KafkaCluster, listeners: Listeners) {
    const { version, metadata, replication } = asked;
    return {
        kafka: {
            version,
            metadataVersion: metadataVersions[metadata],
            image: kafkaImage(place, asked),
            brokerRackInitImage: operatorImage(place),
            listeners,
            authorization: { type: "simple" },
            // Where there is one copy there is nothing to spread, and nodes need not say in which zone they are.
            ...(replication > 1 ? { rack: { topologyKey: topologies.zone } } : {}),
            config: planConfig(asked),
            metricsConfig: { type: "strimziMetricsReporter" },
        },
        entityOperator: planEntityOperator(place),
        ...planCruiseControl(place, asked),
        // A year, and a month before its end a new one, which is believed beside the old.
        clusterCa: { validityDays: 365, renewalDays: 30 },
        clientsCa: { validityDays: 365, renewalDays: 30 },
    };
}

const kafkaImage = ({ imageSources }: SystemPlace, { version }: KafkaCluster) =>
    imageReference({ repository: "quay.io/strimzi/kafka", tag: images.kafka[version] }, imageSources);

const operatorImage = ({ imageSources }: SystemPlace) => imageReference(images.operator, imageSources);

/**
 * Nothing is written that only one broker has, and no broker that lags behind ever leads. Topics are objects of the stack; nobody makes one by writing to it.
 *
 * @see https://kafka.apache.org/documentation/#brokerconfigs
 */
function planConfig({ replication, minInsync, keepDays }: KafkaCluster) {
    return {
        "default.replication.factor": replication,
        "min.insync.replicas": minInsync,
        "offsets.topic.replication.factor": replication,
        "transaction.state.log.replication.factor": replication,
        "transaction.state.log.min.isr": minInsync,
        "share.coordinator.state.topic.replication.factor": replication,
        "share.coordinator.state.topic.min.isr": minInsync,
        "auto.create.topics.enable": false,
        "unclean.leader.election.enable": false,
        "log.retention.hours": 24 * Math.min(7, keepDays),
        "ssl.enabled.protocols": "TLSv1.3",
        // Consumers that say in which zone they are read from a broker there.
        ...(replication > 1
            ? { "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector" }
            : {}),
    };
}

const container = { securityContext: { ...runAs(user), seccompProfile: runtimeDefault, ...hardenedContainer } };

function planPod({ cluster }: SystemPlace) {
    const { tolerations } = cluster.nodes.general;
    return {
        securityContext: hardenedPod(user),
        enableServiceLinks: false,
        priorityClassName: priorityClassName("data"),
        ...(tolerations.length === 0 ? {} : { tolerations: [...tolerations] }),
    };
}

/** Pods of Strimzi know no nodeSelector: the nodes' labels are asked for in longer words, where they have any. */
function planNodes({ cluster }: SystemPlace): object {
    const matchExpressions = Object.entries(cluster.nodes.general.labels).map(([key, value]) => ({
        key,
        operator: "In",
        values: [value],
    }));
    if (matchExpressions.length === 0) return {};
    const required = { nodeSelectorTerms: [{ matchExpressions }] };
    return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
}

/** Of what is there once. */
function planSinglePod(place: SystemPlace) {
    const affinity = planNodes(place);
    return { ...planPod(place), ...(Object.keys(affinity).length === 0 ? {} : { affinity }) };
}

function planEntityOperator(place: SystemPlace) {
    const program = {
        image: operatorImage(place),
        resources: containerResources(entitySize),
        jvmOptions: heap(entitySize),
    };
    return {
        topicOperator: program,
        userOperator: program,
        template: {
            pod: planSinglePod(place),
            topicOperatorContainer: container,
            userOperatorContainer: container,
        },
    };
}

/** Moves partitions to brokers that are new, and off those that are to go, without being asked. */
function planCruiseControl(place: SystemPlace, asked: KafkaCluster) {
    const { cruiseControl: size } = kafkaSizes(asked, place.copies);
    if (size === undefined) return {};
    return {
        cruiseControl: {
            image: kafkaImage(place, asked),
            resources: containerResources(size),
            jvmOptions: heap(size),
            // Both probes ask the same: one that is busy is left alone sooner than it is started anew.
            livenessProbe: { initialDelaySeconds: 15, timeoutSeconds: 5, failureThreshold: 10 },
            autoRebalance: [{ mode: "add-brokers" }, { mode: "remove-brokers" }],
            template: { pod: planSinglePod(place), cruiseControlContainer: container },
        },
    };
}

const heap = ({ requests }: PodSize) => ({ "-Xms": heapOf(requests.memory), "-Xmx": heapOf(requests.memory) });

export const nodeRoles = ["controller", "broker"] as const;
export type KafkaRole = (typeof nodeRoles)[number];

/** Seconds that a broker has to hand its partitions over and close its files. */
const stopSeconds = 120;

export interface NodePoolSize {
    readonly role: KafkaRole;
    readonly size: StoredSize;
    /** How many nodes have the same: all controllers, and as many brokers as there are copies. */
    readonly copies: number;
}

/** Nodes of one role. Its volumes stay when it goes, and when Kafka goes. */
export function planNodePool(place: SystemPlace, { role, size, copies }: NodePoolSize) {
    return {
        replicas: size.replicas.min,
        roles: [role],
        storage: {
            type: "jbod",
            volumes: [
                {
                    id: 0,
                    type: "persistent-claim",
                    size: size.storage,
                    class: place.cluster.storageClasses.fast,
                    deleteClaim: false,
                    kraftMetadata: "shared",
                },
            ],
        },
        resources: containerResources(size),
        jvmOptions: heap(size),
        template: {
            pod: {
                ...planPod(place),
                ...planSpread(role, copies, planNodes(place)),
                terminationGracePeriodSeconds: stopSeconds,
            },
            kafkaContainer: container,
            initContainer: container,
        },
    };
}

/** Never two of a role on a node, and as many in one zone as in another; where nothing is there twice, also on nodes that say no zone. */
function planSpread(role: KafkaRole, copies: number, affinity: object) {
    const whenUnsatisfiable = copies > 1 ? "DoNotSchedule" : "ScheduleAnyway";
    const labelSelector = { matchLabels: { [clusterLabel]: kafkaCluster, "strimzi.io/pool-name": role } };
    return {
        affinity: {
            ...affinity,
            podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: topologies.node, labelSelector }],
            },
        },
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: topologies.zone, whenUnsatisfiable, labelSelector }],
    };
}
