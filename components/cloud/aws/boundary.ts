import { Policy } from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { Labels } from "../../foundation/labels";
import { physicalName } from "../../foundation/names";
import { generatedPrefix } from "../contract";
import { nameRules, secretPrefix } from "./names";
import { balancerService, balancerServiceRole } from "./rules";
import type { AwsSettings } from "./settings";

export interface BoundaryArgs {
    readonly section: AwsSettings;
    readonly tags: (name: string) => Labels;
}

/**
 * What no role of pods goes beyond, whatever policies it is given, those of AWS that change without a word among them: data and nodes in the
 * stack's region, but no rights, no keys and no settings of what is kept.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function createBoundary(
    name: string,
    { section, tags }: BoundaryArgs,
    child: ChildOptions,
): pulumi.Output<string> {
    const physical = physicalName(nameRules.policy, section.name, "workloads");
    const description = "What roles of pods cannot go beyond";
    const args = { name: physical, description, policy: limits(section), tags: tags(physical) };
    return new Policy(`${name}-workloads`, args, child).arn;
}

function limits(section: AwsSettings): string {
    const { name, account, region } = section;
    const here = { StringEquals: { "aws:RequestedRegion": region } };
    const toMachines = { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } };
    const ofBalancers = { StringEquals: { "iam:AWSServiceName": balancerService } };
    const roles = `arn:aws:iam::${account}:role/${name}-*`;
    const generated = `arn:aws:secretsmanager:${region}:${account}:secret:${secretPrefix(section)}${generatedPrefix}*`;
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            { Effect: "Allow", Action: used, Resource: "*", Condition: here },
            // Prices, instance profiles and names are of no region.
            { Effect: "Allow", Action: ["iam:GetInstanceProfile", "pricing:GetProducts", ...names], Resource: "*" },
            { Effect: "Allow", Action: ["iam:PassRole"], Resource: roles, Condition: toMachines },
            {
                Effect: "Allow",
                Action: ["iam:CreateServiceLinkedRole"],
                Resource: balancerServiceRole(account),
                Condition: ofBalancers,
            },
            {
                Effect: "Allow",
                Action: ["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
                Resource: generated,
            },
        ],
    });
}

/** What drivers, scalers and bindings use. Machines, their disks and load balancers as a whole: AWS's own policies for drivers name more of them over time. */
const used = [
    "autoscaling:Describe*",
    "autoscaling:SetDesiredCapacity",
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    "ec2:*",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "eks:Describe*",
    "elasticloadbalancing:*",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ListGrants",
    "kms:ReEncrypt*",
    "kms:RevokeGrant",
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "ssm:GetParameter",
] as const;

/** What records of the platform's names take, and the proof that a name is its own. */
const names = [
    "route53:ChangeResourceRecordSets",
    "route53:GetChange",
    "route53:ListHostedZones",
    "route53:ListResourceRecordSets",
] as const;
