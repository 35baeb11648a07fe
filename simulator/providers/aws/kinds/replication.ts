import type { CloudKind, CloudRecord, Subject } from "../../cloud/kind";
import { isObject, isTrue, textAt, valuesAt } from "../../cloud/values";
import type { Properties, Value } from "../../properties";
import type { InputIssue } from "../../protocol";
import { bucketOf, bucketRegion, isVersioned, partOf } from "./bucketPart";
import { checkTrust } from "./identity";
import { keyOf, keyRegion, roleArn, types } from "./types";

/** Copies what arrives in one bucket to others. What is copied, nobody does here: there are no objects. */
export const replication: Readonly<Record<string, CloudKind>> = partOf("BucketReplicationConfig", {
    required: ["role", "rules"],
    references: [
        roleArn("role"),
        { path: "rules.destination.bucket", to: [types.bucket], by: "arn", holds: false },
        keyOf("rules.destination.encryptionConfiguration.replicaKmsKeyId"),
    ],
    check: (inputs) => valuesAt(inputs, "rules").flatMap(checkRule),
    judge: (subject) => [
        ...checkTrust(subject, "role", "s3.amazonaws.com"),
        ...judgeSource(subject),
        ...valuesAt(subject.inputs, "rules").flatMap((rule) => judgeDestination(rule, subject)),
    ],
});

/**
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html (what goes with a filter)
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_SourceSelectionCriteria.html (what goes with encrypted objects)
 */
function checkRule(rule: Value): InputIssue[] {
    const parts: Properties = isObject(rule) ? rule : {};
    const encrypted = textAt(parts, "sourceSelectionCriteria.sseKmsEncryptedObjects.status") === "Enabled";
    const key = valuesAt(parts, "destination.encryptionConfiguration.replicaKmsKeyId");
    return [
        ...(parts.filter !== undefined && parts.deleteMarkerReplication === undefined
            ? [{ property: "rules", reason: "must say deleteMarkerReplication beside a filter" }]
            : []),
        ...(encrypted && key.length === 0
            ? [{ property: "rules", reason: "must name replicaKmsKeyId for objects that a key of KMS encrypts" }]
            : []),
    ];
}

function judgeSource({ inputs, cloud }: Subject): InputIssue[] {
    const source = bucketOf(inputs, cloud);
    return isVersioned(source, cloud) ? [] : [{ property: "bucket", reason: `${source?.id} has no versions to copy` }];
}

/**
 * S3 would take a key of another region, and then copy nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html "same AWS Region"
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-replication
 */
function judgeDestination(rule: Value, { inputs, cloud }: Subject): InputIssue[] {
    const property = "rules.destination";
    const source = bucketOf(inputs, cloud);
    const copy = cloud.find([types.bucket], "arn", textAt(rule, "destination.bucket") ?? "");
    const region = keyRegion(textAt(rule, "destination.encryptionConfiguration.replicaKmsKeyId"), cloud);
    const isLocked = (record: CloudRecord | undefined) => isTrue(record?.outputs, "objectLockEnabled");
    const wrong = [
        copy?.id === source?.id && "is the bucket that is copied",
        !isVersioned(copy, cloud) && `${copy?.id} has no versions`,
        isLocked(source) && !isLocked(copy) && `${copy?.id} has no object lock, which ${source?.id} has`,
        region !== undefined &&
            region !== bucketRegion(copy) &&
            `${copy?.id} is in ${bucketRegion(copy)}, but the key of its copies in ${region}`,
    ];
    return wrong.flatMap((reason) => (typeof reason === "string" ? [{ property, reason }] : []));
}
