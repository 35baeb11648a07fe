import { type PhysicalNameRule, physicalName } from "../../foundation/names";
import type { AwsSettings } from "./settings";

const iam = "https://docs.aws.amazon.com/IAM/latest/APIReference";

/** What AWS says about the names of each kind of resource that the stack names itself. */
export const nameRules = {
    cluster: {
        longest: 100,
        form: /^[0-9A-Za-z][A-Za-z0-9_-]*$/,
        words: "letters, digits, hyphens and underscores, beginning with a letter or digit",
        authority: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html",
        separator: "-",
    },
    launchTemplate: {
        longest: 128,
        form: /^[a-zA-Z0-9().\-/_]{3,}$/,
        words: "at least three letters, digits, hyphens, underscores, dots, slashes and brackets",
        authority: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html",
        separator: "-",
    },
    role: {
        longest: 64,
        form: /^[\w+=,.@-]+$/,
        words: "letters, digits and any of +=,.@_-",
        authority: `${iam}/API_CreateRole.html`,
        separator: "-",
    },
    policy: {
        longest: 128,
        form: /^[\w+=,.@-]+$/,
        words: "letters, digits and any of +=,.@_-",
        authority: `${iam}/API_CreatePolicy.html`,
        separator: "-",
    },
    bucket: {
        longest: 63,
        form: /^[a-z0-9][a-z0-9-]+[a-z0-9]$/,
        words: "lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
        authority: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
        separator: "-",
    },
    securityGroup: {
        longest: 255,
        form: /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
        words: "letters, digits and common marks, not beginning with sg-",
        authority: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
        separator: "-",
    },
    loadBalancer: {
        longest: 32,
        form: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
        words: "letters, digits and hyphens, neither beginning nor ending with a hyphen, nor beginning with internal-",
        authority: "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
        separator: "-",
    },
    queue: {
        longest: 80,
        form: /^[A-Za-z0-9_-]+$/,
        words: "letters, digits, hyphens and underscores",
        authority: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
        separator: "-",
    },
    database: {
        longest: 63,
        form: /^[a-z](-?[a-z0-9])*$/,
        words: "lower-case letters, digits and single hyphens, beginning with a letter",
        authority: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
        separator: "-",
    },
    cache: {
        longest: 40,
        form: /^[a-z](-?[a-z0-9])*$/,
        words: "lower-case letters, digits and single hyphens, beginning with a letter",
        authority: "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
        separator: "-",
    },
    cacheParameters: {
        longest: 255,
        form: /^[a-z](-?[a-z0-9])*$/,
        words: "lower-case letters, digits and single hyphens, beginning with a letter",
        authority:
            "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html",
        separator: "-",
    },
    streaming: {
        longest: 64,
        form: /^[a-zA-Z0-9][a-zA-Z0-9-]*$/,
        words: "letters, digits and hyphens, beginning with a letter or digit",
        authority: "https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html",
        separator: "-",
    },
    eventRule: {
        longest: 64,
        form: /^[.\-_A-Za-z0-9]+$/,
        words: "letters, digits, dots, hyphens and underscores",
        authority: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html",
        separator: "-",
    },
} as const satisfies Readonly<Record<string, PhysicalNameRule>>;

/** The cluster's name in AWS, which is known before the cluster is there. */
export function clusterName({ name }: Pick<AwsSettings, "name">): string {
    return physicalName(nameRules.cluster, name);
}

/** Name of a bucket, which no other account of the world may have. */
export function bucketName(
    { name, account, region }: Pick<AwsSettings, "name" | "account" | "region">,
    purpose: string,
): string {
    return physicalName(nameRules.bucket, name, account, region, purpose);
}

/** The name that the stack's key goes by. Policies name the key by it: its ARN holds an id that nobody knows before the key is there. */
export function keyAlias({ name }: Pick<AwsSettings, "name">): string {
    return `alias/${name}`;
}

/** The name that the key of the copied backups goes by in their region. */
export function copyKeyAlias({ name }: Pick<AwsSettings, "name">): string {
    return `${keyAlias({ name })}-backup-copy`;
}

/** What the names of images and charts in the stack's registry begin with. */
export function registryHost({ name, account, region }: Pick<AwsSettings, "name" | "account" | "region">): string {
    return `${account}.dkr.ecr.${region}.amazonaws.com/${name}`;
}

/** What names of the stack's secrets in Secrets Manager begin with. */
export function secretPrefix({ name }: Pick<AwsSettings, "name">): string {
    return `${name}/`;
}
