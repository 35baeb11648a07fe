import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, textAt, valuesAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { regionOf } from "../account";
import { type AwsKind, awsKind, documentOf } from "../kind";
import { checkDocument } from "./identity";
import { keyOf, types } from "./types";

const bucket = awsKind(types.bucket, {
    autoName: { property: "bucket", longest: 63 },
    rules: {
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        bucket: {
            form: /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(\.\.|-s3alias$|--ol-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
            says: "3 to 63 lower-case letters, digits, dots and hyphens, without the beginnings and ends that AWS keeps",
        },
    },
    defaults: { forceDestroy: false, objectLockEnabled: false },
    // https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#inputs says of it that a new resource is forced.
    changes: { objectLockEnabled: "replace", forceDestroy: "update" },
    tagged: true,
    computed: ["bucketDomainName", "bucketRegionalDomainName", "bucketRegion"],
    id: ({ inputs }) => textAt(inputs, "bucket") ?? "",
    arn: (_, id) => `arn:aws:s3:::${id}`,
    outputs: ({ inputs, config }, id) => ({
        bucketDomainName: `${id}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${id}.s3.${regionOf(inputs, config)}.amazonaws.com`,
        bucketRegion: regionOf(inputs, config),
    }),
});

/** What belongs to one bucket, and is there at most once. It goes with the bucket, so it does not hold it. */
function partOf(name: string, own: Partial<AwsKind> = {}): Readonly<Record<string, CloudKind>> {
    const type = `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
    return awsKind(type, {
        ...own,
        required: ["bucket", ...(own.required ?? [])],
        references: [{ path: "bucket", to: [types.bucket], holds: false }, ...(own.references ?? [])],
        changes: { bucket: "replace", ...own.changes },
        id: ({ inputs }) => textAt(inputs, "bucket") ?? "",
    });
}

const versioning = "aws:s3/bucketVersioning:BucketVersioning";

export const storage: Readonly<Record<string, CloudKind>> = {
    ...bucket,
    ...partOf("BucketVersioning", { required: ["versioningConfiguration"], judge: judgeVersioning }),
    ...partOf("BucketServerSideEncryptionConfiguration", {
        required: ["rules"],
        references: [keyOf("rules.applyServerSideEncryptionByDefault.kmsMasterKeyId")],
    }),
    ...partOf("BucketPublicAccessBlock", {
        defaults: {
            blockPublicAcls: false,
            blockPublicPolicy: false,
            ignorePublicAcls: false,
            restrictPublicBuckets: false,
        },
        changes: { skipDestroy: "update" },
    }),
    ...partOf("BucketOwnershipControls", { required: ["rule"] }),
    ...partOf("BucketPolicy", {
        required: ["policy"],
        check: (inputs) => checkDocument(inputs, "policy", { principal: true }),
        judge: judgePolicy,
    }),
    ...partOf("BucketObjectLockConfiguration", {
        defaults: { objectLockEnabled: "Enabled" },
        changes: { rule: "update", objectLockEnabled: "replace" },
        judge: judgeLock,
    }),
    ...partOf("BucketLifecycleConfiguration", { required: ["rules"] }),
    ...partOf("BucketLogging", {
        required: ["targetBucket", "targetPrefix"],
        references: [{ path: "targetBucket", to: [types.bucket], holds: false }],
    }),
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html "you can't suspend versioning" */
function judgeVersioning({ inputs, cloud }: Subject): InputIssue[] {
    const locked = isTrue(bucketOf(inputs, cloud)?.outputs, "objectLockEnabled");
    const status = textAt(inputs, "versioningConfiguration.status");
    if (!locked || status === "Enabled") return [];
    return [
        {
            property: "versioningConfiguration.status",
            reason: `must be Enabled on a bucket with object lock, got ${status}`,
        },
    ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html "must have versioning" */
function judgeLock({ inputs, cloud }: Subject): InputIssue[] {
    const record = bucketOf(inputs, cloud);
    const versions = cloud.get(versioning, textAt(inputs, "bucket") ?? "")?.inputs;
    const versioned = textAt(versions, "versioningConfiguration.status") === "Enabled";
    // AWS switches versioning on together with the lock.
    if (versioned || isTrue(record?.outputs, "objectLockEnabled")) return [];
    return [{ property: "bucket", reason: `${record?.id} has no versions to lock` }];
}

/** A policy can only be about its own bucket: S3 answers "Policy has invalid resource". */
function judgePolicy({ inputs, cloud }: Subject): InputIssue[] {
    const record = bucketOf(inputs, cloud);
    const document = documentOf(textAt(inputs, "policy")) ?? {};
    const own = textAt(record?.outputs, "arn") ?? "";
    const foreign = valuesAt(document, "Statement.Resource").find(
        (one) => one !== own && !String(one).startsWith(`${own}/`),
    );
    return foreign === undefined
        ? []
        : [{ property: "policy", reason: `has the resource ${foreign}, which is not of ${own}` }];
}

const bucketOf = (inputs: Subject["inputs"], cloud: CloudView) =>
    cloud.get(types.bucket, textAt(inputs, "bucket") ?? "");
