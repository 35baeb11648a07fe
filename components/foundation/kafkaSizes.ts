import type { Copies } from "./copies";
import { accessListsJob, type KafkaCluster } from "./kafkaNames";
import { type Load, systemRoles } from "./loads";
import { bytes } from "./quantities";
import { registryName } from "./schemaRegistry";
import { fixed, type Size, type StoredSize } from "./workloads";

/** Programs that Kafka is made of in the cluster. */
export const kafkaParts = [
    "operator",
    "controller",
    "broker",
    "entityOperator",
    "cruiseControl",
    "schemaRegistry",
] as const;
export type KafkaPart = (typeof kafkaParts)[number];

/**
 * Those of the operator's chart, whose memory is its limit too; a limit of processors below its own would make it slow when it starts
 * (values.yaml at 1.2.0).
 */
const operator = {
    requests: { cpu: "200m", memory: "384Mi" },
    limits: { cpu: "1", memory: "384Mi" },
    scratch: "64Mi",
} as const;

/**
 * Each of the two programs of the entity operator. Nobody names figures for them; these are ours, with half for the heap of a Java program that
 * looks after some hundred topics and users.
 */
export const entitySize = {
    requests: { cpu: "50m", memory: "256Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
    scratch: "64Mi",
} as const;

/** Ours: what it works out is about all partitions at once, and is in its memory. */
const cruiseControl = {
    requests: { cpu: "200m", memory: "768Mi" },
    limits: { cpu: "1", memory: "768Mi" },
    scratch: "128Mi",
} as const;

/** A controller has the metadata in memory and writes little; these figures are ours. */
const controllerSize = {
    small: {
        requests: { cpu: "100m", memory: "512Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
        scratch: "64Mi",
        storage: "2Gi",
    },
    large: {
        requests: { cpu: "250m", memory: "1Gi" },
        limits: { cpu: "1", memory: "1Gi" },
        scratch: "64Mi",
        storage: "10Gi",
    },
} as const;

/** Nobody names figures for it; these are ours: a program in Python that has all schemas in its memory, and hashes a password for each call. */
const schemaRegistrySize = {
    requests: { cpu: "100m", memory: "256Mi" },
    limits: { cpu: "1", memory: "512Mi" },
    scratch: "64Mi",
} as const;

/** Of the job that says who may do what at a cloud's Kafka; ours, for a Java program that is started once for each line. */
export const accessListsSize: Size = {
    requests: { cpu: "100m", memory: "384Mi" },
    limits: { cpu: "1", memory: "384Mi" },
    scratch: "64Mi",
    ...fixed(1),
    // Another may have begun while the one before is still there.
    surge: 1,
};

/** What a cloud's Kafka needs room for in the cluster. */
export function managedKafkaLoads(): readonly Load[] {
    return [{ name: accessListsJob, size: accessListsSize, roles: ["general"] }];
}

/** The parts that a stack runs. Where there is one broker there is nothing to move, and nobody who would. */
export function kafkaSizes(
    { controllers, brokers, storage, broker, schemaRegistry }: KafkaCluster,
    copies: Copies,
): Readonly<Record<Exclude<KafkaPart, "cruiseControl" | "schemaRegistry">, Size>> & {
    readonly controller: StoredSize;
    readonly broker: StoredSize;
    readonly cruiseControl: Size | undefined;
    readonly schemaRegistry: Size | undefined;
} {
    return {
        operator: { ...operator, ...fixed(copies.controllers), surge: 1 },
        controller: { ...controllerSize[controllers > 1 ? "large" : "small"], ...fixed(controllers) },
        // It gets what it requests: what it reads again is in the memory that its node has for files.
        broker: { requests: broker, limits: broker, scratch: "128Mi", storage, ...fixed(brokers) },
        entityOperator: { ...entitySize, sidecar: entitySize, ...fixed(1) },
        cruiseControl: brokers > 1 ? { ...cruiseControl, ...fixed(1), surge: 1 } : undefined,
        schemaRegistry:
            schemaRegistry.kind === "off" ? undefined : { ...schemaRegistrySize, ...fixed(schemaRegistry.replicas) },
    };
}

/** What of a pod's memory is for the objects of its Java program; the rest is for its own needs, and for files that are read again. */
export function heapOf(memory: string): string {
    return `${Math.floor(bytes(memory) / 2 / 2 ** 20)}m`;
}

const loadNames = {
    operator: "kafka-operator",
    controller: "kafka-controller",
    broker: "kafka-broker",
    entityOperator: "kafka-entity-operator",
    cruiseControl: "kafka-cruise-control",
    schemaRegistry: registryName,
} as const satisfies Readonly<Record<KafkaPart, string>>;

/** What Kafka needs room for, beside the applications. */
export function kafkaLoads(kafka: KafkaCluster, copies: Copies): readonly Load[] {
    const sizes = kafkaSizes(kafka, copies);
    return kafkaParts.flatMap((part) => {
        const size = sizes[part];
        const roles = part === "operator" ? systemRoles : (["general"] as const);
        return size === undefined ? [] : [{ name: loadNames[part], size, roles }];
    });
}
