import { z } from "zod";
import {
    type HubTopic,
    type KafkaCluster,
    type KafkaHubs,
    type KafkaPlace,
    type KafkaTopic,
    kafkaLogins,
    kafkaVersions,
    type ManagedKafka,
    type ManagedKafkaForm,
    managedKafkaVersions,
    retentionTiers,
} from "../foundation/kafkaNames";
import { bytes, consumerFields, count, cpu, distinct, dnsLabel, switchedOff } from "./fields";
import { kafkaUi } from "./kafkaUi";
import { resolveRegistry, schemaRegistry } from "./schemaRegistry";
import type { Environment } from "./sizing";

const versions = z.enum(kafkaVersions);

/** Names that Kafka and Kubernetes both take: a topic is called in Kafka what its object is called. */
const topicName = dnsLabel;

const topic = z
    .strictObject({
        partitions: count(1, 1000)
            .default(3)
            .meta({
                description: "parts that are written and read side by side; they may become more, never fewer",
                examples: [6],
            }),
        retention: z
            .enum(retentionTiers)
            .optional()
            .meta({ description: "how long what is written is kept; without it a week", examples: ["month"] }),
        compacted: z
            .boolean()
            .default(false)
            .meta({ description: "keep the newest of each key in place of all of some time", examples: [true] }),
        mostGi: count(1, 65_536)
            .optional()
            .meta({
                description:
                    "GiB of all partitions together, in one copy; the oldest goes when there is more. Without it 1",
                examples: [20],
            }),
    })
    .meta({ description: "a topic" });

const topicNames = (words: string) =>
    distinct(topicName())
        .default([])
        .meta({ description: words, examples: [["events"]] });

const login = z.enum(kafkaLogins).meta({
    description: "how it says who it is: by a password (SCRAM-SHA-512), or by a certificate (tls)",
    examples: ["tls"],
});
const userFields = {
    ...consumerFields,
    produces: topicNames("topics that it writes to"),
    consumes: topicNames("topics that it reads, in groups whose names begin with its own"),
};
const user = z
    .strictObject({ ...userFields, login: login.default("scram") })
    .meta({ description: "who may write and read what" });

/** Of a cloud's Kafka: how one logs in there is the cloud's to say, so that what is said otherwise is refused with a reason. */
const managedUser = z
    .strictObject({ ...userFields, login: login.optional() })
    .meta({ description: "who may write and read what" });

const keepDays = () =>
    count(1, 3650)
        .default(30)
        .meta({ description: "days that no topic keeps anything longer than", examples: [90] });
const topics = () => z.record(topicName(), topic).default({}).meta({ description: "topics by their names" });
const users = <User extends z.ZodType>(user: User) =>
    z.record(dnsLabel(), user).default({}).meta({ description: "users by their names" });

const cluster = z.strictObject({
    kind: z
        .literal("cluster")
        .meta({ description: "pods of the cluster that an operator runs", examples: ["cluster"] }),
    version: versions.default("4.3.1").meta({ description: "version of Kafka", examples: ["4.3.1"] }),
    metadata: versions.optional().meta({
        description: "version whose format of metadata is used, which has no way back; without it that of `version`",
        examples: ["4.2.1"],
    }),
    controllers: count(1, 9)
        .optional()
        .meta({ description: "pods that vote, an odd number; without it 3 in production and 1 before", examples: [3] }),
    brokers: count(1, 99)
        .optional()
        .meta({
            description: "pods that keep what is written; without it 3 in production and 1 before",
            examples: [6],
        }),
    storage: bytes()
        .optional()
        .meta({
            description: "volume of each broker, which may grow; without it the environment's",
            examples: ["500Gi"],
        }),
    broker: z
        .strictObject({
            cpu: cpu().meta({ description: "cores", examples: ["2"] }),
            memory: bytes().meta({ description: "memory", examples: ["8Gi"] }),
        })
        .optional()
        .meta({ description: "what each broker requests, and gets; without it the environment's" }),
    replication: count(1, 9)
        .optional()
        .meta({
            description: "brokers that each partition is on; without it 3, or as many as there are",
            examples: [3],
        }),
    minInsync: count(1, 9)
        .optional()
        .meta({
            description:
                "of these, how many must have what was written before it counts; without it one fewer than all",
            examples: [2],
        }),
    keepDays: keepDays(),
    topics: topics(),
    users: users(user),
    schemaRegistry,
    ui: kafkaUi,
});

