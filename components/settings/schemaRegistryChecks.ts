import type { Issues } from "../foundation/issues";
import type { KafkaCluster } from "../foundation/kafkaNames";
import { type RegistryPlace, registryName, registryTopic, type SchemaRegistry } from "../foundation/schemaRegistry";

const key = (name: string) => `data.kafka.${name}`;

/** What its topic may come to, as the arithmetic of volumes counts it: a schema is a few KiB, and the newest of each stays. */
export function registryGi({ kind }: RegistryPlace): number {
    return kind === "off" ? 0 : 1;
}

/** Adds what the schema registry cannot be: called by nobody knows whom, or mixed up with a topic or a user. */
export function checkRegistry(kafka: KafkaCluster, issues: Issues): void {
    checkNames(kafka, issues);
    if (kafka.schemaRegistry.kind === "off") return;
    checkUsers(kafka.schemaRegistry, kafka, issues);
    checkCallers(kafka.schemaRegistry, kafka, issues);
}

/** Its objects in the namespace of Kafka, also where there is none yet: the day that it comes, a topic of its name would become its own. */
function checkNames({ topics, users }: KafkaCluster, issues: Issues): void {
    if (topics[registryTopic.object] !== undefined) {
        const words = `has the name of the object of ${registryTopic.name}, which the schema registry keeps all schemas in`;
        issues.add(key(`topics.${registryTopic.object}`), words, "choose another name");
    }
    for (const name of Object.keys(users).filter(
        (each) => each === registryName || each.startsWith(`${registryName}-`),
    )) {
        const words = `begins with ${registryName}, as the user and the Secrets of the schema registry do`;
        issues.add(key(`users.${name}`), words, "choose another name");
    }
}

function checkUsers({ users: named }: SchemaRegistry, { users }: KafkaCluster, issues: Issues): void {
    for (const [name, right] of Object.entries(named)) {
        const place = key(`schemaRegistry.users.${name}`);
        const user = users[name];
        if (user === undefined) {
            const known = Object.keys(users).join(", ") || "none";
            const words = `names the user ${name}, who is not there: there is ${known}`;
            issues.add(place, words, "add it to data.kafka.users, or remove it here");
        } else if (right === "register" && user.produces.length === 0) {
            const words = "is register, but the user writes to no topic whose schemas it could register";
            issues.add(place, words, `set read, or name topics in ${key(`users.${name}.produces`)}`);
        }
    }
}

function checkCallers({ kind, users }: SchemaRegistry, { ui }: KafkaCluster, issues: Issues): void {
    if (Object.keys(users).length > 0 || ui.kind !== "off") return;
    const words = `is ${kind}, but names no users, so that nobody could call it`;
    issues.add(
        key("schemaRegistry.users"),
        words,
        "name some of data.kafka.users, or remove data.kafka.schemaRegistry",
    );
}
