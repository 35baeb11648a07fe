import { Kafka } from "../data/kafka/cluster";
import { KafkaOperator } from "../data/kafka/operator";
import { kafkaNamespace } from "../foundation/kafkaNames";
import { images } from "../kubernetes/images";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { Placement } from "../kubernetes/placement";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage, systemPlace } from "./args";

/** Kafka and who runs it, where the stack has it. */
export function createKafka(args: PlatformArgs, { namespace }: TenantNamespace, stage: Stage): Kafka | undefined {
    const { kafka: asked } = args.settings.data;
    if (asked.kind === "off") return undefined;
    const place = systemPlace(args);
    const operator = new KafkaOperator("kafka-operator", { place, asked, mesh: args.settings.mesh.mode }, stage);
    return new Kafka("kafka", { place, asked, operator, applications: namespace }, stage);
}

/** Registries of images that only some stacks run. */
export function kafkaRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    const { kafka } = data;
    if (kafka.kind === "off") return [];
    const registry = kafka.schemaRegistry.kind === "off" ? [] : [images.karapace.repository];
    const ui = kafka.ui.kind === "off" ? [] : [images.kafkaUi.repository];
    return ["quay.io/strimzi/", ...registry, ...ui];
}

/** Network policies by which Kafka calls what has no address of its own. */
export function kafkaCallers({ data }: Pick<Settings, "data">) {
    const names = data.kafka.kind === "off" ? [] : ["api-server", "operator-api-server"];
    return names.map((name) => ({ namespace: kafkaNamespace, name }));
}

/** Where programs go that are the platform's own and need what the operator gives a user: its Secrets are in Kafka's namespace. */
export function besideKafka(args: PlatformArgs, { namespace }: Pick<Kafka, "namespace">): Placement {
    const { ownership, mesh } = args.settings;
    return { cluster: args.cluster, namespace, ownership, imageSources: imageSourcesOf(args), mesh: mesh.mode };
}
