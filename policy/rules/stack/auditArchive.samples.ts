import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const aws = { type: "pulumi:providers:aws", name: "aws", inputs: { allowedAccountIds: '["123456789012"]' } };
const subscription = "00000000-0000-0000-0000-000000000000";
const azure = { type: "pulumi:providers:azure-native", name: "azure", inputs: { subscriptionId: subscription } };

const eks = cloudResource("eks:index:Cluster", { name: "shop" }, "eks");
const group = cloudResource("aws:cloudwatch/logGroup:LogGroup", { name: "/aws/eks/shop/cluster" }, "logs");
const destination = (account: string) => `arn:aws:logs:eu-central-1:${account}:destination:audit`;

const filter = (inputs: Mapping, sources: Resource["sources"] = {}): Resource => ({
    ...cloudResource(
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        { logGroup: "/aws/eks/shop/cluster", filterPattern: "", ...inputs },
        "archive",
    ),
    provider: aws,
    sources,
});
const away = filter({ destinationArn: destination("999999999999") });

const bucket = cloudResource("aws:s3/bucket:Bucket", { bucket: "records" }, "records");
const lock = (defaultRetention: Mapping) =>
    cloudResource("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", {
        bucket: "records",
        rule: { defaultRetention },
    });
const stream: Resource = {
    ...cloudResource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", { name: "audit" }, "stream"),
    sources: { extendedS3Configuration: [bucket.urn] },
};
const trail: Resource = {
    ...cloudResource("aws:cloudtrail/trail:Trail", { s3BucketName: "records" }, "trail"),
    provider: aws,
};

const aks = cloudResource("azure-native:containerservice:ManagedCluster", { resourceName: "shop" }, "aks");
const account = (policy: Mapping) =>
    cloudResource(
        "azure-native:storage:StorageAccount",
        { immutableStorageWithVersioning: { enabled: true, immutabilityPolicy: policy } },
        "records",
    );
const storage = (of: string) =>
    `/subscriptions/${of}/resourceGroups/audit/providers/Microsoft.Storage/storageAccounts/audit`;
const elsewhere = storage("11111111-1111-1111-1111-111111111111");
const setting = (inputs: Mapping, sources: Resource["sources"] = {}): Resource => ({
    ...cloudResource(
        "azure-native:monitor:DiagnosticSetting",
        {
            resourceUri: "/subscriptions/a/providers/Microsoft.ContainerService/managedClusters/shop",
            logs: [{ category: "kube-audit", enabled: true }],
            ...inputs,
        },
        "setting",
    ),
    provider: azure,
    sources,
});

const activity = (inputs: Mapping): Resource => ({
    ...cloudResource(
        "azure-native:monitor:SubscriptionDiagnosticSetting",
        { logs: [{ category: "Administrative", enabled: true }], ...inputs },
        "activity",
    ),
    provider: azure,
});

const unsent = "keeps its audit records in its own account only";
const unlocked = "leads to where records can be changed within 365 days";
const here = "leads to the account that the records tell of";

export const passing: readonly Sample[] = [
    sampleOf(away, eks, group),
    sampleOf(setting({ storageAccountId: elsewhere }), aks),
    sampleOf(setting({ resourceUri: "aks-id", storageAccountId: elsewhere }, { resourceUri: [aks.urn] }), aks),
    sampleOf(activity({ storageAccountId: elsewhere })),
    // Tells how the service runs, not who did what.
    sampleOf(setting({ logs: [{ category: "cluster-autoscaler", enabled: true }] })),
    { kind: "resources", environment: "staging", resources: [eks, aks, trail] },
];

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(eks, group), problem: unsent },
    {
        sample: sampleOf(
            filter({ filterPattern: "{ $.verb = get }", destinationArn: destination("999999999999") }),
            eks,
        ),
        problem: "sends a part of the records only",
    },
    { sample: sampleOf(filter({ destinationArn: destination("123456789012") }), eks), problem: here },
    {
        sample: sampleOf(
            filter({ destinationArn: "arn of stream" }, { destinationArn: [stream.urn] }),
            eks,
            stream,
            bucket,
        ),
        problem: unlocked,
    },
    {
        sample: sampleOf(
            filter({ destinationArn: "arn of stream" }, { destinationArn: [stream.urn] }),
            eks,
            stream,
            bucket,
            lock({ mode: "COMPLIANCE", days: 400 }),
        ),
        problem: here,
    },
    { sample: sampleOf(filter({}), eks), problem: "is not set" },
    { sample: sampleOf(trail, bucket), problem: unlocked },
    { sample: sampleOf(trail, bucket, lock({ mode: "COMPLIANCE", days: 364 })), problem: unlocked },
    { sample: sampleOf(trail, bucket, lock({ mode: "GOVERNANCE", years: 1 })), problem: unlocked },
    { sample: sampleOf(trail, bucket, lock({ mode: "COMPLIANCE", years: 1 })), problem: here },
    { sample: sampleOf(aks), problem: unsent },
    { sample: sampleOf(setting({ logs: [{ category: "kube-scheduler", enabled: true }] }), aks), problem: unsent },
    { sample: sampleOf(setting({ logs: [{ category: "kube-audit", enabled: false }] }), aks), problem: unsent },
    { sample: sampleOf(setting({}), aks), problem: unsent },
    { sample: sampleOf(setting({ logs: [{ categoryGroup: "audit", enabled: true }] })), problem: unsent },
    { sample: sampleOf(setting({ storageAccountId: storage(subscription) }), aks), problem: here },
    { sample: sampleOf(activity({ workspaceId: "logs" })), problem: unsent },
    { sample: sampleOf(activity({ storageAccountId: storage(subscription) })), problem: here },
    {
        sample: sampleOf(
            setting(
                { storageAccountId: "id" },
                { storageAccountId: ["urn:pulumi:sample::sample::azure-native:storage:StorageAccount::records"] },
            ),
            account({ state: "Unlocked", immutabilityPeriodSinceCreationInDays: 400 }),
        ),
        problem: unlocked,
    },
    {
        sample: sampleOf(
            setting(
                { storageAccountId: "id" },
                { storageAccountId: ["urn:pulumi:sample::sample::azure-native:storage:StorageAccount::records"] },
            ),
            account({ state: "Locked", immutabilityPeriodSinceCreationInDays: 365 }),
        ),
        problem: here,
    },
];
