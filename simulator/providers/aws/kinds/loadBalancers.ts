import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf } from "../account";
import { awsKind } from "../kind";
import { securityGroups, types } from "./types";

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Name) */
const nameRule = {
    form: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/,
    says: "up to 32 letters, digits and hyphens, with no hyphen at its ends, not beginning with internal-",
};

const elb = ({ inputs, config }: Subject, resource: string) =>
    arn("elasticloadbalancing", regionOf(inputs, config), resource);
const short = (unique: string) => unique.slice(0, 16);
const nameOf = ({ inputs }: Subject) => textAt(inputs, "name") ?? "";

/** Of its kinds the one for HTTP. The zone of its name is made up: AWS has one for each region. */
const loadBalancer = awsKind(types.loadBalancer, {
    required: ["subnets"],
    references: [
        { path: "subnets", to: [types.subnet] },
        securityGroups("securityGroups"),
        { path: "accessLogs.bucket", to: [types.bucket], holds: false },
    ],
    autoName: { property: "name", longest: 32 },
    rules: { name: nameRule },
    defaults: {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        idleTimeout: 60,
        enableDeletionProtection: false,
    },
    changes: {
        accessLogs: "update",
        desyncMitigationMode: "update",
        dropInvalidHeaderFields: "update",
        enableDeletionProtection: "update",
        idleTimeout: "update",
        preserveHostHeader: "update",
        xffHeaderProcessingMode: "update",
    },
    tagged: true,
    computed: ["dnsName", "zoneId", "vpcId", "arnSuffix"],
    check: checkBalancer,
    judge: judgeBalancer,
    keep: ({ inputs }) => (isTrue(inputs, "enableDeletionProtection") ? "its deletion protection is on" : undefined),
    id: (subject) => elb(subject, `loadbalancer/app/${nameOf(subject)}/${short(subject.unique)}`),
    arn: (_, id) => id,
    outputs: (subject, id) => {
        const { inputs, config, unique, cloud } = subject;
        const prefix = isTrue(inputs, "internal") ? "internal-" : "";
        const host = `${prefix}${nameOf(subject)}-${Number.parseInt(unique.slice(0, 8), 16)}`;
        return {
            dnsName: `${host}.${regionOf(inputs, config)}.elb.amazonaws.com`,
            zoneId: `Z${unique.slice(0, 13).toUpperCase()}`,
            vpcId: vpcOf(inputs, cloud) ?? "",
            arnSuffix: id.slice(id.indexOf("app/")),
        };
    },
});

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html (attributes) */
function checkBalancer(inputs: Properties): InputIssue[] {
    const type = textAt(inputs, "loadBalancerType");
    const idle = numberAt(inputs, "idleTimeout");
    return [
        ...(type === "application"
            ? []
            : [{ property: "loadBalancerType", reason: `of the simulated account is application, got ${type}` }]),
        ...(idle === undefined || (idle >= 1 && idle <= 4000)
            ? []
            : [{ property: "idleTimeout", reason: `must be 1 to 4000, got ${idle}` }]),
    ];
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (Errors) */
function judgeBalancer(subject: Subject): InputIssue[] {
    const { inputs, cloud } = subject;
    const subnets = textsAt(inputs, "subnets").map((id) => cloud.get(types.subnet, id)?.outputs);
    const networks = new Set(subnets.map((subnet) => textAt(subnet, "vpcId")));
    const zones = new Set(subnets.map((subnet) => textAt(subnet, "availabilityZone")));
    const [vpc] = networks;
    const reached = cloud.all(types.internetGateway).some((gateway) => textAt(gateway.inputs, "vpcId") === vpc);
    return [
        ...(networks.size > 1 ? [{ property: "subnets", reason: "are of several VPCs" }] : []),
        ...(zones.size < 2 ? [{ property: "subnets", reason: "must be of at least two zones" }] : []),
        ...(isTrue(inputs, "internal") || reached
            ? []
            : [{ property: "subnets", reason: `are in ${vpc}, which has no internet gateway` }]),
        ...sameName(types.loadBalancer, subject),
        ...judgeLogs(subject),
    ];
}

function sameName(type: string, { inputs, id, cloud }: Subject): InputIssue[] {
    const name = textAt(inputs, "name");
    const other = cloud.all(type).find((one) => one.id !== id && textAt(one.outputs, "name") === name);
    return other === undefined ? [] : [{ property: "name", reason: `${name} is taken by ${other.id}` }];
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html */
function judgeLogs({ inputs, cloud }: Subject): InputIssue[] {
    const bucket = textAt(inputs, "accessLogs.bucket");
    if (bucket === undefined || !isTrue(inputs, "accessLogs.enabled")) return [];
    const policy = textAt(cloud.get("aws:s3/bucketPolicy:BucketPolicy", bucket)?.inputs, "policy") ?? "";
    const encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const rules = "rules.applyServerSideEncryptionByDefault.sseAlgorithm";
    const algorithm = textAt(cloud.get(encryption, bucket)?.inputs, rules) ?? "AES256";
    const path = "accessLogs.bucket";
    return [
        ...(policy.includes("logdelivery.elasticloadbalancing.amazonaws.com")
            ? []
            : [{ property: path, reason: `${bucket} does not let load balancers write: access denied` }]),
        ...(algorithm === "AES256"
            ? []
            : [{ property: path, reason: `${bucket} encrypts with ${algorithm}: only AES256 is supported` }]),
    ];
}

function vpcOf(inputs: Properties, cloud: CloudView): string | undefined {
    return textsAt(inputs, "subnets")
        .map((id) => textAt(cloud.get(types.subnet, id)?.outputs, "vpcId"))
        .find((vpc) => vpc !== undefined);
}

const targetGroup = awsKind(types.targetGroup, {
    references: [{ path: "vpcId", to: [types.vpc] }],
    autoName: { property: "name", longest: 32 },
    rules: { name: nameRule },
    defaults: { targetType: "instance", deregistrationDelay: 300 },
    changes: { deregistrationDelay: "update" },
    tagged: true,
    computed: ["arnSuffix"],
    judge: (subject) => [...checkTargets(subject.inputs), ...sameName(types.targetGroup, subject)],
    id: (subject) => elb(subject, `targetgroup/${nameOf(subject)}/${short(subject.unique)}`),
    arn: (_, id) => id,
    outputs: (_, id) => ({ arnSuffix: id.slice(id.indexOf("targetgroup/")) }),
});

/** Groups of functions have neither network nor port. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
function checkTargets(inputs: Properties): InputIssue[] {
    const needed = textAt(inputs, "targetType") === "lambda" ? [] : ["port", "protocol", "vpcId"];
    return needed.filter((name) => inputs[name] === undefined).map((property) => ({ property, reason: "is required" }));
}

const listener = awsKind(types.listener, {
    required: ["loadBalancerArn", "defaultActions"],
    references: [
        { path: "loadBalancerArn", to: [types.loadBalancer], by: "arn" },
        { path: "defaultActions.targetGroupArn", to: [types.targetGroup], by: "arn" },
        { path: "certificateArn", to: [types.certificate], by: "arn" },
    ],
    tagged: true,
    check: checkListener,
    judge: judgeListener,
    id: ({ inputs, unique }) => {
        const balancer = textAt(inputs, "loadBalancerArn") ?? "";
        return `${balancer.replace(":loadbalancer/", ":listener/")}/${short(unique)}`;
    },
    arn: (_, id) => id,
});

function checkListener(inputs: Properties): InputIssue[] {
    const isSecure = textAt(inputs, "protocol") === "HTTPS";
    const given = ["certificateArn", "sslPolicy"].filter((name) => inputs[name] !== undefined);
    if (isSecure || given.length === 0) return [];
    return given.map((property) => ({ property, reason: "is for HTTPS only" }));
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (Errors) */
function judgeListener({ inputs, id, cloud }: Subject): InputIssue[] {
    const [balancer, port] = [textAt(inputs, "loadBalancerArn"), numberAt(inputs, "port")];
    const same = cloud
        .all(types.listener)
        .find(
            (one) =>
                one.id !== id &&
                textAt(one.inputs, "loadBalancerArn") === balancer &&
                numberAt(one.inputs, "port") === port,
        );
    const certificate = textAt(inputs, "certificateArn");
    const isIssued = cloud
        .all(types.certificateValidation)
        .some((one) => textAt(one.inputs, "certificateArn") === certificate);
    const isSecure = textAt(inputs, "protocol") === "HTTPS";
    return [
        ...(same ? [{ property: "port", reason: `${port} of the load balancer has ${same.id} already` }] : []),
        ...(isSecure && certificate === undefined
            ? [{ property: "certificateArn", reason: "is required for HTTPS" }]
            : []),
        ...(certificate !== undefined && !isIssued
            ? [{ property: "certificateArn", reason: `${certificate} is not issued yet` }]
            : []),
    ];
}

export const loadBalancers: Readonly<Record<string, CloudKind>> = { ...loadBalancer, ...targetGroup, ...listener };