/** With words for what only other clouds have, and for what stands beside Kafka in the cluster, so that they are refused with a reason. */
const managed = z.strictObject({
    kind: z
        .literal("managed")
        .meta({ description: "the cloud's: brokers on AWS, event hubs on Azure", examples: ["managed"] }),
    version: z
        .enum(managedKafkaVersions)
        .optional()
        .meta({
            description: "version of Kafka, of which the cloud chooses the last number; without it 4.0. On AWS",
            examples: ["4.0"],
        }),
    size: z
        .string()
        .optional()
        .meta({
            description:
                "the cloud's name of each broker's machine; without it the cloud's own default (docs/kafka.md). On AWS",
            examples: ["kafka.m7g.xlarge"],
        }),
    brokersPerZone: count(1, 20)
        .optional()
        .meta({ description: "brokers of each zone, which may become more; without it 1. On AWS", examples: [2] }),
    storageGi: count(1, 16_384)
        .optional()
        .meta({
            description: "GiB of each broker's volume, which may grow; without it the environment's. On AWS",
            examples: [500],
        }),
    units: count(1, 16)
        .optional()
        .meta({ description: "processing units: 1, 2, 4, 8 or 16; without it 1. On Azure", examples: [2] }),
    keepDays: keepDays(),
    topics: topics(),
    users: users(managedUser),
    schemaRegistry,
    ui: kafkaUi,
});

export const kafka = z
    .discriminatedUnion("kind", [switchedOff("there is none"), cluster, managed])
    .prefault({ kind: "off" })
    .meta({
        description: "Kafka, which keeps what is said in the order that it was said in",
        examples: [{ kind: "cluster" }],
    });

/**
 * Of each environment. In production a broker may go, and a zone with it: what was written is on two others, and one of them may go while it comes
 * back.
 */
export const kafkaDefaults = {
    dev: { controllers: 1, brokers: 1, storage: "10Gi", broker: { cpu: "250m", memory: "1Gi" } },
    staging: { controllers: 1, brokers: 1, storage: "20Gi", broker: { cpu: "500m", memory: "2Gi" } },
    production: { controllers: 3, brokers: 3, storage: "200Gi", broker: { cpu: "1", memory: "4Gi" } },
} as const satisfies Readonly<
    Record<Environment, Pick<KafkaCluster, "controllers" | "brokers" | "storage" | "broker">>
>;

/** The stack's words, with the environment's where it has none. */
export function resolveKafka(
    asked: z.output<typeof kafka>,
    environment: Environment,
    managedForm: ManagedKafkaForm,
): KafkaPlace {
    if (asked.kind === "off") return asked;
    if (asked.kind === "managed")
        return managedForm === "hubs" ? resolveHubs(asked) : resolveManaged(asked, environment);
    const own = kafkaDefaults[environment];
    const brokers = asked.brokers ?? own.brokers;
    const replication = asked.replication ?? Math.min(3, brokers);
    return {
        ...asked,
        metadata: asked.metadata ?? asked.version,
        controllers: asked.controllers ?? own.controllers,
        brokers,
        storage: asked.storage ?? own.storage,
        broker: asked.broker ?? own.broker,
        replication,
        minInsync: asked.minInsync ?? Math.max(1, replication - 1),
        schemaRegistry: resolveRegistry(asked.schemaRegistry, environment),
        topics: resolveTopics(asked.topics),
    };
}

/** GiB of each broker's volume. */
const managedStorage = { dev: 10, staging: 20, production: 200 } as const satisfies Readonly<
    Record<Environment, ManagedKafka["storageGi"]>
>;

function resolveManaged(asked: z.output<typeof managed>, environment: Environment): ManagedKafka {
    const { kind, version = "4.0", size, brokersPerZone = 1, storageGi, keepDays } = asked;
    const users = Object.entries(asked.users).map(([name, user]) => [name, { ...user, login: user.login ?? "scram" }]);
    return {
        kind,
        version,
        size,
        brokersPerZone,
        storageGi: storageGi ?? managedStorage[environment],
        keepDays,
        users: Object.fromEntries(users),
        topics: resolveTopics(asked.topics),
    };
}

function resolveHubs({ units = 1, keepDays, topics, users }: z.output<typeof managed>): KafkaHubs {
    const named = Object.entries(users).map(([name, { login: _, ...user }]) => [name, user] as const);
    const kept = Object.entries(topics).map(([name, each]) => [name, resolveHubTopic(each)] as const);
    return { kind: "hubs", units, keepDays, topics: Object.fromEntries(kept), users: Object.fromEntries(named) };
}

function resolveTopics(asked: Readonly<Record<string, z.output<typeof topic>>>): ManagedKafka["topics"] {
    return Object.fromEntries(Object.entries(asked).map(([name, each]) => [name, resolveTopic(each)]));
}

function resolveTopic(asked: z.output<typeof topic>): KafkaTopic {
    return { ...resolveHubTopic(asked), mostGi: asked.mostGi ?? 1 };
}

function resolveHubTopic({ partitions, compacted, retention }: z.output<typeof topic>): HubTopic {
    return { partitions, keeps: compacted ? { kind: "compacted" } : { kind: "time", tier: retention ?? "week" } };
}
