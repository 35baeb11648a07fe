import { absent, type Read, undecided, type Value } from "../reading/value";
import { keyOf } from "../resources/kind";
import type { Subject } from "../resources/subject";

/** What by itself keeps the data of a kind when the resource goes. */
interface Keeper {
    readonly path: readonly string[];
    /** Values under which the data stays; `absent` where the API keeps it by default. */
    readonly kept: readonly Read<string | boolean>[];
}

const deletionProtection: Keeper = { path: ["deletionProtection"], kept: [true] };

/**
 * Kinds that hold what nothing in the program can bring back: data, keys without which data cannot be read, and what everything else
 * stands in; with what else than `protect` keeps each. A Namespace is not among them: what it takes along are claims, and their
 * volumes stay by the reclaim policy that SEC-04 asks for.
 */
const stateful: Readonly<Record<string, Keeper | undefined>> = {
    // Kubernetes keeps the claims of a StatefulSet where it does not say otherwise:
    // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention
    "apps/StatefulSet": {
        path: ["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"],
        kept: [absent, "Retain"],
    },
    "core/PersistentVolume": { path: ["spec", "persistentVolumeReclaimPolicy"], kept: [absent, "Retain"] },
    "core/PersistentVolumeClaim": undefined,
    // Its objects are the custom resources of every namespace, and go along.
    "apiextensions.k8s.io/CustomResourceDefinition": {
        path: ["metadata", "annotations", "helm.sh/resource-policy"],
        kept: ["keep"],
    },
    // These operators delete the volumes with the object.
    "postgresql.cnpg.io/Cluster": undefined,
    "kafka.strimzi.io/Kafka": undefined,
    "kafka.strimzi.io/KafkaNodePool": undefined,
    "kafka.strimzi.io/KafkaTopic": undefined,
    "redis.redis.opstreelabs.in/Redis": undefined,
    "redis.redis.opstreelabs.in/RedisCluster": undefined,
    "redis.redis.opstreelabs.in/RedisReplication": undefined,
    "clickhouse.altinity.com/ClickHouseInstallation": undefined,
    "clickhouse-keeper.altinity.com/ClickHouseKeeperInstallation": undefined,
    "elasticsearch.k8s.elastic.co/Elasticsearch": {
        path: ["spec", "volumeClaimDeletePolicy"],
        kept: ["DeleteOnScaledownOnly"],
    },
    "eks:index/Cluster": deletionProtection,
    "aws:cloudwatch/LogGroup": { path: ["deletionProtectionEnabled"], kept: [true] },
    "aws:dynamodb/Table": { path: ["deletionProtectionEnabled"], kept: [true] },
    "aws:ebs/Volume": undefined,
    "aws:ec2/Vpc": undefined,
    "aws:ecr/Repository": undefined,
    "aws:efs/FileSystem": undefined,
    "aws:eks/Cluster": deletionProtection,
    "aws:elasticache/ReplicationGroup": undefined,
    "aws:kms/Key": undefined,
    "aws:msk/Cluster": undefined,
    "aws:msk/Topic": undefined,
    "aws:opensearch/Domain": undefined,
    "aws:rds/Cluster": deletionProtection,
    "aws:rds/Instance": deletionProtection,
    "aws:route53/Zone": undefined,
    "aws:s3/Bucket": undefined,
    "azure-native:cache/Redis": undefined,
    "azure-native:compute/Disk": undefined,
    "azure-native:compute/DiskEncryptionSet": undefined,
    "azure-native:containerregistry/Registry": undefined,
    "azure-native:containerservice/ManagedCluster": undefined,
    "azure-native:dbforpostgresql/Server": undefined,
    "azure-native:dns/Zone": undefined,
    "azure-native:eventhub/EventHub": undefined,
    "azure-native:eventhub/Namespace": undefined,
    "azure-native:keyvault/Key": undefined,
    "azure-native:keyvault/Vault": undefined,
    "azure-native:network/VirtualNetwork": undefined,
    "azure-native:operationalinsights/Workspace": undefined,
    "azure-native:resources/ResourceGroup": undefined,
    "azure-native:storage/BlobContainer": undefined,
    "azure-native:storage/StorageAccount": undefined,
};

/** For the `kinds` of a rule. */
export const statefulKinds: readonly string[] = Object.keys(stateful);

/** Whether a resource of this kind loses something when it is deleted or replaced. */
export function isStateful({ kind }: Pick<Subject, "kind">): boolean {
    return Object.hasOwn(stateful, keyOf(kind));
}

/** The property that keeps the data of a resource when it goes, and whether it does; undefined for a kind that has none. */
export function keeperOf({
    kind,
    object,
}: Subject): { readonly value: Value; readonly keeps: Read<boolean> } | undefined {
    const keeper = stateful[keyOf(kind)];
    if (!keeper) return undefined;
    const value = object.get(...keeper.path);
    const read = keeper.kept.includes(true) ? value.boolean() : value.text();
    return { value, keeps: read === undecided ? undecided : keeper.kept.includes(read) };
}
