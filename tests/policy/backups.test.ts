import type { Resource } from "../../policy/rule";
import { cloudResource, kubernetesResource } from "../../policy/samples";
import { type Mapping, problemsOf, ruleOf, unknownText } from "./support";

const object = (version: string, kind: string, name: unknown, inputs: Mapping): Resource =>
    kubernetesResource(version, kind, { metadata: { name, namespace: "shop" }, ...inputs }, `${kind}-${String(name)}`);
const unknown = (path: string) => `not decided: ${path} is not known before the update`;

describe("REL-10", () => {
    const postgres = (...plugins: readonly Mapping[]) =>
        object("postgresql.cnpg.io/v1", "Cluster", "orders", { spec: { plugins } });
    const plugin = { enabled: true, isWALArchiver: true, parameters: { barmanObjectName: "backups" } };
    const store = (name: string) =>
        object("barmancloud.cnpg.io/v1", "ObjectStore", name, { spec: { retentionPolicy: "30d" } });
    const scheduled = (cluster: string) =>
        object("postgresql.cnpg.io/v1", "ScheduledBackup", "nightly", { spec: { cluster: { name: cluster } } });
    const claiming = (name: unknown) =>
        object("apps/v1", "StatefulSet", name, { spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] } });
    const elastic = (spec: Mapping) => object("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", "logs", { spec });
    const velero = (template: Mapping) => object("velero.io/v1", "Schedule", "nightly", { spec: { template } });
    const location = (name: string, spec: Mapping = {}) =>
        object("velero.io/v1", "BackupStorageLocation", name, { spec });
    const drill = (service: string): Resource =>
        kubernetesResource("batch/v1", "CronJob", {
            metadata: { name: "drill", labels: { "tars-platform/restore-drill": service } },
        });

    const unscheduled = "metadata.name has no backup schedule";
    const noLocation = "metadata.name has a schedule whose storage location is not in the stack";
    const noStore = "spec.plugins has no object store for its backups";
    const noLog = "spec.plugins cannot be restored to a point in time, because no plugin archives its log";

    test.each<[string, readonly Resource[], readonly string[]]>([
        [
            "a plugin that backs up, beside one that does something else",
            [postgres({ name: "other" }, plugin), scheduled("orders"), store("backups")],
            [],
        ],
        [
            "a plugin that is turned off",
            [postgres({ ...plugin, enabled: false }), scheduled("orders")],
            [noLog, noStore],
        ],
        ["no plugin at all", [postgres(), scheduled("orders"), store("backups")], [noLog, noStore]],
        ["another's store", [postgres(plugin), scheduled("orders"), store("other")], [noStore]],
        ["another's schedule", [postgres(plugin), scheduled("other"), store("backups")], [unscheduled]],
    ])("PostgreSQL with %s", (_, resources, problems) => {
        expect(problemsOf(ruleOf("REL-10"), [...resources, drill("orders")])).toEqual(problems);
    });

    test.each<[string, readonly Resource[], readonly string[]]>([
        ["a list of namespaces with its own", [velero({ includedNamespaces: ["a", "shop"] }), location("default")], []],
        ["others left out", [velero({ excludedNamespaces: ["a"] }), location("default")], []],
        ["a location by name", [velero({ storageLocation: "far" }), location("near"), location("far")], []],
        ["a location that is not there", [velero({ storageLocation: "far" }), location("default")], [noLocation]],
        ["no location of the default's name", [velero({}), location("far")], [noLocation]],
        [
            "no time to keep anything",
            [velero({ ttl: "0" }), location("default")],
            ["metadata.name keeps backups without retention"],
        ],
        ["a drill of another service", [velero({}), location("default"), drill("other")], []],
    ])("a claim on volumes, with %s", (_, resources, problems) => {
        expect(problemsOf(ruleOf("REL-10"), [claiming("data"), ...resources, drill("data")])).toEqual(problems);
    });

    test("the bucket that holds a service's data may stand anywhere in it", () => {
        const target = location("default", { objectStorage: { bucket: "backups" } });
        const resources = [
            elastic({ version: "9", repository: "s3://backups/logs" }),
            velero({}),
            target,
            drill("logs"),
        ];
        expect(problemsOf(ruleOf("REL-10"), resources)).toEqual([
            "metadata.name is backed up into the bucket that holds its data",
        ]);
    });

    test("each service needs a drill of its own", () => {
        const resources = [claiming("a"), claiming("b"), velero({}), location("default"), drill("a")];
        expect(problemsOf(ruleOf("REL-10"), resources)).toEqual(["metadata.name has no restore drill"]);
    });

    test.each<[string, unknown, readonly string[]]>([
        ["its plugins", unknownText, ["spec.plugins"]],
        [
            "what its plugin does",
            [{ isWALArchiver: unknownText, parameters: { barmanObjectName: unknownText } }],
            ["spec.plugins[0].isWALArchiver", "spec.plugins[0].parameters.barmanObjectName"],
        ],
    ])("PostgreSQL is not decided while %s is unknown", (_, plugins, paths) => {
        const service = object("postgresql.cnpg.io/v1", "Cluster", "orders", { spec: { plugins } });
        const resources = [service, scheduled("orders"), store("backups"), drill("orders")];
        expect(problemsOf(ruleOf("REL-10"), resources)).toEqual(paths.map(unknown));
    });

    test("a service whose name is unknown is not decided", () => {
        expect(problemsOf(ruleOf("REL-10"), [claiming(unknownText)])).toEqual([unknown("metadata.name")]);
    });
});

