import type { Case, Changes } from "./case";
import { behindDashboard } from "./dashboard";

const kafka = (more: object = {}): Changes => ({ "data.kafka": { kind: "cluster", ...more } });
const managed = (more: object = {}): Changes => ({ "data.kafka": { kind: "managed", ...more } });
const topics = { events: { partitions: 3, retention: "week", mostGi: 10 } };
const user = { namespace: "tars", serviceAccount: "tars-backend", produces: ["events"] };

const behindLogin = (more: object): Changes =>
    behindDashboard("kafka", { namespace: "kafka", service: "kafka-ui", port: 8080, ...more });

/** Of production on AWS: three zones, and as many nodes as its pool may have. */
export const kafkaOnAws: readonly Case[] = [
    [
        "an even number of Kafka's controllers",
        kafka({ controllers: 2 }),
        "data.kafka.controllers: is 2: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "more of Kafka's controllers than zones",
        kafka({ controllers: 5 }),
        "data.kafka.controllers: is 5, more than the 3 zones of the nodes: two would be lost with one",
    ],
    ["more of Kafka's brokers than nodes", kafka({ brokers: 99 }), "data.kafka.brokers: is 99, but there are at most"],
    [
        "more copies than Kafka's brokers",
        kafka({ brokers: 2, replication: 3 }),
        "data.kafka.replication: is 3, but there are 2 brokers",
    ],
    [
        "more copies than zones of Kafka's brokers",
        kafka({ brokers: 4, replication: 4 }),
        "data.kafka.replication: is 4, more than the 3 zones of the brokers: one would take two copies along",
    ],
    [
        "as many copies in step as there are",
        kafka({ minInsync: 3 }),
        "data.kafka.minInsync: is 3 of 3: nothing could be written while one broker is replaced",
    ],
    [
        "metadata that Kafka cannot read",
        kafka({ version: "4.2.1", metadata: "4.3.1" }),
        "data.kafka.metadata: is 4.3.1, which Kafka 4.2.1 cannot read",
    ],
    [
        "a topic that keeps for longer than anything may be kept",
        kafka({ topics: { events: { retention: "year" } } }),
        "data.kafka.topics.events.retention: is year, 365 days, longer than the 30 of keepDays",
    ],
    [
        "a compacted topic with a time",
        kafka({ topics: { state: { compacted: true, retention: "day" } } }),
        "data.kafka.topics.state.retention: is given, but a compacted topic keeps the newest of each key for ever",
    ],
    [
        "partitions too small to be kept in files",
        kafka({ topics: { events: { partitions: 100, mostGi: 1 } } }),
        "data.kafka.topics.events.mostGi: is 1, which leaves each of 100 partitions less than 256 MiB",
    ],
    [
        "topics that do not fit Kafka's volumes",
        kafka({ storage: "100Gi", topics: { events: { mostGi: 90 } } }),
        "data.kafka.topics: may hold 270 GiB in 3 copies, but 3 volumes of 100Gi have room for 240",
    ],
    [
        "a user of a topic that is not there",
        kafka({ topics, users: { backend: { ...user, consumes: ["logs"] } } }),
        "data.kafka.users.backend.consumes: names the topic logs, which is not there: there is events",
    ],
    [
        "a user of no topic",
        kafka({ topics, users: { backend: { ...user, produces: [] } } }),
        "data.kafka.users.backend: may neither write nor read anything",
    ],
    [
        "an unknown consumer of Kafka",
        kafka({ topics, users: { backend: { ...user, serviceAccount: "tars-bakend" } } }),
        "data.kafka.users.backend: is for tars/tars-bakend, an unknown consumer: it is no workload of the platform",
    ],
    [
        "a consumer in a namespace of the platform's own",
        kafka({ topics, users: { mesh: { ...user, namespace: "istio-system", serviceAccount: "istiod" } } }),
        "data.kafka.users.mesh: is for istio-system/istiod, an unknown consumer",
    ],
    [
        "a user whose Secret would be the operator's",
        kafka({ topics, users: { "kafka-cluster-ca": user } }),
        "data.kafka.users.kafka-cluster-ca: begins with kafka-, as the Secrets of Kafka itself do",
    ],
    [
        "a size of Kafka's broker that fits no node",
        kafka({ broker: { cpu: "200", memory: "4Gi" } }),
        "kafka-broker: one pod requests 200 cpu",
    ],
    [
        "a compatibility that does not exist",
        kafka({ schemaRegistry: { kind: "karapace", compatibility: "SIDEWAYS" } }),
        "data.kafka.schemaRegistry.compatibility",
    ],
    [
        "a user of the schema registry whom nobody knows",
        kafka({ topics, users: { backend: user }, schemaRegistry: { kind: "karapace", users: { bakend: "read" } } }),
        "data.kafka.schemaRegistry.users.bakend: names the user bakend, who is not there: there is backend",
    ],
    [
        "a schema registry that nobody may call",
        kafka({ schemaRegistry: { kind: "karapace" } }),
        "data.kafka.schemaRegistry.users: is karapace, but names no users, so that nobody could call it",
    ],
    [
        "a right to register schemas of no topic",
        kafka({
            topics,
            users: { reader: { ...user, produces: [], consumes: ["events"] } },
            schemaRegistry: { kind: "karapace", users: { reader: "register" } },
        }),
        "data.kafka.schemaRegistry.users.reader: is register, but the user writes to no topic whose schemas it could",
    ],
    [
        "a topic by the name of the schema registry's own",
        kafka({ topics: { "schema-registry-schemas": {} } }),
        "data.kafka.topics.schema-registry-schemas: has the name of the object of _schemas",
    ],
    ["a topic called _schemas", kafka({ topics: { _schemas: {} } }), "data.kafka.topics._schemas"],
    [
        "a user by the name of the schema registry's own",
        kafka({ topics, users: { "schema-registry": user } }),
        "data.kafka.users.schema-registry: begins with schema-registry, as the user and the Secrets",
    ],
    [
        "more of the schema registry than its certificate has names for",
        kafka({ schemaRegistry: { kind: "karapace", replicas: 6 } }),
        "data.kafka.schemaRegistry.replicas",
    ],
    [
        "Kafka UI that no dashboard leads to",
        kafka({ ui: { kind: "kafbat" } }),
        "data.kafka.ui: is kafbat, but no entry of edge.dashboards leads to it",
    ],
    [
        "Kafka UI at another port",
        { ...kafka({ ui: { kind: "kafbat" } }), ...behindLogin({ port: 80 }) },
        "edge.dashboards.kafka.port: is 80, but Kafka UI answers at 8080",
    ],
    [
        "Kafka UI that writes for everybody who logs in",
        { ...kafka({ ui: { kind: "kafbat", writes: true } }), ...behindLogin({}) },
        "edge.dashboards.kafka.groups: is missing, and data.kafka.ui.writes is true",
    ],
    [
        "a dashboard in Kafka's namespace that is not Kafka UI",
        { ...kafka({ ui: { kind: "kafbat" } }), ...behindLogin({ service: "kafka-kafka-bootstrap" }) },
        "edge.dashboards.kafka.namespace: is kafka, which is the platform's own",
    ],
    ["a name of a topic that no object may have", kafka({ topics: { Events_1: {} } }), "data.kafka.topics.Events_1"],
];

