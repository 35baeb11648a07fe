import type { Issues } from "../foundation/issues";
import {
    daysOf,
    type HubTopic,
    type KafkaCluster,
    type KafkaHubs,
    kafkaCluster,
    kafkaVersions,
    type ManagedKafka,
} from "../foundation/kafkaNames";
import { kafkaUiPlace } from "../foundation/kafkaUi";
import type { NodePoolPlan } from "../foundation/pools";
import { bytes } from "../foundation/quantities";
import { checkConsumer } from "./consumerChecks";
import { checkHubs } from "./kafkaHubsChecks";
import { copiesGi } from "./kafkaRoom";
import { checkManagedKafka } from "./managedKafkaChecks";
import { checkPage, type Page } from "./pageChecks";
import { type AskedStack, checkOdd, checkZones, zonesOf } from "./quorumChecks";
import type { StackSettings } from "./schema";
import { checkRegistry, registryGi } from "./schemaRegistryChecks";

/** Adds what Kafka cannot be: without a majority, on nodes or in zones that are not there, fuller than its volumes, open to nobody knows whom. */
export function checkKafka({ common, settings, pools }: AskedStack, issues: Issues): void {
    const asked = settings.data.kafka;
    if (asked.kind === "off") return;
    checkTopics(common, asked, issues);
    checkUsers(asked, issues);
    if (asked.kind === "hubs") {
        checkHubs(common, asked, issues);
        return;
    }
    checkFiles(asked, issues);
    if (asked.kind === "managed") {
        checkManagedKafka(common, asked, issues);
        return;
    }
    const zones = zonesOf(pools, ["general"]);
    checkOdd(key("controllers"), asked.controllers, issues);
    checkZones(key("controllers"), asked.controllers, zones, issues);
    checkBrokers(asked, pools, issues);
    checkReplicas(asked, zones, issues);
    checkMetadata(asked, issues);
    checkRoom(asked, issues);
    checkRegistry(asked, issues);
    checkPage(settings, pageOf(asked), issues);
}

function pageOf({ ui }: KafkaCluster): Page {
    const page = { key: key("ui"), title: "Kafka UI", place: kafkaUiPlace, asked: ui };
    return { ...page, couldDo: "write to every topic", docs: "docs/schema-registry.md" };
}

const key = (name: string) => `data.kafka.${name}`;

/** Each is on a node of its own. */
function checkBrokers({ brokers }: KafkaCluster, pools: readonly NodePoolPlan[], issues: Issues): void {
    const nodes = pools.find(({ role }) => role === "general")?.nodes.max;
    if (nodes === undefined || brokers <= nodes) return;
    const words = `is ${brokers}, but there are at most ${nodes} nodes, and each broker has one of its own`;
    issues.add(key("brokers"), words, `set at most ${nodes}, or raise the nodes' max`);
}

function checkReplicas({ replication, minInsync, brokers }: KafkaCluster, zones: number, issues: Issues): void {
    if (replication > brokers) {
        const words = `is ${replication}, but there are ${brokers} brokers`;
        issues.add(key("replication"), words, `set at most ${brokers}, or more brokers`);
    }
    if (replication > zones) {
        const words = `is ${replication}, more than the ${zones} zones of the brokers: one would take two copies along`;
        issues.add(key("replication"), words, `set at most ${zones}, or give the nodes more zones`);
    }
    if (replication === 1 || minInsync < replication) return;
    const words = `is ${minInsync} of ${replication}: nothing could be written while one broker is replaced`;
    issues.add(key("minInsync"), words, `set at most ${replication - 1}, or a higher replication`);
}

function checkMetadata({ version, metadata }: KafkaCluster, issues: Issues): void {
    if (kafkaVersions.indexOf(metadata) <= kafkaVersions.indexOf(version)) return;
    const words = `is ${metadata}, which Kafka ${version} cannot read`;
    issues.add(key("metadata"), words, `set ${version} or lower, or raise version`);
}

/** What Kafka is asked for wherever it runs. */
type Asked = KafkaCluster | ManagedKafka | KafkaHubs;

function checkTopics({ data: { kafka } }: StackSettings, { keepDays, topics }: Asked, issues: Issues): void {
    for (const [name, { keeps }] of Object.entries<HubTopic>(topics)) {
        const place = key(`topics.${name}`);
        if (kafka.kind !== "off" && kafka.topics[name]?.compacted && kafka.topics[name].retention !== undefined) {
            const words = "is given, but a compacted topic keeps the newest of each key for ever";
            issues.add(`${place}.retention`, words, "remove it, or compacted");
        }
        if (keeps.kind === "time" && daysOf[keeps.tier] > keepDays) {
            const words = `is ${keeps.tier}, ${daysOf[keeps.tier]} days, longer than the ${keepDays} of keepDays`;
            issues.add(`${place}.retention`, words, "choose a shorter one, or raise data.kafka.keepDays");
        }
    }
}

function checkFiles({ topics }: KafkaCluster | ManagedKafka, issues: Issues): void {
    for (const [name, { partitions, mostGi }] of Object.entries(topics)) {
        if (mostGi * 1024 >= partitions * leastMi) continue;
        const words = `is ${mostGi}, which leaves each of ${partitions} partitions less than ${leastMi} MiB`;
        const least = Math.ceil((partitions * leastMi) / 1024);
        issues.add(key(`topics.${name}.mostGi`), words, `set at least ${least}, or fewer partitions`);
    }
}

/**
 * Least of a partition, in MiB: it is kept and deleted in pieces of a sixteenth of it at least, and pieces below 16 are many files (docs/kafka.md).
 */
const leastMi = 256;

/** All topics at their largest, in all their copies. */
function checkRoom({ topics, brokers, storage, replication, schemaRegistry }: KafkaCluster, issues: Issues): void {
    const { needed, room } = copiesGi(
        [registryGi(schemaRegistry), ...Object.values(topics).map(({ mostGi }) => mostGi)],
        { brokers, copies: replication, bytes: bytes(storage) },
    );
    if (needed <= room) return;
    const words = `may hold ${needed} GiB in ${replication} copies, but ${brokers} volumes of ${storage} have room for ${room}`;
    issues.add(key("topics"), words, "raise storage or brokers, or lower mostGi of some");
}

function checkUsers({ topics, users }: Asked, issues: Issues): void {
    for (const [name, user] of Object.entries(users)) {
        const place = key(`users.${name}`);
        for (const way of ["produces", "consumes"] as const)
            checkTopicsOf(`${place}.${way}`, user[way], topics, issues);
        if (user.produces.length + user.consumes.length === 0) {
            issues.add(
                place,
                "may neither write nor read anything",
                "name topics in produces or consumes, or remove it",
            );
        }
        if (name.startsWith(`${kafkaCluster}-`)) {
            const words = `begins with ${kafkaCluster}-, as the Secrets of Kafka itself do, and its Secret has its name`;
            issues.add(place, words, "choose another name");
        }
        checkConsumer(place, user, issues);
    }
}

function checkTopicsOf(
    place: string,
    named: readonly string[],
    topics: Readonly<Record<string, HubTopic>>,
    issues: Issues,
): void {
    for (const topic of named.filter((each) => topics[each] === undefined)) {
        const known = Object.keys(topics).join(", ") || "none";
        const words = `names the topic ${topic}, which is not there: there is ${known}`;
        issues.add(place, words, "add it to data.kafka.topics, or remove it here");
    }
}
