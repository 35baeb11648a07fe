import type { NamesByType } from "./types";

const bucket = "AWS::S3::Bucket";
const lifecycle = "LifecycleConfiguration/Rules/*";

export const account: NamesByType = {
    "aws:iam/role:Role": {
        schema: "AWS::IAM::Role",
        names: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
        beside: { forceDetachPolicies: "how the provider deletes" },
    },
    "aws:iam/rolePolicy:RolePolicy": {
        schema: "AWS::IAM::RolePolicy",
        names: { name: "PolicyName", policy: "PolicyDocument", role: "RoleName" },
    },
    "aws:iam/policy:Policy": {
        schema: "AWS::IAM::ManagedPolicy",
        names: { name: "ManagedPolicyName", policy: "PolicyDocument" },
        beside: { tags: "IAM's own call tags policies, which CloudFormation does not set" },
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        schema: "AWS::IAM::Role",
        names: { role: "RoleName", policyArn: "ManagedPolicyArns/*" },
    },
    "aws:iam/instanceProfile:InstanceProfile": {
        schema: "AWS::IAM::InstanceProfile",
        names: { name: "InstanceProfileName", role: "Roles/*" },
        beside: { tags: "instance profiles have no tags in CloudFormation" },
    },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        schema: "AWS::IAM::OIDCProvider",
        names: { clientIdLists: "ClientIdList" },
    },
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
        schema: "AWS::IAM::ServiceLinkedRole",
        names: { awsServiceName: "AWSServiceName" },
        beside: { tags: "service-linked roles have no tags in CloudFormation" },
    },
    "aws:kms/key:Key": {
        schema: "AWS::KMS::Key",
        names: {
            customerMasterKeySpec: "KeySpec",
            deletionWindowInDays: "PendingWindowInDays",
            isEnabled: "Enabled",
            policy: "KeyPolicy",
        },
    },
    "aws:kms/alias:Alias": { schema: "AWS::KMS::Alias", names: { name: "AliasName" } },
    "aws:s3/bucket:Bucket": {
        schema: bucket,
        names: { bucket: "BucketName" },
        beside: { forceDestroy: "how the provider deletes" },
    },
    "aws:s3/bucketVersioning:BucketVersioning": { schema: bucket, names: { bucket: "BucketName" } },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        schema: bucket,
        names: {
            bucket: "BucketName",
            rules: "BucketEncryption/ServerSideEncryptionConfiguration",
            "rules/*/applyServerSideEncryptionByDefault":
                "BucketEncryption/ServerSideEncryptionConfiguration/*/ServerSideEncryptionByDefault",
            "rules/*/applyServerSideEncryptionByDefault/sseAlgorithm":
                "BucketEncryption/ServerSideEncryptionConfiguration/*/ServerSideEncryptionByDefault/SSEAlgorithm",
            "rules/*/applyServerSideEncryptionByDefault/kmsMasterKeyId":
                "BucketEncryption/ServerSideEncryptionConfiguration/*/ServerSideEncryptionByDefault/KMSMasterKeyID",
        },
    },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        schema: bucket,
        names: {
            bucket: "BucketName",
            blockPublicAcls: "PublicAccessBlockConfiguration/BlockPublicAcls",
            blockPublicPolicy: "PublicAccessBlockConfiguration/BlockPublicPolicy",
            ignorePublicAcls: "PublicAccessBlockConfiguration/IgnorePublicAcls",
            restrictPublicBuckets: "PublicAccessBlockConfiguration/RestrictPublicBuckets",
        },
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        schema: bucket,
        names: { bucket: "BucketName", rule: "OwnershipControls/Rules/*" },
    },
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
        schema: bucket,
        names: {
            bucket: "BucketName",
            rule: "ObjectLockConfiguration/Rule",
            objectLockEnabled: "ObjectLockConfiguration/ObjectLockEnabled",
        },
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        schema: bucket,
        names: {
            bucket: "BucketName",
            rules: "LifecycleConfiguration/Rules",
            "rules/*/filter/prefix": `${lifecycle}/Prefix`,
            "rules/*/expiration/days": `${lifecycle}/ExpirationInDays`,
            "rules/*/expiration/expiredObjectDeleteMarker": `${lifecycle}/ExpiredObjectDeleteMarker`,
            "rules/*/transitions/*/days": `${lifecycle}/Transitions/*/TransitionInDays`,
            "rules/*/noncurrentVersionTransitions/*/noncurrentDays": `${lifecycle}/NoncurrentVersionTransitions/*/TransitionInDays`,
        },
    },
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {
        schema: bucket,
        names: {
            bucket: "BucketName",
            role: "ReplicationConfiguration/Role",
            rules: "ReplicationConfiguration/Rules",
            "rules/*/destination/encryptionConfiguration/replicaKmsKeyId":
                "ReplicationConfiguration/Rules/*/Destination/EncryptionConfiguration/ReplicaKmsKeyID",
            "rules/*/filter/tag": "ReplicationConfiguration/Rules/*/Filter/TagFilter",
        },
        beside: { token: "given by AWS's support, and passed on by the provider alone" },
    },
    "aws:s3/bucketLogging:BucketLogging": {
        schema: bucket,
        names: {
            bucket: "BucketName",
            targetBucket: "LoggingConfiguration/DestinationBucketName",
            targetPrefix: "LoggingConfiguration/LogFilePrefix",
        },
    },
    "aws:s3/bucketPolicy:BucketPolicy": { schema: "AWS::S3::BucketPolicy", names: { policy: "PolicyDocument" } },
};
