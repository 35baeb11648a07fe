import type { Issues } from "../foundation/issues";
import type { BrokerMachine, ManagedKafka } from "../foundation/kafkaNames";
import { copiesGi } from "./kafkaRoom";
import type { Settings, StackSettings } from "./schema";

const key = (name: string) => `data.kafka.${name}`;

/** Adds what a stack asks of a cloud's brokers that only Kafka in the cluster, or another cloud, has. */
export function checkManagedKafka({ data }: StackSettings, { users }: ManagedKafka, issues: Issues): void {
    for (const [name, { login }] of Object.entries(users)) {
        if (login === "scram") continue;
        const words = "is tls, but a cloud's Kafka knows certificates of an authority of the cloud's own alone";
        issues.add(key(`users.${name}.login`), words, "set scram, or remove it");
    }
    if (data.kafka.kind === "managed" && data.kafka.units !== undefined) {
        const words = `is ${data.kafka.units}, but this cloud's Kafka has brokers, and no processing units`;
        issues.add(key("units"), words, "remove it; size and brokersPerZone say how much there is");
    }
    checkBeside(data, issues);
}

/** Adds what stands beside Kafka in the cluster alone. */
export function checkBeside({ kafka: asked }: StackSettings["data"], issues: Issues): void {
    if (asked.kind !== "managed") return;
    const beside = { schemaRegistry: asked.schemaRegistry.kind, ui: asked.ui.kind };
    for (const [part, kind] of Object.entries(beside)) {
        if (kind === "off") continue;
        const words = `is ${kind}, but it has its topic and its login from the operator of Kafka in the cluster`;
        issues.add(key(part), words, "remove it, or set data.kafka.kind to cluster");
    }
}

/** What a cloud would make of it: brokers in so many zones, each of which has a copy. */
export interface BrokerPlaces {
    readonly zones: number;
    readonly machines: Readonly<Record<string, BrokerMachine>>;
    readonly machine: string;
}

/** Adds a machine that the cloud's table does not have, and topics that are too much for its brokers. */
export function checkBrokers(asked: ManagedKafka, { zones, machines, machine }: BrokerPlaces, issues: Issues): void {
    const found = Object.hasOwn(machines, machine) ? machines[machine] : undefined;
    const all = Object.keys(machines).join(", ");
    if (found === undefined) {
        issues.add(key("size"), `is ${machine}, which is none of the known machines`, `choose one of ${all}`);
    }
    const topics = Object.values(asked.topics);
    const { needed, room } = copiesGi(
        topics.map(({ mostGi }) => mostGi),
        { brokers: asked.brokersPerZone * zones, copies: zones, bytes: asked.storageGi * 2 ** 30 },
    );
    if (needed > room) {
        const words = `may hold ${needed} GiB in ${zones} copies, but the volumes have room for ${room}`;
        issues.add(key("topics"), words, "raise storageGi or brokersPerZone, or lower mostGi of some");
    }
    // Each zone has a copy of all, and its brokers share them.
    const partitions = topics.reduce((sum, topic) => sum + topic.partitions, 0);
    const most = (found?.partitions ?? Number.POSITIVE_INFINITY) * asked.brokersPerZone;
    if (partitions <= most) return;
    const words = `have ${partitions} partitions, but the brokers of a zone are good for ${most}`;
    issues.add(key("topics"), words, "raise brokersPerZone, choose a larger size, or ask for fewer partitions");
}

/** Refuses Kafka of the cloud where the platform has none to give. @param why in words that go on a sentence about the kind */
export function refuseManagedKafka({ data: { kafka } }: Settings, why: string, issues: Issues): void {
    if (kafka.kind !== "managed") return;
    issues.add(key("kind"), `is managed, ${why}`, "set cluster, or remove it; cloud: aws and azure have one");
}
