import type { AwsAccount } from "./account";
import { clusterName } from "./names";
import { balancerService, balancerServiceRole } from "./rules";
import type { Statement } from "./statements";
import { clusterTag, balancerMark as mark } from "./tags";

/**
 * Rights of the load balancer controller: upstream's policy without what only Ingresses, certificates, web ACLs, Shield, Outposts, reserved
 * capacity and pools of own addresses need (the platform has it serve Services only, and turns the rest off); and where upstream asks
 * whether a resource bears the controller's mark, here the mark must name this cluster.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html (which call knows which condition)
 */
export function balancerRights(account: AwsAccount): readonly Statement[] {
    const { region, account: id } = account.section;
    const here = { StringEquals: { "aws:RequestedRegion": region } };
    return [
        // These calls know no single resource.
        { actions: looks, resources: ["*"], condition: here },
        {
            actions: ["iam:CreateServiceLinkedRole"],
            resources: [balancerServiceRole(id)],
            condition: { StringEquals: { "iam:AWSServiceName": balancerService } },
        },
        ...onSecurityGroups(account),
        ...onBalancers(account),
    ];
}

/** Groups of its own, and rules of the group that the nodes belong to. */
function onSecurityGroups(account: AwsAccount): readonly Statement[] {
    const { section } = account;
    const groups = [account.arn("ec2", "security-group/*")];
    const { asOurs, ours, later } = marks(account);
    const opens = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"];
    const ofNodes = { [`aws:ResourceTag/${clusterTag(section)}`]: "owned" };
    return [
        { actions: ["ec2:CreateSecurityGroup"], resources: groups, condition: { StringEquals: asOurs } },
        {
            actions: ["ec2:CreateSecurityGroup"],
            resources: [account.arn("ec2", "vpc/*")],
            condition: { StringEquals: { "aws:ResourceTag/Name": section.name } },
        },
        {
            actions: ["ec2:CreateTags"],
            resources: groups,
            condition: { StringEquals: { ...asOurs, "ec2:CreateAction": "CreateSecurityGroup" } },
        },
        { actions: ["ec2:CreateTags", "ec2:DeleteTags"], resources: groups, condition: later },
        { actions: [...opens, "ec2:DeleteSecurityGroup"], resources: groups, condition: { StringEquals: ours } },
        { actions: opens, resources: groups, condition: { StringEquals: ofNodes } },
    ];
}

/** Network load balancers, their listeners and target groups. */
function onBalancers(account: AwsAccount): readonly Statement[] {
    const of = (kind: string) => account.arn("elasticloadbalancing", kind);
    const [balancers, groups, listeners] = [of("loadbalancer/net/*"), of("targetgroup/*"), of("listener/net/*")];
    const all = [balancers, groups, listeners];
    const named = (actions: readonly string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
    const { asOurs, ours, later } = marks(account);
    const makes = ["CreateLoadBalancer", "CreateTargetGroup"];
    return [
        { actions: named(makes), resources: [balancers, groups], condition: { StringEquals: asOurs } },
        {
            actions: named(["AddTags"]),
            resources: all,
            condition: {
                StringEquals: { ...asOurs, "elasticloadbalancing:CreateAction": [...makes, "CreateListener"] },
            },
        },
        { actions: named(["AddTags", "RemoveTags"]), resources: all, condition: later },
        { actions: named(changes), resources: all, condition: { StringEquals: ours } },
    ];
}

/** What a call must say of the mark: that it sets it, that it is there, or that it is there and is left alone. */
function marks({ section }: AwsAccount) {
    const cluster = clusterName(section);
    const ours = { [`aws:ResourceTag/${mark}`]: cluster };
    return {
        asOurs: { [`aws:RequestTag/${mark}`]: cluster },
        ours,
        later: { StringEquals: ours, Null: { [`aws:RequestTag/${mark}`]: "true" } },
    };
}

/** What upstream calls, and what the service asks of whoever makes a load balancer. */
const looks = [
    ...[
        "AccountAttributes",
        "Addresses",
        "AvailabilityZones",
        "Instances",
        "InternetGateways",
        "NetworkInterfaces",
        "RouteTables",
        "SecurityGroups",
        "Subnets",
        "Tags",
        "VpcPeeringConnections",
        "Vpcs",
    ].map((what) => `ec2:Describe${what}`),
    "ec2:GetSecurityGroupsForVpc",
    ...[
        "ListenerAttributes",
        "ListenerCertificates",
        "Listeners",
        "LoadBalancerAttributes",
        "LoadBalancers",
        "Tags",
        "TargetGroupAttributes",
        "TargetGroups",
        "TargetHealth",
    ].map((what) => `elasticloadbalancing:Describe${what}`),
];

const changes = [
    "AddListenerCertificates",
    "CreateListener",
    "DeleteListener",
    "DeleteLoadBalancer",
    "DeleteTargetGroup",
    "DeregisterTargets",
    "ModifyListener",
    "ModifyListenerAttributes",
    "ModifyLoadBalancerAttributes",
    "ModifyTargetGroup",
    "ModifyTargetGroupAttributes",
    "RegisterTargets",
    "RemoveListenerCertificates",
    "SetIpAddressType",
    "SetSecurityGroups",
    "SetSubnets",
] as const;
