import { addressesIn, type Cidr, cidrOf, contains, formatCidr, overlap } from "../../../../components/foundation/cidr";
import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { account, arn, ec2Companion, ec2Id, regionOf, zoneId, zonesOf } from "../account";
import { awsKind } from "../kind";
import { types } from "./types";

/** ARN of something of EC2: `arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0...` */
export function ec2Arn(kind: string) {
    return ({ inputs, config }: Subject, id: string) => arn("ec2", regionOf(inputs, config), `${kind}/${id}`);
}

export const ec2 =
    (prefix: string) =>
    ({ unique }: Subject) =>
        ec2Id(prefix, unique);

const vpc = awsKind(types.vpc, {
    required: ["cidrBlock"],
    defaults: { enableDnsSupport: true, enableDnsHostnames: false, instanceTenancy: "default" },
    tagged: true,
    computed: [
        "defaultNetworkAclId",
        "defaultRouteTableId",
        "defaultSecurityGroupId",
        "dhcpOptionsId",
        "mainRouteTableId",
        "ownerId",
    ],
    check: (inputs) => checkRange(inputs),
    id: ec2("vpc"),
    arn: ec2Arn("vpc"),
    outputs: ({ unique }) => ({
        defaultNetworkAclId: ec2Companion("acl", unique),
        defaultRouteTableId: ec2Companion("rtb", unique),
        defaultSecurityGroupId: ec2Companion("sg", unique),
        dhcpOptionsId: ec2Companion("dopt", unique),
        mainRouteTableId: ec2Companion("rtb", unique),
        ownerId: account,
    }),
});

const subnet = awsKind(types.subnet, {
    required: ["vpcId", "cidrBlock"],
    references: [{ path: "vpcId", to: [types.vpc] }],
    defaults: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false },
    tagged: true,
    computed: ["availabilityZoneId", "ownerId"],
    check: (inputs, config) => [...checkRange(inputs), ...checkZone(inputs, config)],
    judge: judgeSubnet,
    id: ec2("subnet"),
    arn: ec2Arn("subnet"),
    outputs: ({ inputs, config }) => {
        const zone = textAt(inputs, "availabilityZone") ?? zonesOf(regionOf(inputs, config))[0] ?? "";
        return { availabilityZone: zone, availabilityZoneId: zoneId(zone), ownerId: account };
    },
});

export const network: Readonly<Record<string, CloudKind>> = { ...vpc, ...subnet };

/** VPCs and subnets have prefixes from 16 to 28: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
function checkRange(inputs: Properties): InputIssue[] {
    const text = textAt(inputs, "cidrBlock");
    if (text === undefined) return [];
    const range = cidrOf(text);
    if (range === undefined) return [{ property: "cidrBlock", reason: `must be an IPv4 range, got "${text}"` }];
    if (range.prefix >= 16 && range.prefix <= 28) return [];
    const reason = `must be of /16 to /28, got ${text} with ${addressesIn(range)} addresses`;
    return [{ property: "cidrBlock", reason }];
}

function checkZone(inputs: Properties, config: Properties): InputIssue[] {
    const zone = textAt(inputs, "availabilityZone");
    const zones = zonesOf(regionOf(inputs, config));
    if (zone === undefined || zones.includes(zone)) return [];
    return [{ property: "availabilityZone", reason: `must be one of ${zones.join(", ")}, got ${zone}` }];
}

function judgeSubnet({ inputs, cloud }: Subject): InputIssue[] {
    const own = rangeOf(inputs);
    const home = cloud.get(types.vpc, textAt(inputs, "vpcId") ?? "");
    const around = home && rangeOf(home.inputs);
    if (own === undefined || around === undefined || home === undefined) return [];
    if (!contains(around, own)) {
        return [
            { property: "cidrBlock", reason: `${formatCidr(own)} is not within ${formatCidr(around)} of ${home.id}` },
        ];
    }
    return cloud.all(types.subnet).flatMap(({ id, inputs: other }) => {
        const range = textAt(other, "vpcId") === home.id ? rangeOf(other) : undefined;
        if (range === undefined || !overlap(range, own)) return [];
        return [{ property: "cidrBlock", reason: `${formatCidr(own)} overlaps ${formatCidr(range)} of ${id}` }];
    });
}

const rangeOf = (inputs: Properties): Cidr | undefined => cidrOf(textAt(inputs, "cidrBlock") ?? "");
