import {
    Bucket,
    BucketLifecycleConfiguration,
    BucketObjectLockConfiguration,
    BucketOwnershipControls,
    BucketPolicy,
    BucketPublicAccessBlock,
    BucketServerSideEncryptionConfiguration,
    BucketVersioning,
} from "@pulumi/aws/s3";
import { StorageClass } from "@pulumi/kubernetes/storage/v1";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { type Ownership, platformLabels } from "../../foundation/labels";
import { physicalName } from "../../foundation/names";
import type { ObjectStore, StoragePurpose, StorePurpose } from "../contract";
import type { AwsAccount } from "./account";
import { nameRules } from "./names";

export interface StoresArgs {
    readonly account: AwsAccount;
    readonly key: pulumi.Output<string>;
}

/** Buckets, each private, versioned, encrypted with the stack's key and reached by TLS only. */
export class Stores extends TarsComponent {
    readonly all: Readonly<Record<StorePurpose, ObjectStore>>;

    constructor(name: string, { account, key }: StoresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Stores", name, opts);
        const child = account.kept("bucketSettings", this);
        const { backupDays } = account.section;
        const { bucket: data } = createBucket(`${name}-data`, { purpose: "data", account, key, isLocked: false }, this);
        const locked = { purpose: "backups", account, key, isLocked: true };
        const { bucket: backups } = createBucket(`${name}-backups`, locked, this);
        forgetOldVersions(`${name}-data`, data, 90, child);
        forgetOldVersions(`${name}-backups`, backups, backupDays, child);
        lock(`${name}-backups`, backups, backupDays, child);
        this.all = { data: storeOf(data), backups: storeOf(backups) };
        this.registerOutputs({ all: this.all });
    }
}

export interface BucketPlan extends StoresArgs {
    readonly purpose: string;
    /** Whether objects can be locked, which only a new bucket can be told. */
    readonly isLocked: boolean;
    /**
     * Statements that let services of AWS in, for the bucket's name.
     * @default undefined - none
     */
    readonly allowed?: (bucket: string) => readonly object[];
}

export interface BucketMade {
    readonly bucket: Bucket;
    /** Says who is let in: a service that writes here waits for it. */
    readonly policy: BucketPolicy;
}

export function createBucket(name: string, plan: BucketPlan, parent: pulumi.Resource): BucketMade {
    const { account, key, purpose, isLocked, allowed = () => [] } = plan;
    const { name: stack, account: id, region } = account.section;
    const physical = physicalName(nameRules.bucket, stack, id, region, purpose);
    const args = {
        bucket: physical,
        objectLockEnabled: isLocked,
        // Where nothing is kept, what is in a bucket does not hold up the end of its stack. Locked versions do, until their time is over.
        forceDestroy: !account.rules.keepsData,
        tags: account.tags(physical),
    };
    const made = new Bucket(name, args, account.kept("bucket", parent));
    const bucket = made.bucket;
    const child = account.kept("bucketSettings", parent);
    const rules = [
        {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
            bucketKeyEnabled: true,
        },
    ];
    new BucketServerSideEncryptionConfiguration(`${name}-encryption`, { bucket, rules }, child);
    new BucketVersioning(`${name}-versions`, { bucket, versioningConfiguration: { status: "Enabled" } }, child);
    new BucketOwnershipControls(`${name}-owner`, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, child);
    const closed = {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
    };
    new BucketPublicAccessBlock(`${name}-private`, { bucket, ...closed }, child);
    const policy = new BucketPolicy(`${name}-tls`, { bucket, policy: policyOf(physical, allowed(physical)) }, child);
    return { bucket: made, policy };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html */
function policyOf(bucket: string, allowed: readonly object[]): string {
    const arn = `arn:aws:s3:::${bucket}`;
    const tlsOnly = {
        Sid: "tls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    return JSON.stringify({ Version: "2012-10-17", Statement: [tlsOnly, ...allowed] });
}

function forgetOldVersions(name: string, { bucket }: Bucket, days: number, child: ChildOptions): void {
    const rule = {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        // What a deletion leaves once the last version below it is gone.
        expiration: { expiredObjectDeleteMarker: true },
        noncurrentVersionExpiration: { noncurrentDays: days },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    };
    new BucketLifecycleConfiguration(`${name}-lifecycle`, { bucket, rules: [rule] }, child);
}

/** Compliance: not even the account's owner shortens it. */
function lock(name: string, { bucket }: Bucket, days: number, child: ChildOptions): void {
    const rule = { defaultRetention: { mode: "COMPLIANCE", days } };
    new BucketObjectLockConfiguration(`${name}-lock`, { bucket, rule }, child);
}

function storeOf({ bucket }: Bucket): ObjectStore {
    return { name: bucket, url: pulumi.interpolate`s3://${bucket}` };
}

export interface StorageClassesArgs {
    /** Makes objects in the cluster. */
    readonly provider: pulumi.ProviderResource;
    readonly ownership: Ownership;
    readonly key: pulumi.Output<string>;
    /** Whether a volume stays when its claim is deleted. */
    readonly keepsData: boolean;
}

/**
 * What each purpose means in EBS. The IOPS are ours: 50 a GiB is a tenth of what io2 allows. An sc1 volume has at least 125 GiB.
 *
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
 */
const volumeTypes = {
    fast: { type: "io2", iopsPerGB: "50" },
    standard: { type: "gp3" },
    cold: { type: "sc1" },
} as const satisfies Readonly<Record<StoragePurpose, Readonly<Record<string, string>>>>;

/** The cluster's storage classes. A volume is made where its first pod lands, because it never leaves its zone. */
export class StorageClasses extends TarsComponent {
    readonly names: Readonly<Record<StoragePurpose, pulumi.Output<string>>>;

    constructor(name: string, args: StorageClassesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "StorageClasses", name, opts);
        const of = (purpose: StoragePurpose) => createStorageClass(name, purpose, args, this).metadata.name;
        this.names = { fast: of("fast"), standard: of("standard"), cold: of("cold") };
        this.registerOutputs({ names: this.names });
    }
}

function createStorageClass(
    name: string,
    purpose: StoragePurpose,
    { provider, ownership, key, keepsData }: StorageClassesArgs,
    parent: pulumi.Resource,
): StorageClass {
    const isDefault = String(purpose === "standard");
    return new StorageClass(
        `${name}-${purpose}`,
        {
            metadata: {
                name: purpose,
                labels: platformLabels(ownership),
                annotations: { "storageclass.kubernetes.io/is-default-class": isDefault },
            },
            provisioner: "ebs.csi.aws.com",
            parameters: { ...volumeTypes[purpose], encrypted: "true", kmsKeyId: key },
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: keepsData ? "Retain" : "Delete",
        },
        { parent, provider },
    );
}
