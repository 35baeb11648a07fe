import { Kafka } from "../data/kafka/cluster";
import { KafkaOperator } from "../data/kafka/operator";
import { kafkaNamespace } from "../foundation/kafkaNames";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { Settings } from "../settings/schema";
import { type PlatformArgs, type Stage, systemPlace } from "./args";

/** Kafka and who runs it, where the stack has it. */
export function createKafka(args: PlatformArgs, { namespace }: TenantNamespace, stage: Stage): Kafka | undefined {
    const { kafka: asked } = args.settings.data;
    if (asked.kind === "off") return undefined;
    const place = systemPlace(args);
    const operator = new KafkaOperator("kafka-operator", { place, asked }, stage);
    return new Kafka("kafka", { place, asked, operator, applications: namespace }, stage);
}

/** Registries of images that only some stacks run. */
export function kafkaRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    return data.kafka.kind === "off" ? [] : ["quay.io/strimzi/"];
}

/** Network policies by which Kafka calls what has no address of its own. */
export function kafkaCallers({ data }: Pick<Settings, "data">) {
    return data.kafka.kind === "off" ? [] : [{ namespace: kafkaNamespace, name: "api-server" }];
}
