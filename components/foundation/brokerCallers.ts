import { type KafkaCaller, type KafkaCluster, kafkaNamespace } from "./kafkaNames";
import { kafkaUiName } from "./kafkaUi";
import { registryName } from "./schemaRegistry";

/** All whose pods call brokers: the users that the stack names, and what is beside Kafka. */
export function brokerCallers({ users, schemaRegistry, ui }: KafkaCluster): readonly KafkaCaller[] {
    const own = (serviceAccount: string): KafkaCaller => ({
        namespace: kafkaNamespace,
        serviceAccount,
        login: "scram",
    });
    return [
        ...Object.values(users),
        ...(schemaRegistry.kind === "off" ? [] : [own(registryName)]),
        ...(ui.kind === "off" ? [] : [own(kafkaUiName)]),
    ];
}
