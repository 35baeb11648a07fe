import type { Issues } from "../../foundation/issues";
import { physicalName } from "../../foundation/names";
import { checkBrokers } from "../../settings/managedKafkaChecks";
import type { Settings } from "../../settings/schema";
import type { Environment } from "../../settings/sizing";
import type { StreamServerPlan } from "../contract";
import { nameRules } from "./names";
import type { AwsSettings } from "./settings";
import { brokerMachines, defaultBrokerMachine } from "./streamingMachines";

/**
 * Zones that have brokers, each with a copy of every partition: MSK takes three at most, and a stack has no fewer.
 *
 * @see https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html#clusters-model-brokernodegroupinfo
 */
export const brokerZones = 3;

/** Adds brokers that MSK does not have, or that are too small for what they are to hold. */
export function checkStreaming({ data: { kafka } }: Settings, issues: Issues): void {
    if (kafka.kind !== "managed") return;
    const machine = kafka.size ?? defaultBrokerMachine;
    checkBrokers(kafka, { zones: brokerZones, machines: brokerMachines, machine }, issues);
}

/** What a stack's brokers are called in MSK. */
export function streamingName({ name }: Pick<AwsSettings, "name">): string {
    return physicalName(nameRules.streaming, name, "kafka");
}

/**
 * MSK's name of a version: its newest last number, with voters of its own in place of ZooKeeper.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/kraft-intro.html
 */
export function versionName({ version }: Pick<StreamServerPlan, "version">): string {
    return `${version}.x.kraft`;
}

/**
 * MSK's name of the user's Secret, by which alone it takes it.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-limitations.html
 */
export function loginName({ name }: Pick<AwsSettings, "name">, user: string): string {
    return `AmazonMSK_${name}_${user}`;
}

/** Port of brokers for those who log in with a password. @see https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html */
export const scramPort = 9096;

/**
 * What brokers are told of their work, as Kafka in the cluster is (components/data/kafka/clusterPlan.ts): nothing is written that only one broker
 * has, no broker that lags behind ever leads, and nobody makes a topic by writing to it. Who may do what where no list says so is asked for once,
 * before anybody but the platform can log in; from then on there is a list for everything (components/data/kafka/accessLists.ts).
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html
 */
export function planProperties({ keepDays }: Pick<StreamServerPlan, "keepDays">) {
    const copies = brokerZones;
    const properties = {
        "allow.everyone.if.no.acl.found": true,
        "auto.create.topics.enable": false,
        "default.replication.factor": copies,
        "log.retention.hours": 24 * Math.min(7, keepDays),
        "min.insync.replicas": copies - 1,
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.min.isr": copies - 1,
        "transaction.state.log.replication.factor": copies,
        "unclean.leader.election.enable": false,
    };
    return Object.entries(properties)
        .map(([name, value]) => `${name}=${value}\n`)
        .join("");
}

/** What of the brokers is settled by the stack alone, before anything stands around them. */
export function planBrokers(section: AwsSettings, environment: Environment, plan: Omit<StreamServerPlan, "topics">) {
    const { brokersPerZone, size, storageGi } = plan;
    return {
        clusterName: streamingName(section),
        kafkaVersion: versionName(plan),
        numberOfBrokerNodes: brokersPerZone * brokerZones,
        clientAuthentication: { unauthenticated: false, sasl: { scram: true, iam: false } },
        // By topic in production, where somebody has to find out which of them it is.
        enhancedMonitoring: environment === "production" ? "PER_TOPIC_PER_BROKER" : "PER_BROKER",
        storageMode: "LOCAL",
        brokerNodeGroupInfo: {
            instanceType: size ?? defaultBrokerMachine,
            azDistribution: "DEFAULT",
            storageInfo: { ebsStorageInfo: { volumeSize: storageGi } },
            connectivityInfo: { publicAccess: { type: "DISABLED" } },
        },
    };
}
