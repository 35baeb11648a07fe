import {
    Bucket,
    BucketLifecycleConfiguration,
    BucketLogging,
    BucketObjectLockConfiguration,
    BucketOwnershipControls,
    BucketPolicy,
    BucketPublicAccessBlock,
    BucketServerSideEncryptionConfiguration,
    BucketVersioning,
} from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { everywhere } from "../../foundation/ranges";
import { type BackupStore, databaseSecret, type ObjectStore, type StorePurpose } from "../contract";
import type { AwsAccount } from "./account";
import { bucketName } from "./names";
import { reachOf } from "./secrets";

interface Keeping {
    readonly account: AwsAccount;
    readonly key: pulumi.Output<string>;
}

export interface StoresArgs extends Keeping {
    /** Prefix below which load balancers write who asked for what; undefined where the stack has none that do. */
    readonly balancerLogs: string | undefined;
}

/** Buckets, each private, versioned, encrypted with the stack's key, reached by TLS only, and with a record of who did so. */
export class Stores extends TarsComponent {
    readonly all: Readonly<Record<StorePurpose, ObjectStore>>;
    /** The store of backups as the operator in the cluster must know it. */
    readonly backupStore: BackupStore;
    /** Where the record goes. */
    readonly accessLogs: Bucket;
    /** Says who may write it. */
    readonly accessLogsPolicy: BucketPolicy;
    /** What the copy in another region is made from. */
    readonly backups: LockedBucket;

    constructor(name: string, { account, key, balancerLogs }: StoresArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Stores", name, opts);
        const access = createAccessLogs(`${name}-access`, { account, key, balancerLogs }, this);
        this.accessLogs = access.bucket;
        this.accessLogsPolicy = access.policy;
        const plan = { account, key, accessLogs: this.accessLogs };
        const data = createBucket(`${name}-data`, { ...plan, purpose: "data", isLocked: false }, this);
        forgetOldVersions(`${name}-data`, data, { versions: 90 }, account.kept("bucketSettings", this));
        this.backups = createBackups(`${name}-backups`, plan, this);
        this.all = { data: storeOf(data), backups: storeOf(this.backups) };
        this.backupStore = backupStoreOf(account, this.backups);
        this.registerOutputs({ all: this.all });
    }
}

export interface BucketPlan extends Keeping {
    readonly purpose: string;
    /** Whether objects can be locked, which only a new bucket can be told. */
    readonly isLocked: boolean;
    /** Where S3 writes who read and changed what; undefined for the bucket that it writes to. */
    readonly accessLogs: Bucket | undefined;
    /**
     * Statements that let services of AWS in, for the bucket's name.
     * @default undefined - none
     */
    readonly allowed?: (bucket: string) => readonly object[];
    /**
     * Where it stands.
     * @default undefined - in the stack's region
     */
    readonly region?: string;
}

export interface BucketMade {
    readonly bucket: Bucket;
    /** Says who is let in: a service that writes here waits for it. */
    readonly policy: BucketPolicy;
    /** S3 copies neither from nor to a bucket that has no versions yet. */
    readonly versions: BucketVersioning;
    /** The region as each part of the bucket takes it: none where it is the provider's own. */
    readonly place: Place;
}

export interface LockedBucket extends BucketMade {
    readonly lock: BucketObjectLockConfiguration;
}

interface Place {
    readonly region?: string;
}

export function createBucket(name: string, plan: BucketPlan, parent: pulumi.Resource): BucketMade {
    const { account, purpose, isLocked, accessLogs, allowed = () => [], region } = plan;
    const place: Place = region === undefined ? {} : { region };
    const physical = bucketName({ ...account.section, ...place }, purpose);
    const args = {
        ...place,
        bucket: physical,
        objectLockEnabled: isLocked,
        // Where nothing is kept, what is in a bucket does not hold up the end of its stack. Locked versions do, until their time is over.
        forceDestroy: !account.rules.keepsData,
        tags: account.tags(physical),
    };
    const made = new Bucket(name, args, account.kept("bucket", parent));
    const of = { ...place, bucket: made.bucket };
    const child = account.kept("bucketSettings", parent);
    const rules = [encryptionOf(plan)];
    new BucketServerSideEncryptionConfiguration(`${name}-encryption`, { ...of, rules }, child);
    if (accessLogs) {
        const target = { targetBucket: accessLogs.bucket, targetPrefix: `${purpose}/` };
        new BucketLogging(`${name}-access-log`, { ...of, ...target }, child);
    }
    const versioningConfiguration = { status: "Enabled" };
    const versions = new BucketVersioning(`${name}-versions`, { ...of, versioningConfiguration }, child);
    new BucketOwnershipControls(`${name}-owner`, { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } }, child);
    const closed = {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
    };
    new BucketPublicAccessBlock(`${name}-private`, { ...of, ...closed }, child);
    const policy = new BucketPolicy(`${name}-tls`, { ...of, policy: policyOf(physical, allowed(physical)) }, child);
    return { bucket: made, policy, versions, place };
}