export const kafkaOnDev: readonly Case[] = [
    [
        "three controllers of Kafka where nodes are in no zones",
        kafka({ controllers: 3 }),
        "data.kafka.controllers: is 3, more than the 1 zones of the nodes",
    ],
];

/** Of a Kafka that the cloud runs, as AWS takes it. */
export const managedKafkaOnAws: readonly Case[] = [
    [
        "an unknown machine for its brokers",
        managed({ size: "kafka.t3.small" }),
        "data.kafka.size: is kafka.t3.small, which is none of the known machines",
    ],
    [
        "topics that do not fit the cloud's brokers",
        managed({ topics: { events: { mostGi: 400 } } }),
        "data.kafka.topics: may hold 1200 GiB in 3 copies, but the volumes have room for 480",
    ],
    [
        "more partitions than the cloud's brokers are good for",
        managed({
            topics: { events: { partitions: 900, mostGi: 230 }, more: { partitions: 101, mostGi: 26 } },
            storageGi: 400,
        }),
        "data.kafka.topics: have 1001 partitions, but the brokers of a zone are good for 1000",
    ],
    [
        "a topic of the cloud's Kafka that keeps for longer than anything may be kept",
        managed({ topics: { events: { retention: "year" } } }),
        "data.kafka.topics.events.retention: is year, 365 days, longer than the 30 of keepDays",
    ],
    [
        "a certificate at the cloud's Kafka",
        managed({ topics, users: { backend: { ...user, login: "tls" } } }),
        "data.kafka.users.backend.login: is tls, but a cloud's Kafka knows certificates of an authority of the cloud's own alone",
    ],
    [
        "the platform's own user at the cloud's Kafka",
        managed({ topics, users: { "kafka-admin": user } }),
        "data.kafka.users.kafka-admin: begins with kafka-",
    ],
    [
        "a schema registry beside the cloud's Kafka",
        managed({ topics, users: { backend: user }, schemaRegistry: { kind: "karapace", users: { backend: "read" } } }),
        "data.kafka.schemaRegistry: is karapace, but it has its topic and its login from the operator",
    ],
    ["pods for the cloud's Kafka", managed({ controllers: 3 }), "data.kafka.controllers"],
    [
        "units of a cloud that has brokers",
        managed({ units: 2 }),
        "data.kafka.units: is 2, but this cloud's Kafka has brokers, and no processing units",
    ],
];

