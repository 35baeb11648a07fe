import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { account } from "../account";
import { awsKind } from "../kind";
import { ec2, ec2Arn } from "./network";
import { types } from "./types";

const routeTable = awsKind(types.routeTable, {
    required: ["vpcId"],
    references: [{ path: "vpcId", to: [types.vpc] }],
    tagged: true,
    computed: ["ownerId"],
    id: ec2("rtb"),
    arn: ec2Arn("route-table"),
    outputs: () => ({ ownerId: account }),
});

const destinations = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
const targets = [
    "gatewayId",
    "natGatewayId",
    "networkInterfaceId",
    "transitGatewayId",
    "vpcEndpointId",
    "vpcPeeringConnectionId",
    "egressOnlyGatewayId",
    "carrierGatewayId",
    "localGatewayId",
    "coreNetworkArn",
];

const routeType = "aws:ec2/route:Route";
const route = awsKind(routeType, {
    required: ["routeTableId"],
    references: [
        { path: "routeTableId", to: [types.routeTable], or: [{ to: [types.vpc], by: "mainRouteTableId" }] },
        { path: "gatewayId", to: [types.internetGateway] },
        { path: "natGatewayId", to: [types.natGateway] },
        { path: "vpcEndpointId", to: [types.vpcEndpoint] },
    ],
    computed: ["origin", "state"],
    check: (inputs) => {
        const counts = [destinations, targets].map((names) => names.filter((name) => name in inputs).length);
        // One that is not known yet is left out of what is checked, so only two of a kind are surely wrong.
        return counts.some((count) => count > 1)
            ? [{ property: "routeTableId", reason: "has a route with more than one destination or target" }]
            : [];
    },
    judge: judgeRoute,
    id: ({ inputs }) => `r-${textAt(inputs, "routeTableId")}${hash(destination(inputs) ?? "")}`,
    outputs: () => ({ origin: "CreateRoute", state: "active" }),
});

const associationType = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const association = awsKind(associationType, {
    required: ["routeTableId"],
    references: [
        { path: "routeTableId", to: [types.routeTable] },
        { path: "subnetId", to: [types.subnet] },
        { path: "gatewayId", to: [types.internetGateway] },
    ],
    // The provider replaces the association of the subnet in one call: docs of `routeTableId` in @pulumi/aws.
    changes: { routeTableId: "update", gatewayId: "replace" },
    judge: ({ inputs, cloud }) => {
        const subnetId = textAt(inputs, "subnetId");
        const other = cloud.all(associationType).find((one) => textAt(one.inputs, "subnetId") === subnetId);
        return subnetId !== undefined && other ? [{ property: "subnetId", reason: `has ${other.id} already` }] : [];
    },
    id: ec2("rtbassoc"),
});

const acl = awsKind("aws:ec2/networkAcl:NetworkAcl", {
    required: ["vpcId"],
    references: [
        { path: "vpcId", to: [types.vpc] },
        // A subnet whose list goes away gets the default one of the VPC.
        { path: "subnetIds", to: [types.subnet], holds: false },
    ],
    changes: { vpcId: "replace", subnetIds: "update" },
    tagged: true,
    computed: ["ownerId"],
    judge: judgeAcl,
    id: ec2("acl"),
    arn: ec2Arn("network-acl"),
    outputs: () => ({ ownerId: account }),
});

export const routes: Readonly<Record<string, CloudKind>> = { ...routeTable, ...route, ...association, ...acl };

function judgeRoute({ inputs, cloud }: Subject): InputIssue[] {
    const table = textAt(inputs, "routeTableId");
    const same = cloud
        .all(routeType)
        .find((one) => textAt(one.inputs, "routeTableId") === table && destination(one.inputs) === destination(inputs));
    if (same) return [{ property: "routeTableId", reason: `${table} has a route to ${destination(inputs)} already` }];
    const gateway = cloud.get(types.internetGateway, textAt(inputs, "gatewayId") ?? "");
    const home = cloud.get(types.routeTable, table ?? "");
    const elsewhere = gateway && home && textAt(gateway.inputs, "vpcId") !== textAt(home.inputs, "vpcId");
    return elsewhere ? [{ property: "gatewayId", reason: `${gateway.id} is not attached to the VPC of ${table}` }] : [];
}

function judgeAcl({ inputs, cloud }: Subject): InputIssue[] {
    const vpcId = textAt(inputs, "vpcId");
    const foreign = textsAt(inputs, "subnetIds").filter(
        (id) => textAt(cloud.get(types.subnet, id)?.inputs, "vpcId") !== vpcId,
    );
    const numbers = (direction: string) => rulesOf(inputs[direction]);
    return [
        ...foreign.map((id) => ({ property: "subnetIds", reason: `${id} is not in ${vpcId}` })),
        ...["ingress", "egress"]
            .filter((direction) => new Set(numbers(direction)).size < numbers(direction).length)
            .map((property) => ({ property, reason: "has two rules of one number" })),
    ];
}

function rulesOf(rules: Subject["inputs"][string] | undefined): readonly string[] {
    return Array.isArray(rules) ? rules.map((rule) => JSON.stringify(Object(rule).ruleNo)) : [];
}

const destination = (inputs: Subject["inputs"]) => destinations.map((name) => textAt(inputs, name)).find(Boolean);

/** The provider ends a route's id in a number made of the destination. */
function hash(text: string): number {
    return Number.parseInt(Buffer.from(text).toString("hex").slice(-7), 16);
}
