import { type Schema, specSchema } from "./definitions";

/** Files of Strimzi's definitions by kind. */
export const definitions: Readonly<Record<string, string>> = {
    Kafka: "040-Crd-kafka",
    KafkaTopic: "043-Crd-kafkatopic",
    KafkaUser: "044-Crd-kafkauser",
    KafkaNodePool: "045-Crd-kafkanodepool",
};

/** What the definition of a kind says of its `spec`. */
export function schemaOf(kind: string): Schema {
    return specSchema(`strimzi/${definitions[kind]}`);
}
