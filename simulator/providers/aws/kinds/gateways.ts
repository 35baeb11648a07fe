import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, textAt, textsAt, valuesAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { account, arn, ec2Companion, ec2Id, regionOf } from "../account";
import { awsKind } from "../kind";
import { ec2, ec2Arn } from "./network";
import { securityGroups, types } from "./types";

const internetGateway = awsKind(types.internetGateway, {
    references: [{ path: "vpcId", to: [types.vpc] }],
    // Pulumi's provider detaches and attaches: https://www.pulumi.com/registry/packages/aws/api-docs/ec2/internetgateway/
    changes: { vpcId: "update" },
    tagged: true,
    computed: ["ownerId"],
    judge: ({ inputs, cloud }) => {
        const vpcId = textAt(inputs, "vpcId");
        const other = cloud.all(types.internetGateway).find((gateway) => textAt(gateway.inputs, "vpcId") === vpcId);
        return vpcId !== undefined && other ? [{ property: "vpcId", reason: `${vpcId} has ${other.id} already` }] : [];
    },
    keep: (record, cloud) => {
        // AWS refuses to detach a gateway while the VPC has mapped public addresses.
        const inside = subnetsOf(textAt(record.inputs, "vpcId"), cloud);
        const gateways = cloud
            .all(types.natGateway)
            .filter((nat) => inside.includes(textAt(nat.inputs, "subnetId") ?? ""));
        return gateways.length === 0
            ? undefined
            : `the VPC has public addresses: ${gateways.map(({ id }) => id).join(", ")}`;
    },
    id: ec2("igw"),
    arn: ec2Arn("internet-gateway"),
    outputs: () => ({ ownerId: account }),
});

const eip = awsKind(types.eip, {
    tagged: true,
    defaults: { domain: "vpc" },
    changes: { domain: "replace", instance: "update", networkInterface: "update", publicIpv4Pool: "replace" },
    computed: ["allocationId", "publicIp", "publicDns", "networkBorderGroup"],
    id: ec2("eipalloc"),
    arn: ec2Arn("elastic-ip"),
    outputs: ({ unique, inputs, config }, id) => {
        const publicIp = documentationAddress(unique);
        return {
            allocationId: id,
            publicIp,
            publicDns: publicName(publicIp, inputs, config),
            networkBorderGroup: regionOf(inputs, config),
        };
    },
});

const natGateway = awsKind(types.natGateway, {
    references: [
        { path: "subnetId", to: [types.subnet] },
        { path: "allocationId", to: [types.eip] },
    ],
    defaults: { connectivityType: "public" },
    tagged: true,
    computed: ["networkInterfaceId", "privateIp", "publicIp", "associationId"],
    check: (inputs) =>
        textAt(inputs, "connectivityType") === "private" && inputs.allocationId !== undefined
            ? [{ property: "allocationId", reason: "is not for a private gateway" }]
            : [],
    judge: judgeNatGateway,
    id: ec2("nat"),
    outputs: ({ unique, inputs, cloud }) => ({
        networkInterfaceId: ec2Id("eni", unique),
        associationId: ec2Id("eipassoc", unique),
        privateIp: "10.0.0.4",
        publicIp: textAt(cloud.get(types.eip, textAt(inputs, "allocationId") ?? "")?.outputs, "publicIp") ?? "",
    }),
});

const vpcEndpoint = awsKind(types.vpcEndpoint, {
    required: ["vpcId"],
    references: [
        { path: "vpcId", to: [types.vpc] },
        { path: "subnetIds", to: [types.subnet] },
        { path: "routeTableIds", to: [types.routeTable] },
        securityGroups("securityGroupIds"),
    ],
    defaults: { vpcEndpointType: "Gateway" },
    tagged: true,
    computed: [
        "dnsEntries",
        "networkInterfaceIds",
        "ownerId",
        "prefixListId",
        "requesterManaged",
        "state",
        "cidrBlocks",
    ],
    check: (inputs, config) => checkEndpoint(inputs, config),
    judge: judgeEndpoint,
    id: ec2("vpce"),
    arn: ec2Arn("vpc-endpoint"),
    outputs: ({ unique, inputs }) => ({
        dnsEntries: [],
        cidrBlocks: [],
        networkInterfaceIds: textsAt(inputs, "subnetIds").map((_, index) => ec2Id("eni", `${index}${unique}`)),
        ownerId: account,
        prefixListId: ec2Companion("pl", unique),
        requesterManaged: false,
        state: "available",
    }),
});

