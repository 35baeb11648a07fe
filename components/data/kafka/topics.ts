import { daysOf, type KafkaLogin, type KafkaTopic, type KafkaUser, kafkaListeners } from "../../foundation/kafkaNames";

const [dayMs, mi, gi] = [24 * 3600 * 1000, 2 ** 20, 2 ** 30];

/** A partition is kept in files, of which whole ones go: a sixteenth of it, so that little stays past its time, and no more than Kafka's own gibibyte. */
const files = { part: 16, most: gi, least: 16 * mi } as const;

/**
 * Settings that only this topic has; how many brokers must have what is written comes from Kafka's own.
 *
 * @see https://kafka.apache.org/documentation/#topicconfigs
 */
export function planTopic({ partitions, mostGi, keeps }: KafkaTopic, replication: number) {
    const bytes = Math.floor((mostGi * gi) / partitions);
    const segment = Math.min(files.most, Math.max(files.least, Math.floor(bytes / files.part)));
    const kept =
        keeps.kind === "compacted"
            ? { "cleanup.policy": "compact" }
            : { "cleanup.policy": "delete", "retention.ms": daysOf[keeps.tier] * dayMs, "retention.bytes": bytes };
    return { partitions, replicas: replication, config: { ...kept, "segment.bytes": segment } };
}

/**
 * What a user may do, and nothing besides: the operator makes its password, or its certificate, and no one else ever has it.
 *
 * @see https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/packaging/install/cluster-operator/044-Crd-kafkauser.yaml
 */
export function planUser(name: string, { login, produces, consumes }: KafkaUser) {
    return planAccount(login, [
        ...produces.map((topic) => acl("topic", topic, ["Describe", "Write"])),
        ...consumes.map((topic) => acl("topic", topic, ["Describe", "Read"])),
        ...(consumes.length === 0 ? [] : [acl("group", name, ["Read"], "prefix")]),
    ]);
}

/** The same of a program that is part of the platform, whose rights no setting gives. */
export function planAccount(
    login: KafkaLogin,
    acls: readonly (ReturnType<typeof acl> | ReturnType<typeof clusterAcl>)[],
) {
    const { authentication } = kafkaListeners[login];
    return { authentication: { type: authentication }, authorization: { type: "simple", acls: [...acls] } };
}

/** What may be done with topics or groups: one of a name (`*` for all), or all whose names begin with it. */
export function acl(
    type: "topic" | "group",
    name: string,
    operations: readonly string[],
    patternType: "literal" | "prefix" = "literal",
) {
    return { resource: { type, name, patternType }, operations: [...operations] };
}

/** What may be done with Kafka itself. */
export function clusterAcl(operations: readonly string[]) {
    return { resource: { type: "cluster" }, operations: [...operations] };
}