describe("SEC-06", () => {
    const velero = (bucket: unknown) =>
        object("velero.io/v1", "BackupStorageLocation", "default", { spec: { objectStorage: { bucket } } });
    const barman = (destinationPath: unknown) =>
        object("barmancloud.cnpg.io/v1", "ObjectStore", "backups", { spec: { configuration: { destinationPath } } });
    const aws = (kind: string, inputs: Mapping = {}): Resource =>
        cloudResource(`aws:s3/${kind}:${kind}`, { bucket: "backups", ...inputs });
    const suffix = cloudResource("random:index/randomId:RandomId", {}, "suffix");
    const azure = (kind: string, inputs: Mapping): Resource => cloudResource(`azure-native:storage:${kind}`, inputs);
    const container = (inputs: Mapping = {}) =>
        azure("BlobContainer", { accountName: "store", containerName: "backups", ...inputs });
    const account = (inputs: Mapping = {}) => azure("StorageAccount", { accountName: "store", ...inputs });
    const versions = (accountName: string) =>
        azure("BlobServiceProperties", { accountName, isVersioningEnabled: true });

    const ofBucket = [
        "spec is a bucket without encryption of its own",
        "spec is a bucket that may be public",
        "spec is a bucket without versions",
        "spec is a bucket without a lock",
        "spec is in the account and region of its data, and nowhere else",
    ].sort();
    const unkeyed = "spec is a container without encryption of its own";
    const unversioned = "spec is a container without versions";
    const unlocked = "spec is a container without a lock";
    const here = "spec is in the account and region of its data, and nowhere else";
    const sorted = (resources: readonly Resource[]) => [...problemsOf(ruleOf("SEC-06"), resources)].sort();

    test.each<[string, Resource, readonly string[]]>([
        ["by name", velero("backups"), ofBucket],
        ["by the path of its address", barman("s3://backups"), ofBucket],
        [
            "by where the name comes from",
            { ...velero(unknownText), sources: { spec: [suffix.urn, aws("Bucket").urn] } },
            ofBucket,
        ],
        ["not by where another name comes from", { ...velero(unknownText), sources: { spec: [suffix.urn] } }, []],
        ["not by no name", velero(undefined), []],
        ["not by another name", velero("other"), []],
        ["not by a name that is unknown", velero(unknownText), []],
        ["not by a path that is unknown", barman(unknownText), []],
        ["not by an address of no kind that is known", barman("file:///backups"), []],
    ])("the bucket is found %s", (_, target, problems) => {
        const nameless = cloudResource("aws:s3/Bucket:Bucket", {}, "nameless");
        expect(sorted([target, aws("Bucket"), nameless, suffix])).toEqual(problems);
    });

    test.each<[string, readonly string[]]>([
        ["https://store.blob.core.windows.net/backups/orders", [unkeyed, unversioned, unlocked, here].sort()],
        [
            "http://store.example/backups",
            ["spec.configuration.destinationPath is in the clear", unkeyed, unversioned, unlocked, here].sort(),
        ],
        ["https://store.blob.core.windows.net/others/backups", []],
        ["https://store.blob.core.windows.net", []],
    ])("the container of %s", (address, problems) => {
        expect(sorted([barman(address), container()])).toEqual(problems);
    });

    test("what is not known of a bucket's parts is not decided", () => {
        const resources = [
            velero("backups"),
            aws("Bucket"),
            aws("BucketServerSideEncryptionConfiguration", { rules: [{}] }),
            aws("BucketPublicAccessBlock", {
                blockPublicAcls: unknownText,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            }),
            aws("BucketVersioning", { versioningConfiguration: { status: unknownText } }),
            aws("BucketObjectLockConfiguration"),
            aws("BucketReplicationConfig"),
        ];
        expect(sorted(resources)).toEqual(["blockPublicAcls", "versioningConfiguration.status"].map(unknown));
    });

    test("what is not known of a container's account is not decided", () => {
        const resources = [
            velero("backups"),
            container({ publicAccess: unknownText }),
            account({ encryption: { keySource: unknownText }, sku: { name: unknownText } }),
            azure("BlobServiceProperties", { accountName: "store", isVersioningEnabled: unknownText }),
            azure("BlobContainerImmutabilityPolicy", { accountName: "store", containerName: "backups" }),
        ];
        const paths = ["encryption.keySource", "isVersioningEnabled", "publicAccess", "sku.name"];
        expect(sorted(resources)).toEqual(paths.map(unknown));
    });

    test.each<[string, readonly Resource[], readonly string[]]>([
        ["without an account", [versions("store")], [unkeyed, unversioned, unlocked, here]],
        ["with another account", [account({ accountName: "other" })], [unkeyed, unversioned, unlocked, here]],
        ["with versions of another account", [account(), versions("other")], [unkeyed, unversioned, unlocked, here]],
        ["with versions of its account", [account(), versions("store")], [unkeyed, unlocked, here]],
        [
            "with a copy in another region",
            [account({ sku: { name: "Standard_GRS" } })],
            [unkeyed, unversioned, unlocked],
        ],
    ])("a container %s", (_, parts, problems) => {
        expect(sorted([velero("backups"), container(), ...parts])).toEqual([...problems].sort());
    });
});
