import { DeliveryChannel, Recorder, RecorderStatus } from "@pulumi/aws/cfg";
import { Trail } from "@pulumi/aws/cloudtrail";
import { RegistryScanningConfiguration } from "@pulumi/aws/ecr";
import { Detector, DetectorFeature } from "@pulumi/aws/guardduty";
import type { Bucket } from "@pulumi/aws/s3";
import { Account, StandardsSubscription } from "@pulumi/aws/securityhub";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { AwsAccount } from "./account";
import { createRole } from "./identities";
import { type BucketMade, createBucket, forgetOldVersions } from "./storage";

export interface BaselineArgs {
    readonly account: AwsAccount;
    readonly key: pulumi.Output<string>;
    /** Where S3 writes who read and changed the account's records. */
    readonly accessLogs: Bucket;
}

/** Services that an account has once: who did what, what changed, what looks like an attack, and what falls short of AWS's own standard. */
export class Baseline extends TarsComponent {
    constructor(name: string, { account, key, accessLogs }: BaselineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Baseline", name, opts);
        const records = createRecords(name, { account, key, accessLogs }, this);
        createTrail(name, records, { account, key, accessLogs }, this);
        createRecorder(name, records, account, this);
        createWatch(name, account, this);
        createRegistryScans(name, account, this);
        this.registerOutputs({});
    }
}

/** Services of AWS that write here, by where below the bucket. */
const writers = { "cloudtrail.amazonaws.com": "trail", "config.amazonaws.com": "config" } as const;

/**
 * Not locked: Config writes into no bucket with object lock. Versions stay, and CloudTrail's digests tell of every log that was changed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-deliverychannel.html
 */
function createRecords(name: string, { account, key, accessLogs }: BaselineArgs, parent: pulumi.Resource): BucketMade {
    const { account: id, trailArchive } = account.section;
    const ofAccount = { StringEquals: { "aws:SourceAccount": id } };
    const own = Object.entries(writers).filter(([, folder]) => folder !== "trail" || trailArchive === undefined);
    const allowed = (bucket: string) =>
        own.flatMap(([service, folder]) => [
            {
                Sid: `${folder}Looks`,
                Effect: "Allow",
                Principal: { Service: service },
                Action: ["s3:GetBucketAcl", "s3:ListBucket"],
                Resource: `arn:aws:s3:::${bucket}`,
                Condition: ofAccount,
            },
            {
                Sid: `${folder}Writes`,
                Effect: "Allow",
                Principal: { Service: service },
                Action: "s3:PutObject",
                Resource: `arn:aws:s3:::${bucket}/${folder}/AWSLogs/${id}/*`,
                Condition: ofAccount,
            },
        ]);
    const plan = { purpose: "records", account, key, accessLogs, isLocked: false, allowed };
    const records = createBucket(`${name}-records`, plan, parent);
    forgetOldVersions(`${name}-records`, records, { versions: 90 }, account.kept("bucketSettings", parent));
    return records;
}

/**
 * Production's goes to the archive of another account (OBS-01), under a key of that account: whoever takes this one over can neither delete
 * the records nor the key that reads them. AWS tries to write as soon as a trail or a channel is made, and refuses it where the bucket's policy is
 * not there yet.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
function createTrail(name: string, records: BucketMade, { account, key }: BaselineArgs, parent: pulumi.Resource): void {
    const { name: physical, trailArchive } = account.section;
    const archive = trailArchive ?? { bucket: records.bucket.bucket, key };
    const args = {
        name: physical,
        s3BucketName: archive.bucket,
        s3KeyPrefix: "trail",
        kmsKeyId: archive.key,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        tags: account.tags(physical),
    };
    new Trail(`${name}-trail`, args, { ...account.child(parent), dependsOn: [records.policy] });
}

function createRecorder(name: string, records: BucketMade, account: AwsAccount, parent: pulumi.Resource): void {
    const plan = {
        description: "Records what changes in the account",
        service: "config.amazonaws.com",
        managed: ["service-role/AWS_ConfigRole"],
        statements: [],
    };
    const child = account.child(parent);
    const { role, policies } = createRole("config", plan, account, parent);
    const recordingGroup = { allSupported: true, includeGlobalResourceTypes: true };
    const recorder = new Recorder(`${name}-recorder`, { name: "default", roleArn: role.arn, recordingGroup }, child);
    const channel = new DeliveryChannel(
        `${name}-channel`,
        { name: "default", s3BucketName: records.bucket.bucket, s3KeyPrefix: "config" },
        { ...child, dependsOn: [recorder, records.policy] },
    );
    const status = { name: recorder.name, isEnabled: true };
    new RecorderStatus(`${name}-recording`, status, { ...child, dependsOn: [channel, ...policies] });
}

/** @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html (names of the features) */
const features = ["S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION"] as const;

function createWatch(name: string, account: AwsAccount, parent: pulumi.Resource): void {
    const child = account.child(parent);
    const { region, name: stack } = account.section;
    const frequency = "FIFTEEN_MINUTES";
    const args = { enable: true, findingPublishingFrequency: frequency, tags: account.tags(stack) };
    const detector = new Detector(`${name}-detector`, args, child);
    for (const feature of features) {
        const enabled = { detectorId: detector.id, name: feature, status: "ENABLED" };
        new DetectorFeature(`${name}-${feature.toLowerCase().replaceAll("_", "-")}`, enabled, child);
    }
    const hub = new Account(`${name}-hub`, { enableDefaultStandards: false }, child);
    const standardsArn = `arn:aws:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`;
    new StandardsSubscription(`${name}-standard`, { standardsArn }, { ...child, dependsOn: [hub] });
}

/** Every image of the account is scanned again whenever a new weakness is known, which is more often than daily. */
function createRegistryScans(name: string, account: AwsAccount, parent: pulumi.Resource): void {
    const rules = [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }];
    new RegistryScanningConfiguration(`${name}-scans`, { scanType: "ENHANCED", rules }, account.child(parent));
}
