import type { Issues } from "../foundation/issues";
import { daysOf, type HubTopic, type KafkaHubs } from "../foundation/kafkaNames";
import { checkBeside } from "./managedKafkaChecks";
import type { StackSettings } from "./schema";

const key = (name: string) => `data.kafka.${name}`;

/** Words of a stack that only brokers understand. */
const ofBrokers = ["version", "size", "brokersPerZone", "storageGi"] as const;

/** Adds what a stack asks of hubs that only brokers have: machines, passwords, a bound of bytes. */
export function checkHubs({ data }: StackSettings, { users }: KafkaHubs, issues: Issues): void {
    const asked = data.kafka;
    if (asked.kind !== "managed") return;
    for (const name of ofBrokers) {
        if (asked[name] === undefined) continue;
        const words = `is ${asked[name]}, but Azure's Event Hubs has no brokers of which that could be said`;
        issues.add(key(name), words, "remove it; units says how much there is");
    }
    for (const [name, { mostGi }] of Object.entries(asked.topics)) {
        if (mostGi === undefined) continue;
        const words = `is ${mostGi}, but Event Hubs keeps by time or by key, and bounds nothing by its size`;
        issues.add(key(`topics.${name}.mostGi`), words, "remove it; retention says when what is written goes");
    }
    for (const [name, { login }] of Object.entries(asked.users)) {
        if (login === undefined) continue;
        const words = `is ${login}, but users of Event Hubs show tokens of their service accounts, and nothing else`;
        issues.add(key(`users.${name}.login`), words, "remove it");
    }
    checkAccounts(users, issues);
    checkBeside(data, issues);
}

/** A service account can name one identity, as which its pods then log in. */
function checkAccounts(users: KafkaHubs["users"], issues: Issues): void {
    const first = new Map<string, string>();
    for (const [name, { namespace, serviceAccount }] of Object.entries(users)) {
        const account = `${namespace}/${serviceAccount}`;
        const other = first.get(account);
        first.set(account, other ?? name);
        if (other === undefined) continue;
        const words = `is for ${account}, as ${other} is, but with tokens a service account is one user`;
        issues.add(key(`users.${name}`), words, `give ${other} the topics of both, or name another service account`);
    }
}

/** What a cloud's hubs have room for. */
export interface HubLimits {
    /** How many units there can be. */
    readonly units: readonly number[];
    readonly topicsPerUnit: number;
    readonly partitionsPerUnit: number;
    readonly partitionsPerTopic: number;
    /** Days that anything is kept at most. */
    readonly days: number;
}

/** Adds topics that are more, larger or kept longer than the cloud lets them be. */
export function checkHubLimits({ units, topics }: KafkaHubs, limits: HubLimits, issues: Issues): void {
    if (!limits.units.includes(units)) {
        issues.add(key("units"), `is ${units}, which Event Hubs does not have`, `set ${limits.units.join(", ")}`);
    }
    const all = Object.entries(topics);
    for (const [name, topic] of all) checkHub(key(`topics.${name}`), topic, limits, issues);
    const most = limits.topicsPerUnit * units;
    if (all.length > most) {
        const words = `are ${all.length}, but units: ${units} has room for ${most}`;
        issues.add(key("topics"), words, "raise units, or ask for fewer topics");
    }
    const partitions = all.reduce((sum, [, topic]) => sum + topic.partitions, 0);
    const room = limits.partitionsPerUnit * units;
    if (partitions <= room) return;
    const words = `have ${partitions} partitions, but units: ${units} has room for ${room}`;
    issues.add(key("topics"), words, "raise units, or ask for fewer partitions");
}

function checkHub(place: string, { partitions, keeps }: HubTopic, limits: HubLimits, issues: Issues): void {
    if (partitions > limits.partitionsPerTopic) {
        const words = `is ${partitions}, but an event hub has ${limits.partitionsPerTopic} at most`;
        issues.add(`${place}.partitions`, words, `set at most ${limits.partitionsPerTopic}`);
    }
    if (keeps.kind === "compacted" || daysOf[keeps.tier] <= limits.days) return;
    const words = `is ${keeps.tier}, ${daysOf[keeps.tier]} days, longer than the ${limits.days} of Event Hubs`;
    issues.add(`${place}.retention`, words, "choose a shorter one; what must be kept longer goes to a store");
}
