import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { arn, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { checkDocument } from "./identity";
import { keyOf, keyRegion, types } from "./types";

const key = awsKind(types.key, {
    defaults: {
        keyUsage: "ENCRYPT_DECRYPT",
        customerMasterKeySpec: "SYMMETRIC_DEFAULT",
        isEnabled: true,
        enableKeyRotation: false,
        multiRegion: false,
    },
    changes: { keyUsage: "replace", customerMasterKeySpec: "replace", multiRegion: "replace" },
    tagged: true,
    computed: ["keyId", "rotationPeriodInDays"],
    check: (inputs) => checkDocument(inputs, "policy", { principal: true }),
    id: ({ unique }) => uuid(unique),
    arn: ({ inputs, config }, id) => arn("kms", regionOf(inputs, config), `key/${id}`),
    outputs: ({ inputs }, id) => ({ keyId: id, rotationPeriodInDays: inputs.rotationPeriodInDays ?? 365 }),
});

const alias = awsKind("aws:kms/alias:Alias", {
    required: ["targetKeyId"],
    references: [keyOf("targetKeyId")],
    computed: ["targetKeyArn"],
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    rules: {
        name: {
            form: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
            says: "alias/ and letters, digits, slashes, underscores and hyphens, not alias/aws/",
        },
    },
    judge: judgeAlias,
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: ({ inputs, config }, id) => arn("kms", regionOf(inputs, config), id),
    outputs: ({ inputs, config }) => {
        const target = textAt(inputs, "targetKeyId") ?? "";
        return {
            targetKeyArn: target.startsWith("arn:") ? target : arn("kms", regionOf(inputs, config), `key/${target}`),
        };
    },
});

const logGroup = awsKind(types.logGroup, {
    references: [keyOf("kmsKeyId")],
    autoName: { property: "name", longest: 512 },
    defaults: { retentionInDays: 0, skipDestroy: false },
    changes: { skipDestroy: "update" },
    tagged: true,
    judge: ({ inputs, cloud, config }) => {
        const named = textAt(inputs, "kmsKeyId");
        const record = named === undefined ? undefined : cloud.find([types.key], "arn", named);
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html "Step 2: Set permissions on the KMS key"
        const service = `logs.${regionOf(inputs, config)}.amazonaws.com`;
        const allowed = textAt(record?.inputs, "policy")?.includes(service) ?? record === undefined;
        return allowed ? [] : [{ property: "kmsKeyId", reason: `${named} has no policy that lets ${service} use it` }];
    },
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: ({ inputs, config }, id) => arn("logs", regionOf(inputs, config), `log-group:${id}`),
});

/** Its destination is another account's, which the simulated cloud knows nothing of. */
const logSubscriptionFilter = awsKind(types.logSubscriptionFilter, {
    required: ["destinationArn", "filterPattern", "logGroup"],
    references: [{ path: "logGroup", to: [types.logGroup] }],
    autoName: { property: "name", longest: 512 },
    defaults: { distribution: "ByLogStream" },
    rules: {
        destinationArn: {
            form: /^arn:aws[\w-]*:(logs:[\w-]+:\d{12}:destination:|(kinesis|firehose|lambda):).+/,
            says: "the ARN of a destination, a stream or a function",
        },
    },
    computed: ["roleArn"],
    id: ({ inputs }) => `cwlsf-${textAt(inputs, "name") ?? ""}`,
    outputs: ({ inputs }) => ({ roleArn: inputs.roleArn ?? "" }),
});

const zone = awsKind(types.zone, {
    required: ["name"],
    references: [{ path: "vpcs.vpcId", to: [types.vpc] }],
    defaults: { comment: "Managed by Pulumi", forceDestroy: false },
    changes: { forceDestroy: "update" },
    tagged: true,
    computed: ["zoneId", "nameServers", "primaryNameServer"],
    id: ({ unique }) => `Z${unique.slice(0, 20).toUpperCase()}`,
    arn: (_, id) => `arn:aws:route53:::hostedzone/${id}`,
    outputs: ({ unique }, id) => {
        const nameServers = ["com", "net", "org", "co.uk"].map((end, index) => nameServer(unique, index, end));
        return { zoneId: id, nameServers, primaryNameServer: nameServers[0] ?? "" };
    },
});

/**
 * Nobody is asked for their health here.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_UpdateHealthCheck.html (what can change)
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/route53/health_check.go (`ForceNew`, `Computed`)
 */
const healthCheck = awsKind("aws:route53/healthCheck:HealthCheck", {
    required: ["type"],
    defaults: { disabled: false, measureLatency: false },
    rules: {
        type: {
            form: /^(HTTPS?(_STR_MATCH)?|TCP|CALCULATED|CLOUDWATCH_METRIC|RECOVERY_CONTROL)$/,
            says: "a type of health check, such as HTTP",
        },
        resourcePath: { form: /^.{0,255}$/, says: "at most 255 characters" },
    },
    check: (inputs) => {
        const asks = /^(HTTP|TCP)/.test(textAt(inputs, "type") ?? "");
        if (!asks || inputs.fqdn !== undefined || inputs.ipAddress !== undefined) return [];
        return [{ property: "fqdn", reason: "is missing: a check that calls somebody has fqdn or ipAddress" }];
    },
    changes: {
        type: "replace",
        measureLatency: "replace",
        requestInterval: "replace",
        referenceName: "replace",
        routingControlArn: "replace",
        ...updated("fqdn", "ipAddress", "port", "resourcePath", "searchString", "failureThreshold", "enableSni"),
        ...updated("invertHealthcheck", "disabled", "regions", "childHealthThreshold", "childHealthchecks", "triggers"),
    },
    tagged: true,
    id: ({ unique }) => uuid(unique),
    arn: (_, id) => `arn:aws:route53:::healthcheck/${id}`,
});

export const keysAndLogs: Readonly<Record<string, CloudKind>> = {
    ...key,
    ...alias,
    ...logGroup,
    ...logSubscriptionFilter,
    ...zone,
    ...healthCheck,
};

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html "in the same AWS Region" */
function judgeAlias({ inputs, config, cloud }: Subject): InputIssue[] {
    const here = regionOf(inputs, config);
    const there = keyRegion(textAt(inputs, "targetKeyId"), cloud);
    if (there === undefined || there === here) return [];
    return [{ property: "targetKeyId", reason: `is a key in ${there}, and the alias is in ${here}` }];
}

function updated(...names: readonly string[]): Readonly<Record<string, "update">> {
    return Object.fromEntries(names.map((name) => [name, "update"] as const));
}

function nameServer(unique: string, index: number, end: string): string {
    const number = Number.parseInt(unique.slice(index * 3, index * 3 + 3), 16) % 512;
    return `ns-${number + index * 512}.awsdns-${String(number % 64).padStart(2, "0")}.${end}`;
}
