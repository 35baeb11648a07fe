import type { PhysicalNameRule } from "../../foundation/names";

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
    queue: {
        longest: 80,
        form: /^[A-Za-z0-9_-]+$/,
        words: "letters, digits, hyphens and underscores",
        authority: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
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