/** Of topics of Event Hubs, as Azure takes them. */
export const kafkaHubsOnAzure: readonly Case[] = [
    [
        "a machine of Event Hubs",
        managed({ size: "kafka.m7g.large" }),
        "data.kafka.size: is kafka.m7g.large, but Azure's Event Hubs has no brokers of which that could be said",
    ],
    ["a version of Event Hubs", managed({ version: "4.0" }), "data.kafka.version: is 4.0, but Azure's Event Hubs"],
    [
        "a volume of Event Hubs",
        managed({ storageGi: 100, brokersPerZone: 1 }),
        "data.kafka.storageGi: is 100, but Azure's Event Hubs has no brokers",
    ],
    [
        "units that Event Hubs does not have",
        managed({ units: 3 }),
        "data.kafka.units: is 3, which Event Hubs does not have",
    ],
    [
        "a bound of bytes at Event Hubs",
        managed({ topics: { events: { mostGi: 10 } } }),
        "data.kafka.topics.events.mostGi: is 10, but Event Hubs keeps by time or by key",
    ],
    [
        "a topic of Event Hubs that keeps for longer than anything may be kept",
        managed({ topics: { events: { retention: "quarter" } } }),
        "data.kafka.topics.events.retention: is quarter, 90 days, longer than the 30 of keepDays",
    ],
    [
        "a topic that Event Hubs does not keep for so long",
        managed({ keepDays: 365, topics: { events: { retention: "year" } } }),
        "data.kafka.topics.events.retention: is year, 365 days, longer than the 90 of Event Hubs",
    ],
    [
        "a topic with more partitions than an event hub has",
        managed({ topics: { events: { partitions: 101 } } }),
        "data.kafka.topics.events.partitions: is 101, but an event hub has 100 at most",
    ],
    [
        "more partitions than units of Event Hubs have room for",
        managed({ topics: { one: { partitions: 100 }, two: { partitions: 100 }, three: { partitions: 1 } } }),
        "data.kafka.topics: have 201 partitions, but units: 1 has room for 200",
    ],
    [
        "more topics than units of Event Hubs have room for",
        managed({
            topics: Object.fromEntries(
                Array.from({ length: 101 }, (_, index) => [`topic-${index}`, { partitions: 1 }]),
            ),
        }),
        "data.kafka.topics: are 101, but units: 1 has room for 100",
    ],
    [
        "a password at Event Hubs",
        managed({ topics, users: { backend: { ...user, login: "scram" } } }),
        "data.kafka.users.backend.login: is scram, but users of Event Hubs show tokens of their service accounts",
    ],
    [
        "two users of one service account at Event Hubs",
        managed({ topics, users: { backend: user, again: user } }),
        "data.kafka.users.again: is for tars/tars-backend, as backend is, but with tokens a service account is one user",
    ],
    [
        "an unknown consumer of Event Hubs",
        managed({ topics, users: { backend: { ...user, serviceAccount: "tars-bakend" } } }),
        "data.kafka.users.backend: is for tars/tars-bakend, an unknown consumer",
    ],
    [
        "Kafka UI beside Event Hubs",
        managed({ ui: { kind: "kafbat" } }),
        "data.kafka.ui: is kafbat, but it has its topic and its login from the operator",
    ],
];

/** Where the platform has none to give. */
export const managedKafkaElsewhere = (why: string): readonly Case[] => [
    ["a Kafka of the cloud", managed(), `data.kafka.kind: is managed, ${why}`],
];
