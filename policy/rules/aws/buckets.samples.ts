import type { Resource } from "../../rule";
import { cloudResource } from "../../samples";
import { documentOf } from "./policyDocument";

const arn = "arn:aws:s3:::sample";

const tlsOnly = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
};

export const policy = (change: object) => documentOf({ ...tlsOnly, ...change });

const aes = { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] };

/** What a bucket has beside it, in the order in which tests change it. */
const settings = {
    BucketPublicAccessBlock: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
    },
    BucketPolicy: { policy: policy({}) },
    BucketServerSideEncryptionConfiguration: {
        rules: [
            {
                applyServerSideEncryptionByDefault: {
                    sseAlgorithm: "aws:kms",
                    kmsMasterKeyId: "arn:aws:kms:eu-central-1:123456789012:key/sample",
                },
            },
        ],
    },
    BucketVersioning: { versioningConfiguration: { status: "Enabled" } },
    BucketLogging: { targetBucket: "sample-access", targetPrefix: "sample/" },
    BucketLifecycleConfiguration: { rules: [{ id: "old", status: "Enabled" }] },
} as const;

type Part = keyof typeof settings;
type Parts = Readonly<Partial<Record<Part, object | undefined>>>;

/** A bucket with all that it needs, some of it changed; undefined takes a part away. */
export function bucket(parts: Parts = {}, name = "sample"): readonly Resource[] {
    const given: Readonly<Record<string, object | undefined>> = { ...settings, ...parts };
    const companions = Object.entries(given).flatMap(([kind, inputs]) => {
        const type = `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
        return inputs === undefined ? [] : [cloudResource(type, { bucket: name, ...inputs }, name)];
    });
    return [cloudResource("aws:s3/bucket:Bucket", { bucket: name }, name), ...companions];
}

/** The bucket that access logs go to, which S3 writes into with its own key only. */
export const accessLogs = bucket(
    { BucketLogging: undefined, BucketServerSideEncryptionConfiguration: aes },
    "sample-access",
);

export const encryptedByS3 = aes;
