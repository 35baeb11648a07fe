import { type Answer, all, any } from "../reading/answers";
import { type Read, undecided, type Value } from "../reading/value";
import { holdsUnreadChart } from "./charts";
import { isSameNamespace } from "./namespaces";
import { podMetadataOf, podTemplatesOf } from "./podTemplates";
import type { Stack } from "./stack";
import { namespaceOf, type Subject } from "./subject";

/** The pods that one object makes of one template, as selectors and policies see them. */
export interface PodSet {
    readonly subject: Subject;
    readonly namespace: Read<string>;
    readonly labels: Value;
    readonly spec: Value;
}

/**
 * Kinds whose operator makes pods under labels of its own, which no stack shows (upstream CRDs of CloudNativePG, Strimzi, ECK,
 * ClickHouse, Redis, Valkey, Prometheus, OpenTelemetry, Ray, KServe, Flink and Gateway API), and releases that Helm unpacks by itself.
 */
const makers = [
    "agent.k8s.elastic.co/Agent",
    "apm.k8s.elastic.co/ApmServer",
    "beat.k8s.elastic.co/Beat",
    "clickhouse-keeper.altinity.com/ClickHouseKeeperInstallation",
    "clickhouse.altinity.com/ClickHouseInstallation",
    "elasticsearch.k8s.elastic.co/Elasticsearch",
    "flink.apache.org/FlinkDeployment",
    "gateway.networking.k8s.io/Gateway",
    "helm.sh/Release",
    "kafka.strimzi.io/Kafka",
    "kafka.strimzi.io/KafkaBridge",
    "kafka.strimzi.io/KafkaConnect",
    "kafka.strimzi.io/KafkaMirrorMaker2",
    "kafka.strimzi.io/KafkaNodePool",
    "kibana.k8s.elastic.co/Kibana",
    "logstash.k8s.elastic.co/Logstash",
    "monitoring.coreos.com/Alertmanager",
    "monitoring.coreos.com/Prometheus",
    "monitoring.coreos.com/PrometheusAgent",
    "monitoring.coreos.com/ThanosRuler",
    "opentelemetry.io/OpenTelemetryCollector",
    "postgresql.cnpg.io/Cluster",
    "postgresql.cnpg.io/Pooler",
    "ray.io/RayCluster",
    "ray.io/RayJob",
    "ray.io/RayService",
    "redis.redis.opstreelabs.in/Redis",
    "redis.redis.opstreelabs.in/RedisCluster",
    "redis.redis.opstreelabs.in/RedisReplication",
    "redis.redis.opstreelabs.in/RedisSentinel",
    "serving.kserve.io/InferenceService",
    "valkey.io/ValkeyCluster",
] as const;

/** All pods of a stack whose labels it states. */
export function podSetsOf(stack: Stack): readonly PodSet[] {
    return stack.workloads.flatMap((subject) => {
        const labels = podMetadataOf(subject)?.get("labels");
        const [template] = podTemplatesOf(subject);
        return labels && template ? [{ subject, namespace: namespaceOf(subject), labels, spec: template.spec }] : [];
    });
}

/** The sets of pods of one namespace; one whose own is not known may be there. */
export function inNamespace(sets: readonly PodSet[], namespace: Read<string>): readonly PodSet[] {
    return sets.filter((set) => isSameNamespace(set.namespace, namespace) !== false);
}

/**
 * Whether an object that selects pods selects none of its namespace, by what `picks` says of each set there. Pods of an operator are
 * seen by nobody, and may be the ones that it means; files may be given without those of the pods.
 */
export function selectsNone(
    { stack, sets }: { readonly stack: Stack; readonly sets: readonly PodSet[] },
    selector: Subject,
    picks: (set: PodSet) => Answer,
): Answer {
    const namespace = namespaceOf(selector);
    const own = sets.map((set) => all([isSameNamespace(set.namespace, namespace), picks(set)]));
    const picked = any(own);
    if (picked !== false) return picked === undecided ? undecided : false;
    if (holdsMaker(stack, namespace) || holdsUnreadChart(stack, namespace)) return false;
    return selector.resource.origin === "manifest" ? undecided : true;
}

/** Whether an operator makes pods in a namespace that nobody sees. */
export function holdsMaker(stack: Stack, namespace: Read<string>): boolean {
    return stack.of(...makers).some((maker) => isSameNamespace(namespaceOf(maker), namespace) !== false);
}
