import { absent, Value } from "../../reading/value";
import { keyOf } from "../../resources/kind";
import { isJoined, type Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport } from "../../rule";

/** Where records are sent to. */
export interface Archive {
    /** What sends them, and its property that names the place. */
    readonly from: Subject;
    readonly place: Value;
    /** The resource of the stack that keeps them; undefined where it is not in the stack. */
    readonly kept: Subject | undefined;
    /** Days that nobody can change what is kept in the stack. */
    readonly lockedDays: number;
    /** The account that the place is in, where its name says so. */
    readonly account: string | undefined;
    /** The accounts or subscription that the records may tell of; none where the provider does not say. */
    readonly ownAccounts: readonly string[];
}

const leastDays = 365;

/** What is sent to another account is locked and kept there, out of this code's sight; what stays must be both here. */
export function checkArchive(archive: Archive, report: StackReport): void {
    const { from, place, kept, lockedDays, account, ownAccounts } = archive;
    if (kept) {
        if (lockedDays < leastDays)
            report(from, { path: place.path, problem: "leads to where records can be changed within 365 days" });
        report(from, { path: place.path, problem: "leads to the account that the records tell of" });
        return;
    }
    const read = place.text();
    if (read === absent) report(from, { path: place.path, problem: "is not set" });
    if (typeof read !== "string") return;
    if (account === undefined || ownAccounts.length === 0) {
        report(from, { path: place.path, problem: "does not say in which account it is", undecided: true });
    } else if (ownAccounts.includes(account)) {
        report(from, { path: place.path, problem: "leads to the account that the records tell of" });
    }
}

/** Properties that name a destination, by the kind that has them. */
const destinations: Readonly<Record<string, string>> = {
    "aws:cloudwatch/LogSubscriptionFilter": "destinationArn",
    "aws:cloudtrail/Trail": "s3BucketName",
};

/** The archive behind a subscription filter or a trail: a bucket, by way of a delivery stream or without. */
export function archiveOfDestination(from: Subject, stack: Stack): Archive {
    const property = destinations[keyOf(from.kind)] ?? "";
    const place = from.object.get(property);
    const stream = stack
        .sourcesOf(from, property)
        .find(({ kind }) => keyOf(kind) === "aws:kinesis/FirehoseDeliveryStream");
    const bucket = stream
        ? bucketOf({ from: stream, property: "extendedS3Configuration" }, stack)
        : bucketOf({ from, property }, stack);
    const account = /^arn:[^:]+:[^:]+:[^:]*:(\d{12}):/.exec(String(place.quietly.text()))?.[1];
    return {
        from,
        place,
        kept: bucket ?? stream,
        lockedDays: bucket ? lockOf(bucket, stack) : 0,
        account,
        ownAccounts: ownAccountsOf(from, "allowedAccountIds"),
    };
}

interface Reference {
    readonly from: Subject;
    readonly property: string;
}

function bucketOf({ from, property }: Reference, stack: Stack): Subject | undefined {
    return stack
        .of("aws:s3/Bucket")
        .find((to) => isJoined(stack, { from, property, to, id: to.object.quietly.get("bucket") }));
}

/** Only COMPLIANCE binds the account's owner as well. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
function lockOf(bucket: Subject, stack: Stack): number {
    const locks = stack
        .of("aws:s3/BucketObjectLockConfiguration")
        .filter((from) =>
            isJoined(stack, { from, property: "bucket", to: bucket, id: bucket.object.quietly.get("bucket") }),
        );
    const days = locks.map(({ object }) => {
        const retention = object.get("rule", "defaultRetention");
        if (retention.get("mode").text() !== "COMPLIANCE") return 0;
        const [inDays, inYears] = [retention.get("days").number(), retention.get("years").number()];
        return typeof inDays === "number" ? inDays : typeof inYears === "number" ? inYears * leastDays : 0;
    });
    return Math.max(0, ...days);
}

/** The storage account behind a diagnostic setting. */
export function archiveOfStorage(from: Subject, stack: Stack): Archive {
    const place = from.object.get("storageAccountId");
    const kept = stack
        .sourcesOf(from, "storageAccountId")
        .find(({ kind }) => keyOf(kind) === "azure-native:storage/StorageAccount");
    return {
        from,
        place,
        kept,
        lockedDays: kept ? immutableDaysOf(kept) : 0,
        account: /^\/subscriptions\/([^/]+)\//i.exec(String(place.quietly.text()))?.[1]?.toLowerCase(),
        ownAccounts: ownAccountsOf(from, "subscriptionId").map((id) => id.toLowerCase()),
    };
}

/** @see https://learn.microsoft.com/azure/storage/blobs/immutable-version-level-worm-policies (only a locked policy cannot be taken back) */
function immutableDaysOf({ object }: Subject): number {
    const policy = object.get("immutableStorageWithVersioning", "immutabilityPolicy");
    const days = policy.get("immutabilityPeriodSinceCreationInDays").number();
    return policy.get("state").text() === "Locked" && typeof days === "number" ? days : 0;
}

/** The accounts or subscription that a resource may be in, by its provider. The engine hands lists of a provider over as JSON. */
function ownAccountsOf({ resource }: Subject, property: string): readonly string[] {
    const stated = Value.unheard(resource.provider?.inputs).get(property);
    const parsed = property === "subscriptionId" ? stated : stated.json();
    const texts = parsed.isList ? parsed.texts() : [parsed.text()];
    return texts.filter((text) => typeof text === "string");
}