/**
 * S3 delivers the record into no bucket that encrypts with a key of KMS:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
function encryptionOf({ accessLogs, key }: BucketPlan) {
    if (accessLogs === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
    return {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
        bucketKeyEnabled: true,
    };
}

/** The backups of one region: locked, and once deleted or overwritten kept as long as the lock holds. */
export function createBackups(
    name: string,
    plan: Omit<BucketPlan, "purpose" | "isLocked" | "allowed">,
    parent: pulumi.Resource,
): LockedBucket {
    const { account } = plan;
    const { backupDays } = account.section;
    const made = createBucket(name, { ...plan, purpose: "backups", isLocked: true }, parent);
    const child = account.kept("bucketSettings", parent);
    forgetOldVersions(name, made, { versions: backupDays }, child);
    return { ...made, lock: lock(name, made, backupDays, child) };
}

export interface AccessLogsArgs extends StoresArgs, Place {}

/**
 * The record of who read and changed what in the stack's buckets of one region, as S3 writes it into no other: server access logs, because
 * data events of CloudTrail belong to the account, and a stack with `accountBaseline: external` has no say in them. It is kept as long as
 * other logs.
 */
export function createAccessLogs(name: string, args: AccessLogsArgs, parent: pulumi.Resource): BucketMade {
    const { account, key, balancerLogs, ...place } = args;
    const { account: id, name: stack, logRetentionDays } = account.section;
    const allowed = (bucket: string) => [
        {
            Sid: "accessLogs",
            Effect: "Allow",
            Principal: { Service: "logging.s3.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `arn:aws:s3:::${bucket}/*`,
            Condition: {
                ArnLike: { "aws:SourceArn": `arn:aws:s3:::${stack}-*` },
                StringEquals: { "aws:SourceAccount": id },
            },
        },
        ...(balancerLogs === undefined ? [] : [balancersWrite(account, `${bucket}/${balancerLogs}`)]),
    ];
    const plan = { account, key, purpose: "access", isLocked: false, accessLogs: undefined, allowed, ...place };
    const made = createBucket(name, plan, parent);
    const days = { versions: 7, objects: logRetentionDays };
    forgetOldVersions(name, made, days, account.kept("bucketSettings", parent));
    return made;
}

/**
 * Load balancers write into buckets that encrypt with keys of S3's own, as this one does, below a folder that AWS names by the account.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
function balancersWrite(account: AwsAccount, folder: string): object {
    return {
        Sid: "balancerLogs",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${folder}/AWSLogs/${account.section.account}/*`,
        Condition: { ArnLike: { "aws:SourceArn": account.arn("elasticloadbalancing", "loadbalancer/*") } },
    };
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

interface Days {
    /** How long what was deleted or overwritten is kept. */
    readonly versions: number;
    /** How long anything is kept. @default undefined - until somebody deletes it */
    readonly objects?: number;
}

export function forgetOldVersions(
    name: string,
    { bucket: { bucket }, place }: BucketMade,
    { versions, objects }: Days,
    child: ChildOptions,
): void {
    const rule = {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        // A marker is what a deletion leaves once the last version below it is gone.
        expiration: objects === undefined ? { expiredObjectDeleteMarker: true } : { days: objects },
        noncurrentVersionExpiration: { noncurrentDays: versions },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    };
    new BucketLifecycleConfiguration(`${name}-lifecycle`, { ...place, bucket, rules: [rule] }, child);
}

/** Compliance: not even the account's owner shortens it. */
function lock(
    name: string,
    { bucket: { bucket }, place }: BucketMade,
    days: number,
    child: ChildOptions,
): BucketObjectLockConfiguration {
    const rule = { defaultRetention: { mode: "COMPLIANCE", days } };
    return new BucketObjectLockConfiguration(`${name}-lock`, { ...place, bucket, rule }, child);
}

/** S3 is reached through the VPC's endpoint, but at its own addresses, which nobody can name. */
function backupStoreOf({ section: { region } }: AwsAccount, { bucket: { bucket } }: BucketMade): BackupStore {
    return {
        provider: "aws",
        bucket,
        url: pulumi.interpolate`s3://${bucket}`,
        ...loginAt({ region }),
        s3: { region },
        reach: reachOf(everywhere),
    };
}

/** How whoever is in a region logs in to a bucket there: the instances are who they are by their service account; no key is anywhere. */
export function loginAt({ region }: { readonly region: string }): Pick<BackupStore, "login" | "config"> {
    const named = { name: databaseSecret.name, key: databaseSecret.regionKey };
    return { login: { s3Credentials: { inheritFromIAMRole: true, region: named } }, config: { region } };
}

function storeOf({ bucket: { bucket } }: BucketMade): ObjectStore {
    return { name: bucket, url: pulumi.interpolate`s3://${bucket}` };
}
