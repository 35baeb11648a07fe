import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { isJoined, type Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { Context, StackReport, StackRule } from "../../rule";
import { bucketOf, location, objectStore } from "./backupObjects";
import { failing, passing } from "./backupTargets.samples";

export const backupTargets: StackRule = {
    id: "SEC-06",
    title: "Backups go to a store that is encrypted, closed, locked and elsewhere",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [location, objectStore],
    controls: controls({ soc2: ["A1.2", "C1.1"], iso27001: ["8.13", "8.24"] }),
    why: "A backup holds everything that the service protects, and whoever extorts money for data deletes its backups first.",
    fix: "give the store its own key, no public access, versions, a lock, and a copy in another account or region",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    samples: { passing, failing },
    check: (stack, report, context) => {
        for (const target of stack.of(location, objectStore)) {
            checkTransport(target, report);
            const one = { stack, target, report, context };
            for (const bucket of stack.of("aws:s3/Bucket").filter((each) => isTarget(one, each, "bucket")))
                checkBucket(one, bucket);
            for (const container of stack
                .of("azure-native:storage/BlobContainer")
                .filter((each) => isTarget(one, each, "containerName")))
                checkContainer(one, container);
        }
    },
};

interface One {
    readonly stack: Stack;
    readonly target: Subject;
    readonly report: StackReport;
    readonly context: Context;
}

function checkTransport(target: Subject, report: StackReport): void {
    const spec = target.object.get("spec");
    for (const address of [
        spec.get("configuration", "endpointURL"),
        spec.get("configuration", "destinationPath"),
        spec.get("config", "s3Url"),
    ]) {
        const text = address.quietly.text();
        if (typeof text === "string" && text.startsWith("http:"))
            report(target, { path: address.path, problem: "is in the clear" });
    }
    const skip = spec.get("config", "insecureSkipTLSVerify");
    if (skip.text() === "true") report(target, { path: skip.path, problem: "trusts whoever answers" });
}

/** A store is found by its name or, while that is not known, by where the name comes from. */
function isTarget({ stack, target }: One, store: Subject, property: string): boolean {
    const name = store.object.get(property).quietly.text();
    const isSource = stack.sourcesOf(target, "spec").some(({ resource }) => resource.urn === store.resource.urn);
    return isSource || name === bucketOf(target);
}

function say({ target, report }: One, problem: string): void {
    report(target, { path: "spec", problem });
}

function checkBucket(one: One, bucket: Subject): void {
    const { stack } = one;
    const companion = (kind: string) =>
        stack
            .of(kind)
            .find((from) => isJoined(stack, { from, property: "bucket", to: bucket, id: bucket.object.get("bucket") }));
    const encryption = companion("aws:s3/BucketServerSideEncryptionConfiguration");
    if (!encryption?.object.get("rules").isSet) say(one, "is a bucket without encryption of its own");
    if (!isClosed(companion("aws:s3/BucketPublicAccessBlock")?.object)) say(one, "is a bucket that may be public");
    const isVersioned = companion("aws:s3/BucketVersioning")?.object.get("versioningConfiguration", "status").text();
    if (isVersioned !== "Enabled" && isVersioned !== undecided) say(one, "is a bucket without versions");
    if (!companion("aws:s3/BucketObjectLockConfiguration")) say(one, "is a bucket without a lock");
    const copy = companion("aws:s3/BucketReplicationConfig") ?? companion("aws:s3/BucketReplicationConfiguration");
    if (one.context.environment === "production" && !copy)
        say(one, "is in the account and region of its data, and nowhere else");
}

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

function isClosed(block: Value | undefined): boolean {
    return (
        block !== undefined &&
        blocks.map((name) => block.get(name).boolean()).every((read) => read === true || read === undecided)
    );
}

function checkContainer(one: One, container: Subject): void {
    const { stack } = one;
    const { object } = container;
    const ofAccount = (each: Subject) =>
        isJoined(stack, { from: container, property: "accountName", to: each, id: each.object.get("accountName") });
    const account = stack.of("azure-native:storage/StorageAccount").find(ofAccount);
    const keys = account?.object.get("encryption", "keySource").text();
    if (keys !== "Microsoft.Keyvault" && keys !== undecided) say(one, "is a container without encryption of its own");
    const access = object.get("publicAccess").text();
    if (access !== absent && access !== "None" && access !== undecided) say(one, "is a container that may be public");
    const services = stack
        .of("azure-native:storage/BlobServiceProperties")
        .filter((service) => sharesAccount(stack, service, account));
    const versioned = services.map((service) => service.object.get("isVersioningEnabled").boolean());
    if (!versioned.some((read) => read === true || read === undecided)) say(one, "is a container without versions");
    const lock = stack
        .of("azure-native:storage/BlobContainerImmutabilityPolicy")
        .some((from) =>
            isJoined(stack, { from, property: "containerName", to: container, id: object.get("containerName") }),
        );
    if (!lock) say(one, "is a container without a lock");
    // GRS, RAGRS, GZRS and RAGZRS keep a copy in another region.
    const sku = account?.object.get("sku", "name").text();
    const isCopied = sku === undecided || (typeof sku === "string" && /GZ?RS$/.test(sku));
    if (one.context.environment === "production" && !isCopied)
        say(one, "is in the account and region of its data, and nowhere else");
}

function sharesAccount(stack: Stack, service: Subject, account: Subject | undefined): boolean {
    return (
        account !== undefined &&
        isJoined(stack, { from: service, property: "accountName", to: account, id: account.object.get("accountName") })
    );
}
