import type { FailingSample, Resource, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const object = (version: string, kind: string, name: string, inputs: Mapping): Resource =>
    kubernetesResource(version, kind, { metadata: { name, namespace: "shop" }, ...inputs }, `${kind}-${name}`);

const drill = (service: string, spec: Mapping = {}): Resource =>
    kubernetesResource("batch/v1", "CronJob", {
        metadata: { name: "drill", labels: { "tars-platform/restore-drill": service } },
        spec,
    });
const plugin = {
    name: "barman-cloud.cloudnative-pg.io",
    isWALArchiver: true,
    parameters: { barmanObjectName: "backups" },
} as const;
const postgres = (plugins: readonly Mapping[] = [plugin]) =>
    object("postgresql.cnpg.io/v1", "Cluster", "orders", { spec: { plugins } });
const scheduled = (spec: Mapping = {}) =>
    object("postgresql.cnpg.io/v1", "ScheduledBackup", "nightly", { spec: { cluster: { name: "orders" }, ...spec } });
const store = (spec: Mapping = { retentionPolicy: "30d" }) =>
    object("barmancloud.cnpg.io/v1", "ObjectStore", "backups", { spec });
const claiming = object("apps/v1", "StatefulSet", "vectors", {
    spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
});
const excused = (annotations: Mapping) =>
    kubernetesResource("apps/v1", "StatefulSet", {
        metadata: { name: "vectors", namespace: "shop", annotations },
        spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] },
    });
const keeping = (variable: string) =>
    kubernetesResource("apps/v1", "StatefulSet", {
        metadata: { name: "vectors", namespace: "shop" },
        spec: {
            volumeClaimTemplates: [{ metadata: { name: "data" } }],
            template: { spec: { containers: [{ name: "app", env: [{ name: variable, value: "backups" }] }] } },
        },
    });
const unkept = { "tars-platform/not-backed-up-because": "there is no store" } as const;
const velero = (template: Mapping = {}, spec: Mapping = {}) =>
    object("velero.io/v1", "Schedule", "nightly", {
        spec: { ...spec, template: { includedNamespaces: ["shop"], ...template } },
    });
const location = object("velero.io/v1", "BackupStorageLocation", "default", {
    spec: { objectStorage: { bucket: "backups" } },
});
const elastic = object("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", "logs", {
    spec: { repository: "s3://backups/logs" },
});

const passes = (...resources: readonly Resource[]): Sample => sampleOf(...resources);

export const passing: readonly Sample[] = [
    passes(postgres(), scheduled(), store(), drill("orders")),
    passes(claiming, velero(), location, drill("vectors")),
    passes(claiming, velero({ includedNamespaces: ["*"], ttl: "720h" }), location, drill("vectors")),
    passes(claiming, velero({ includedNamespaces: [] }), location, drill("vectors")),
    passes(claiming, velero({ snapshotVolumes: false, defaultVolumesToFsBackup: true }), location, drill("vectors")),
    // Without claims it has nothing to lose.
    passes(object("apps/v1", "StatefulSet", "cache", { spec: {} })),
    passes(object("redis.redis.opstreelabs.in/v1beta2", "RedisReplication", "cache", { spec: { storage: {} } })),
    passes(keeping("SNAPSHOTS_BUCKET"), velero(), location, drill("vectors")),
    passes(excused({ "tars-platform/undrilled-because": "models are fetched again" }), velero(), location),
    {
        ...passes(excused({ ...unkept, "tars-platform/undrilled-because": "the cluster is given" })),
        ...{ environment: "dev" },
    },
    {
        ...passes(postgres([{ ...plugin, isWALArchiver: false }]), scheduled(), store(), drill("orders")),
        ...{ environment: "staging" },
    },
];

const none = "has no backup schedule";
const noDrill = "has no restore drill";
const forEver = "keeps backups without retention";

export const failing: readonly FailingSample[] = [
    { sample: passes(postgres(), store(), drill("orders")), problem: none },
    { sample: passes(postgres(), scheduled({ suspend: true }), store(), drill("orders")), problem: none },
    { sample: passes(postgres(), scheduled(), drill("orders")), problem: "has no object store for its backups" },
    { sample: passes(postgres(), scheduled(), store({}), drill("orders")), problem: forEver },
    {
        sample: passes(postgres([{ ...plugin, isWALArchiver: false }]), scheduled(), store(), drill("orders")),
        problem: "cannot be restored to a point in time, because no plugin archives its log",
    },
    {
        sample: passes(postgres([{ ...plugin, enabled: false }]), scheduled(), store(), drill("orders")),
        problem: "has no object store for its backups",
    },
    { sample: passes(postgres(), scheduled(), store()), problem: noDrill },
    { sample: passes(postgres(), scheduled(), store(), drill("another")), problem: noDrill },
    { sample: passes(postgres(), scheduled(), store(), drill("orders", { suspend: true })), problem: noDrill },
    { sample: passes(claiming, location, drill("vectors")), problem: none },
    { sample: passes(excused(unkept), drill("vectors")), problem: none },
    { sample: { ...passes(excused(unkept)), ...{ environment: "dev" } }, problem: noDrill },
    { sample: passes(excused({ "tars-platform/undrilled-because": " " }), velero(), location), problem: noDrill },
    { sample: passes(claiming, velero({ includedNamespaces: ["other"] }), location, drill("vectors")), problem: none },
    { sample: passes(claiming, velero({ excludedNamespaces: ["shop"] }), location, drill("vectors")), problem: none },
    { sample: passes(claiming, velero({}, { paused: true }), location, drill("vectors")), problem: none },
    { sample: passes(claiming, velero({ snapshotVolumes: false }), location, drill("vectors")), problem: none },
    {
        sample: passes(claiming, velero({ storageLocation: "archive" }), location, drill("vectors")),
        problem: "has a schedule whose storage location is not in the stack",
    },
    { sample: passes(claiming, velero({ ttl: "0s" }), location, drill("vectors")), problem: forEver },
    {
        sample: passes(claiming, velero(), drill("vectors")),
        problem: "has a schedule whose storage location is not in the stack",
    },
    {
        sample: passes(keeping("DATA_BUCKET"), velero(), location, drill("vectors")),
        problem: "is backed up into the bucket that holds its data",
    },
    {
        sample: passes(elastic, velero(), location, drill("logs")),
        problem: "is backed up into the bucket that holds its data",
    },
];