export const gateways: Readonly<Record<string, CloudKind>> = {
    ...internetGateway,
    ...eip,
    ...natGateway,
    ...vpcEndpoint,
    ...awsKind("aws:ec2/flowLog:FlowLog", {
        references: [
            { path: "vpcId", to: [types.vpc] },
            { path: "subnetId", to: [types.subnet] },
            { path: "logDestination", to: [types.logGroup, types.bucket], by: "arn", holds: false },
            { path: "iamRoleArn", to: [types.role], by: "arn", holds: false },
        ],
        defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
        tagged: true,
        computed: ["logFormat"],
        check: (inputs) =>
            ["vpcId", "subnetId", "eniId", "transitGatewayId"].filter((name) => name in inputs).length > 1
                ? [{ property: "vpcId", reason: "must be the only one of vpcId, subnetId, eniId and transitGatewayId" }]
                : [],
        id: ec2("fl"),
        arn: ({ inputs, config }, id) => arn("ec2", regionOf(inputs, config), `vpc-flow-log/${id}`),
        outputs: ({ inputs }) => ({ logFormat: inputs.logFormat ?? defaultLogFormat }),
    }),
};

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
const defaultLogFormat = [
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
]
    .flatMap((fields) => fields.split(" "))
    .map((field) => `\${${field}}`)
    .join(" ");

function judgeNatGateway({ inputs, cloud }: Subject): InputIssue[] {
    const allocation = textAt(inputs, "allocationId");
    const other = cloud.all(types.natGateway).find((nat) => textAt(nat.inputs, "allocationId") === allocation);
    if (allocation !== undefined && other) {
        return [{ property: "allocationId", reason: `${allocation} belongs to ${other.id} already` }];
    }
    const vpcId = textAt(cloud.get(types.subnet, textAt(inputs, "subnetId") ?? "")?.inputs, "vpcId");
    const gateway = cloud.all(types.internetGateway).some((one) => textAt(one.inputs, "vpcId") === vpcId);
    const isPublic = textAt(inputs, "connectivityType") === "public";
    return isPublic && !gateway
        ? [{ property: "subnetId", reason: `is in ${vpcId}, which has no internet gateway` }]
        : [];
}

function checkEndpoint(inputs: Properties, config: Properties): InputIssue[] {
    const service = textAt(inputs, "serviceName");
    const region = regionOf(inputs, config);
    if (service === undefined || service.startsWith(`com.amazonaws.${region}.`)) return [];
    return [{ property: "serviceName", reason: `must begin with com.amazonaws.${region}., got ${service}` }];
}

function judgeEndpoint({ inputs, cloud }: Subject): InputIssue[] {
    const vpcId = textAt(inputs, "vpcId");
    const inside = subnetsOf(vpcId, cloud);
    const foreign = textsAt(inputs, "subnetIds").filter((id) => !inside.includes(id));
    const zones = textsAt(inputs, "subnetIds").map((id) =>
        textAt(cloud.get(types.subnet, id)?.outputs, "availabilityZone"),
    );
    const dnsOff = isTrue(inputs, "privateDnsEnabled") && !namesOn(vpcId, cloud);
    return [
        ...foreign.map((id) => ({ property: "subnetIds", reason: `${id} is not in ${vpcId}` })),
        ...(new Set(zones).size < zones.length
            ? [{ property: "subnetIds", reason: "has two subnets in one zone" }]
            : []),
        ...(dnsOff ? [{ property: "privateDnsEnabled", reason: `needs DNS support and host names in ${vpcId}` }] : []),
    ];
}

/** @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html "Prerequisites" */
function namesOn(vpcId: string | undefined, cloud: CloudView): boolean {
    const outputs = cloud.get(types.vpc, vpcId ?? "")?.outputs;
    return ["enableDnsSupport", "enableDnsHostnames"].every((name) => valuesAt(outputs, name).includes(true));
}

function subnetsOf(vpcId: string | undefined, cloud: CloudView): readonly string[] {
    return cloud.all(types.subnet).flatMap(({ id, inputs }) => (textAt(inputs, "vpcId") === vpcId ? [id] : []));
}

/** An address that RFC 5737 keeps for documentation: nobody has it. */
function documentationAddress(unique: string): string {
    return `203.0.113.${(Number.parseInt(unique.slice(0, 6), 16) % 254) + 1}`;
}

function publicName(address: string, inputs: Properties, config: Properties): string {
    return `ec2-${address.replaceAll(".", "-")}.${regionOf(inputs, config)}.compute.amazonaws.com`;
}
