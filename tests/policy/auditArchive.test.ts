import type { Resource } from "../../policy/rule";
import { cloudResource } from "../../policy/samples";
import { type Mapping, ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("OBS-01");

const said = (...resources: readonly Resource[]) => saidOf(rule, resources);

const ownAccount = "123456789012";
const several = {
    provider: {
        type: "pulumi:providers:aws",
        name: "aws",
        inputs: { allowedAccountIds: `["210987654321","${ownAccount}"]` },
    },
};
const aws = { type: "pulumi:providers:aws", name: "aws", inputs: { allowedAccountIds: `["${ownAccount}"]` } };
const bucket = cloudResource("aws:s3/bucket:Bucket", { bucket: "records" }, "records");
const role = cloudResource("aws:iam/role:Role", { name: "delivery" }, "role");
const stream = cloudResource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", { name: "audit" }, "stream");
const streamToBucket = { ...stream, sources: { extendedS3Configuration: [bucket.urn] } };

const lockType = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const lock = (defaultRetention: Mapping, of = "records", name = "lock"): Resource =>
    cloudResource(lockType, { bucket: of, rule: { defaultRetention } }, name);
const yearLong = { mode: "COMPLIANCE", days: 365 };

describe("what stays in the account", () => {
    const trail = cloudResource("aws:cloudtrail/trail:Trail", { s3BucketName: "records" }, "trail");
    const stays = "s3BucketName leads to the account that the records tell of";
    const unlocked = "s3BucketName leads to where records can be changed within 365 days";

    test.each([
        ["days", [lock(yearLong)]],
        ["years", [lock({ mode: "COMPLIANCE", years: 1 })]],
        ["the longest of several", [lock({ ...yearLong, days: 30 }, "records", "short"), lock(yearLong)]],
        ["its resource", [{ ...lock(yearLong, unknownText), sources: { bucket: [bucket.urn] } }]],
    ])("is locked long enough by %s", (_, locks) => {
        expect(said(trail, bucket, ...locks)).toEqual([stays]);
    });

    test.each([
        ["nothing", []],
        ["too few days", [lock({ ...yearLong, days: 364 })]],
        ["a mode that the owner can leave", [lock({ ...yearLong, mode: "GOVERNANCE" })]],
        ["a mode without a time", [lock({ mode: "COMPLIANCE" })]],
        ["the lock of another bucket", [lock(yearLong, "pictures")]],
    ])("is not locked by %s", (_, locks) => {
        expect(said(trail, bucket, ...locks)).toEqual([unlocked, stays]);
    });
});

describe("what a subscription sends", () => {
    const logGroup = "/aws/eks/shop/cluster";
    const eks = cloudResource("eks:index:Cluster", { name: "shop" }, "eks");
    const group = cloudResource("aws:cloudwatch/logGroup:LogGroup", { name: logGroup }, "logs");
    const destination = (account: string) => `arn:aws:logs:eu-central-1:${account}:destination:audit`;
    const unbound = cloudResource(
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        { logGroup, filterPattern: "", destinationArn: destination("999999999999") },
        "archive",
    );
    const filter = (inputs: Mapping, more: Partial<Resource> = {}): Resource => ({
        ...unbound,
        inputs: { ...Object(unbound.inputs), ...inputs },
        provider: aws,
        ...more,
    });
    const streamed = filter({ destinationArn: "stream" }, { sources: { destinationArn: [role.urn, stream.urn] } });
    const stays = "destinationArn leads to the account that the records tell of";
    const unlocked = "destinationArn leads to where records can be changed within 365 days";
    const unsaid = "not decided: destinationArn does not say in which account it is";

    test.each([
        ["by the name of the group", filter({})],
        ["by the group itself", filter({ logGroup: unknownText }, { sources: { logGroup: [group.urn] } })],
        ["by a pattern of spaces", filter({ filterPattern: " " })],
    ])("leaves the account whole %s", (_, each) => {
        expect(said(eks, group, each)).toEqual([]);
    });

    test("of another group is no record of the cluster", () => {
        const other = { ...group, urn: "urn:other", inputs: { name: "/aws/eks/other/cluster" } };
        const ofOther = filter({ logGroup: "other" }, { sources: { logGroup: [other.urn] } });
        expect(said(eks, group, other, ofOther)).toEqual(["name keeps its audit records in its own account only"]);
    });

    test("through a stream lies in the bucket behind it, or nobody knows where", () => {
        expect(said(eks, role, streamToBucket, bucket, lock(yearLong), streamed)).toEqual([stays]);
        expect(said(eks, role, stream, bucket, lock(yearLong), streamed)).toEqual([unlocked, stays]);
    });

    test.each([
        ["a destination of its own account", filter({ destinationArn: destination(ownAccount) }), stays],
        [
            "a destination of any account that it may be in",
            filter({ destinationArn: destination(ownAccount) }, several),
            stays,
        ],
        ["a destination that is no ARN", filter({ destinationArn: "archive" }), unsaid],
        ["a provider for any account", filter({}, { provider: { ...aws, inputs: {} } }), unsaid],
        ["no provider", unbound, unsaid],
        ["no destination", filter({ destinationArn: undefined }), "destinationArn is not set"],
    ])("to %s", (_, each, problem) => {
        expect(said(eks, each)).toEqual([problem]);
    });
});

describe("what a diagnostic setting sends", () => {
    const subscription = "aaaaaaaa-0000-0000-0000-000000000000";
    const azure = { type: "pulumi:providers:azure-native", name: "azure", inputs: { subscriptionId: subscription } };
    const storage = (of: string) => `/subscriptions/${of}/providers/Microsoft.Storage/storageAccounts/audit`;
    const clusterId = (name: string) => `/subscriptions/a/Microsoft.ContainerService/managedClusters/${name}`;
    const cluster = (resourceName: string, name = "aks") =>
        cloudResource("azure-native:containerservice:ManagedCluster", { resourceName }, name);
    const [aks, other] = [cluster("shop"), cluster("workshop", "other")];
    const group = cloudResource("azure-native:resources:ResourceGroup", {}, "group");
    const setting = (inputs: Mapping, more: Partial<Resource> = {}): Resource => ({
        ...cloudResource("azure-native:monitor:DiagnosticSetting", {
            resourceUri: clusterId("shop"),
            logs: [{ category: "kube-audit", enabled: true }],
            storageAccountId: storage("bbbbbbbb-0000-0000-0000-000000000000"),
            ...inputs,
        }),
        provider: azure,
        ...more,
    });
    const by = (...resources: readonly Resource[]) => ({ sources: { resourceUri: resources.map(({ urn }) => urn) } });
    const unsent = "resourceName keeps its audit records in its own account only";
    const stays = "storageAccountId leads to the account that the records tell of";
    const unlocked = "storageAccountId leads to where records can be changed within 365 days";
    const unsaid = "not decided: storageAccountId does not say in which account it is";

    test.each([
        ["its id in other letters", setting({ resourceUri: clusterId("SHOP") })],
        ["what its id comes from", setting({ resourceUri: unknownText }, by(group, aks))],
        ["one log of several", setting({ logs: [{ category: "kube-scheduler" }, { categoryGroup: "allLogs" }] })],
    ])("is of a cluster by %s", (_, each) => {
        expect(said(aks, each)).toEqual([]);
    });

    test.each([
        ["the end of a name", aks, setting({ resourceUri: clusterId("workshop") })],
        ["the id of another", aks, setting({ resourceUri: unknownText }, by(other))],
        ["an id that is not known", aks, setting({ resourceUri: unknownText })],
        ["a name that is not known", cluster(unknownText), setting({})],
        ["a log that is off", aks, setting({ logs: [{ category: "kube-audit", enabled: false }] })],
    ])("is not of a cluster by %s", (_, judged, each) => {
        expect(said(judged, each)).toEqual([unsent]);
    });

    const account = (immutabilityPolicy: Mapping) =>
        cloudResource(
            "azure-native:storage:StorageAccount",
            { immutableStorageWithVersioning: { immutabilityPolicy } },
            "records",
        );
    const locked = { state: "Locked", immutabilityPeriodSinceCreationInDays: 365 };

    test.each([
        ["locked long enough", locked, [stays]],
        ["locked for too few days", { ...locked, immutabilityPeriodSinceCreationInDays: 364 }, [unlocked, stays]],
        ["locked without a time", { state: "Locked" }, [unlocked, stays]],
        ["under a policy that can be taken back", { ...locked, state: "Unlocked" }, [unlocked, stays]],
    ])("to an account of the stack that is %s", (_, policy, problems) => {
        const records = account(policy);
        const each = setting({ storageAccountId: "id" }, { sources: { storageAccountId: [group.urn, records.urn] } });
        expect(said(each, group, records)).toEqual(problems);
    });

    test.each([
        ["its own subscription", setting({ storageAccountId: storage(subscription) }), stays],
        ["that in other letters", setting({ storageAccountId: storage(subscription).toUpperCase() }), stays],
        ["an account that is no id", setting({ storageAccountId: "audit" }), unsaid],
        ["a provider for any subscription", setting({}, { provider: { ...azure, inputs: {} } }), unsaid],
    ])("to %s", (_, each, problem) => {
        expect(said(each)).toEqual([problem]);
    });
});
