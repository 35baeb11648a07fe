import { type KafkaUser, kafkaListeners, kafkaLogins } from "../../foundation/kafkaNames";

/** Kafka's listeners as Strimzi writes them. */
export type Listeners = ReturnType<typeof planListeners>;

/** One for each kind of login that a user has, and that of passwords also where nobody has any: Kafka needs one. What may reach them, the platform's own policies say. */
export function planListeners(users: readonly KafkaUser[]) {
    return kafkaLogins
        .filter((login) => login === "scram" || users.some((user) => user.login === login))
        .map((login) => {
            const { name, port, authentication } = kafkaListeners[login];
            return { name, port, type: "internal", tls: true, authentication: { type: authentication } };
        });
}
