import type { CloudKind, Subject } from "../../cloud/kind";
import { isTrue, textAt, valuesAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { regionOf } from "../account";
import { awsKind, documentOf } from "../kind";
import { bucketOf, bucketRegion, isVersioned, partOf } from "./bucketPart";
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
        judge: judgeTarget,
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
    // AWS switches versioning on together with the lock.
    if (isVersioned(record, cloud) || isTrue(record?.outputs, "objectLockEnabled")) return [];
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

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html "in the same AWS Region" */
function judgeTarget({ inputs, cloud }: Subject): InputIssue[] {
    const target = cloud.get(types.bucket, textAt(inputs, "targetBucket") ?? "");
    const [here, there] = [bucketRegion(bucketOf(inputs, cloud)), bucketRegion(target)];
    if (here === there) return [];
    return [{ property: "targetBucket", reason: `is in ${there}, but S3 writes records of ${here} there only` }];
}
