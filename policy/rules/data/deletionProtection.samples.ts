import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const guarded = (resource: Resource): Resource => ({ ...resource, options: { protect: true } });
const bucket = cloudResource("aws:s3/bucket:Bucket", { bucket: "data" });
const database = (inputs: Mapping): Resource => cloudResource("aws:rds/instance:Instance", inputs);
const statefulSet = (policy: Mapping): Resource =>
    kubernetesResource("apps/v1", "StatefulSet", {
        metadata: { name: "db", namespace: "shop" },
        spec: { persistentVolumeClaimRetentionPolicy: policy },
    });
const volume = (policy: string): Resource =>
    kubernetesResource("core/v1", "PersistentVolume", { spec: { persistentVolumeReclaimPolicy: policy } });
const elasticsearch = (spec: Mapping): Resource =>
    kubernetesResource("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", { spec });

export const passing: readonly Sample[] = [
    sampleOf(database({ deletionProtection: true })),
    sampleOf(guarded(bucket)),
    { ...sampleOf(bucket), ...{ environment: "staging" } },
    sampleOf(statefulSet({})),
    sampleOf(statefulSet({ whenDeleted: "Retain", whenScaled: "Delete" })),
    sampleOf(guarded(statefulSet({ whenDeleted: "Delete" }))),
    sampleOf(volume("Retain")),
    sampleOf(elasticsearch({ volumeClaimDeletePolicy: "DeleteOnScaledownOnly" })),
    sampleOf({ ...elasticsearch({}), origin: "manifest" }),
];

const bare = "is not set, and nothing else keeps the data";
const deletes = "does not keep the data, and protect is not set";

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(bucket), problem: bare },
    { sample: sampleOf(cloudResource("azure-native:storage:StorageAccount", {})), problem: bare },
    { sample: sampleOf(kubernetesResource("postgresql.cnpg.io/v1", "Cluster", { spec: {} })), problem: bare },
    { sample: sampleOf(database({})), problem: bare },
    { sample: sampleOf(database({ deletionProtection: false })), problem: deletes },
    { sample: sampleOf(statefulSet({ whenDeleted: "Delete" })), problem: deletes },
    { sample: sampleOf(volume("Delete")), problem: deletes },
    { sample: sampleOf({ ...volume("Delete"), origin: "manifest" }), problem: deletes },
];
