import { Kafka } from "../data/kafka/cluster";
import { KafkaHubs } from "../data/kafka/hubs";
import { ManagedKafka } from "../data/kafka/managed";
import { KafkaOperator } from "../data/kafka/operator";
import { planTopic } from "../data/kafka/topics";
import { kafkaNamespace } from "../foundation/kafkaNames";
import { images } from "../kubernetes/images";
import type { TenantNamespace } from "../kubernetes/namespace";
import type { Placement } from "../kubernetes/placement";
import type { Mesh } from "../mesh/mesh";
import type { GeneratedSecrets } from "../security/generated";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage, systemPlace } from "./args";

/** Kafka and who runs it, where the stack has it. */
export function createKafka(args: PlatformArgs, { namespace }: TenantNamespace, stage: Stage): Kafka | undefined {
    const { kafka: asked } = args.settings.data;
    if (asked.kind !== "cluster") return undefined;
    const place = systemPlace(args);
    const operator = new KafkaOperator("kafka-operator", { place, asked, mesh: args.settings.mesh.mode }, stage);
    return new Kafka("kafka", { place, asked, operator, applications: namespace }, stage);
}

interface BehindManaged {
    readonly tenant: TenantNamespace;
    readonly secrets: Pick<GeneratedSecrets, "kafkaPasswords">;
    readonly mesh: Mesh;
}

/** Kafka of the cloud, and the way to it, where the stack has that. */
export function createManagedKafka(
    args: PlatformArgs,
    { tenant, secrets: { kafkaPasswords: passwords }, mesh: { istio } }: BehindManaged,
    stage: Stage,
): ManagedKafka | undefined {
    const { data, mesh } = args.settings;
    if (data.kafka.kind !== "managed") return undefined;
    if (args.createStreaming === undefined) throw new RangeError("a managed Kafka passed the check of its cloud");
    if (passwords === undefined) throw new RangeError("a managed Kafka without passwords");
    const { kind, users, ...plan } = data.kafka;
    const topics = Object.entries(plan.topics).map(([name, topic]) => {
        // How many copies there are is the cloud's to say, by its zones.
        const { partitions, config } = planTopic(topic, 0);
        return [name, { partitions, config }] as const;
    });
    const server = args.createStreaming("kafka-server", { ...plan, topics: Object.fromEntries(topics) });
    const { namespace: applications } = tenant;
    const place = systemPlace(args);
    const behind = { place, asked: data.kafka, server, passwords, mesh: mesh.mode, istio, applications };
    return new ManagedKafka("kafka", behind, stage);
}

/** Topics of the cloud that speak Kafka's protocol, and the way to them, where the stack has that. */
export function createKafkaHubs(
    args: PlatformArgs,
    { tenant: { namespace: applications }, mesh: { istio } }: Pick<BehindManaged, "tenant" | "mesh">,
    stage: Stage,
): KafkaHubs | undefined {
    const { data, mesh } = args.settings;
    const { kafka: asked } = data;
    if (asked.kind !== "hubs") return undefined;
    if (args.createHubs === undefined) throw new RangeError("hubs passed the check of a cloud that has none");
    const { units, topics, users } = asked;
    const hubs = args.createHubs("kafka-hubs", { units, topics, users });
    const behind = { place: systemPlace(args), asked, hubs, mesh: mesh.mode, istio, applications };
    return new KafkaHubs("kafka", behind, stage);
}

/** Registries of images that only some stacks run. */
export function kafkaRepositories({ data }: Pick<Settings, "data">): readonly string[] {
    const { kafka } = data;
    if (kafka.kind === "off" || kafka.kind === "hubs") return [];
    if (kafka.kind === "managed") return ["quay.io/strimzi/"];
    const registry = kafka.schemaRegistry.kind === "off" ? [] : [images.karapace.repository];
    const ui = kafka.ui.kind === "off" ? [] : [images.kafkaUi.repository];
    return ["quay.io/strimzi/", ...registry, ...ui];
}

/** Network policies by which Kafka calls what has no address of its own. */
export function kafkaCallers({ data }: Pick<Settings, "data">) {
    const names = data.kafka.kind === "cluster" ? ["api-server", "operator-api-server"] : [];
    return names.map((name) => ({ namespace: kafkaNamespace, name }));
}

/** Where programs go that are the platform's own and need what the operator gives a user: its Secrets are in Kafka's namespace. */
export function besideKafka(args: PlatformArgs, { namespace }: Pick<Kafka, "namespace">): Placement {
    const { ownership, mesh } = args.settings;
    return { cluster: args.cluster, namespace, ownership, imageSources: imageSourcesOf(args), mesh: mesh.mode };
}
