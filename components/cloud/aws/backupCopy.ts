import { BucketReplicationConfig } from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { AwsAccount } from "./account";
import { createRole } from "./identities";
import { createKey, type KeyPlan } from "./keys";
import { bucketName, copyKeyAlias, keyAlias } from "./names";
import { plainKeyPolicy } from "./secrets";
import { type Condition, onKeyCalled, type Statement } from "./statements";
import { createAccessLogs, createBackups, type LockedBucket } from "./storage";

export interface BackupCopyArgs {
    readonly account: AwsAccount;
    /** Where the copy stands: another region of the account's partition. */
    readonly region: string;
    readonly backups: LockedBucket;
}

/**
 * A copy of the backups in another region, which S3 makes as they arrive: as locked as they are, and under a key of that region, because one of
 * the stack's region is lost with it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
 */
export class BackupCopy extends TarsComponent {
    constructor(name: string, { account, region, backups }: BackupCopyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "BackupCopy", name, opts);
        const key = createKey(name, planKey(account, region), account, this);
        const place = { account, key, region };
        const access = createAccessLogs(`${name}-access`, { ...place, balancerLogs: undefined }, this);
        const copy = createBackups(name, { ...place, accessLogs: access.bucket }, this);
        replicate(name, { ...place, from: backups, to: copy }, this);
        this.registerOutputs({});
    }
}

/** S3 makes no use of what keys of several regions can do: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html */
function planKey(account: AwsAccount, region: string): KeyPlan {
    const { name: stack } = account.section;
    return {
        region,
        description: `Copies of the backups of ${stack}`,
        physical: `${stack}-backup-copy-key`,
        alias: copyKeyAlias(account.section),
        policy: plainKeyPolicy(account),
    };
}

interface Replication {
    readonly account: AwsAccount;
    /** Of the copy. */
    readonly key: pulumi.Output<string>;
    readonly from: LockedBucket;
    readonly to: LockedBucket;
    /** Of the copy. */
    readonly region: string;
}

/**
 * Deletions stay where they are made: whoever deletes a backup, by mistake or on purpose, deletes no copy. The rule goes with the stack, as its
 * role does. How far behind the copy is, CloudWatch is told.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html (what a rule with a filter must say)
 */
function replicate(name: string, { account, key, from, to, region }: Replication, parent: pulumi.Resource): void {
    const plan = {
        description: "Copies backups to another region",
        service: "s3.amazonaws.com",
        managed: [],
        statements: statementsOf(account, region),
    };
    const { role, policies } = createRole(name, plan, account, parent);
    const rule = {
        id: "backups",
        status: "Enabled",
        priority: 1,
        filter: { prefix: "" },
        deleteMarkerReplication: { status: "Disabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: {
            bucket: to.bucket.arn,
            encryptionConfiguration: { replicaKmsKeyId: key },
            metrics: { status: "Enabled" },
        },
    };
    const before = [from, to].flatMap(({ versions, lock, policy }) => [versions, lock, policy]);
    const args = { bucket: from.bucket.bucket, role: role.arn, rules: [rule] };
    new BucketReplicationConfig(`${name}-rule`, args, {
        ...account.child(parent),
        dependsOn: [...before, ...policies],
    });
}

/**
 * Reading versions with their locks, and writing replicas. Not `s3:ReplicateDelete`, which is for markers of deletions alone, nor
 * `s3:ReplicateTags`, which comes with `s3:ReplicateObject`. S3 is trusted without `aws:SourceArn`: AWS does not say that replication sends
 * it, and only who belongs to the account can pass its role to a bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-replication
 */
function statementsOf(account: AwsAccount, region: string): readonly Statement[] {
    const { section } = account;
    const from = { region: section.region, alias: keyAlias(section), bucket: backupsIn(section.region, account) };
    const to = { region, alias: copyKeyAlias(section), bucket: backupsIn(region, account) };
    return [
        { actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [from.bucket] },
        {
            actions: [
                "s3:GetObjectLegalHold",
                "s3:GetObjectRetention",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ],
            resources: [`${from.bucket}/*`],
        },
        { actions: ["s3:ReplicateObject"], resources: [`${to.bucket}/*`] },
        onKeyCalled(account, { ...from, actions: ["kms:Decrypt"], condition: throughS3(from) }),
        // Reading is for the key of the bucket, which S3 reads again before it uses it.
        onKeyCalled(account, {
            ...to,
            actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            condition: throughS3(to),
        }),
    ];
}

function backupsIn(region: string, { section }: AwsAccount): string {
    return `arn:aws:s3:::${bucketName({ ...section, region }, "backups")}`;
}

/**
 * For S3 alone, and for nothing but what is in the bucket: with a key of the bucket, S3 names the bucket, and without one the object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html#replication-kms-extra-permissions
 */
function throughS3({ region, bucket }: { readonly region: string; readonly bucket: string }): Condition {
    return {
        StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
        StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, `${bucket}/*`] },
    };
}
