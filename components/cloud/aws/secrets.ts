import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { credentialsAddress } from "../../foundation/ranges";
import type { SecretProvider, SecretStore } from "../contract";
import type { AwsAccount } from "./account";
import { createKey } from "./keys";
import { keyAlias, secretPrefix } from "./names";

export interface SecretsArgs {
    readonly account: AwsAccount;
}

/** The key that encrypts everything the stack keeps, and the prefix of its names in Secrets Manager. */
export class Secrets extends TarsComponent {
    readonly key: pulumi.Output<string>;
    /** Names of the stack's secrets in Secrets Manager begin with it. */
    readonly prefix: string;
    readonly store: SecretStore;
    /** The same as the operator in the cluster must know it. */
    readonly provider: SecretProvider;

    constructor(name: string, { account }: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Secrets", name, opts);
        const { name: stack } = account.section;
        const plan = {
            description: `Everything that ${stack} keeps`,
            physical: `${stack}-key`,
            alias: keyAlias(account.section),
            policy: keyPolicy(account),
        };
        this.key = createKey(name, plan, account, this);
        this.prefix = secretPrefix(account.section);
        this.store = { location: pulumi.output(this.prefix) };
        this.provider = providerOf(account, this);
        this.registerOutputs({ key: this.key, prefix: this.prefix });
    }
}

/** The way to a service of AWS by where it answers, and to EKS's agent, which tells it who asks. */
export function reachOf(range: string): SecretProvider["reach"] {
    return [
        { ranges: [range], port: 443 },
        { ranges: [credentialsAddress], port: 80 },
    ];
}

/** Its endpoint stands in the VPC. */
function providerOf(account: AwsAccount, { key, prefix }: Pick<Secrets, "key" | "prefix">): SecretProvider {
    const { region, network } = account.section;
    const reach = reachOf(network.cidr);
    return { kind: "secretsManager", region, prefix, key, tags: account.ownerTags, reach };
}

const use = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
] as const;

const administration = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:CreateGrant",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
] as const;

/**
 * Services that write records about the account, and what each asks of the key.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
 */
const recorders = {
    cloudtrail: ["kms:DescribeKey", "kms:GenerateDataKey"],
    config: ["kms:Decrypt", "kms:GenerateDataKey"],
} as const;

/**
 * The account's IAM policies say who uses the key, but for two services that no policy of the account can reach: CloudWatch Logs, and
 * whoever starts nodes with encrypted disks, which is Auto Scaling's own role. That role may not exist yet, so it is not named: the
 * statement is the one of AWS's own key for disks.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
function keyPolicy({ section: { account, region } }: AwsAccount): string {
    const logGroups = `arn:aws:logs:${region}:${account}:log-group:*`;
    const throughDisks = { "kms:CallerAccount": account, "kms:ViaService": `ec2.${region}.amazonaws.com` };
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            ofAccount(account),
            {
                ...statement("logs", { Service: `logs.${region}.amazonaws.com` }, use),
                Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
            },
            {
                ...statement("disks", { AWS: "*" }, [...use, "kms:CreateGrant"]),
                Condition: { StringEquals: throughDisks },
            },
            ...Object.entries(recorders).map(([service, actions]) => ({
                ...statement(service, { Service: `${service}.amazonaws.com` }, actions),
                Condition: { StringEquals: { "aws:SourceAccount": account } },
            })),
        ],
    });
}

/** Policy of a key whose use the account's IAM policies say, and nothing else. */
export function plainKeyPolicy({ section: { account } }: AwsAccount): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: [ofAccount(account)] });
}

function ofAccount(account: string) {
    return statement("account", { AWS: `arn:aws:iam::${account}:root` }, [...administration, ...use]);
}

/** In a key's policy, `*` is the key itself. */
function statement(sid: string, principal: Readonly<Record<string, string>>, actions: readonly string[]) {
    return { Sid: sid, Effect: "Allow", Principal: principal, Action: actions, Resource: "*" };
}
