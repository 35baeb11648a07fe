import { EventRule, EventTarget } from "@pulumi/aws/cloudwatch";
import { AccessEntry } from "@pulumi/aws/eks";
import { InstanceProfile } from "@pulumi/aws/iam";
import { Queue, QueuePolicy } from "@pulumi/aws/sqs";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { physicalName } from "../../foundation/names";
import type { AwsAccount } from "./account";
import type { Cluster } from "./cluster";
import { createPodRole, createRole, roleName } from "./identities";
import { nameRules } from "./names";
import type { Statement } from "./statements";

export interface KarpenterArgs {
    readonly account: AwsAccount;
    readonly cluster: Cluster;
}

/**
 * What Karpenter finds ready when it comes: a role for its controller, one for its nodes, and a queue that says which nodes AWS is about
 * to take. The documented pools stay with the cluster autoscaler.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/
 */
export class Karpenter extends TarsComponent {
    constructor(name: string, { account, cluster }: KarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Karpenter", name, opts);
        createNodes(name, account, cluster, this);
        createQueue(name, account, this);
        const plan = {
            namespace: "kube-system",
            serviceAccount: "karpenter",
            description: "Makes and removes nodes as pods need them",
            managed: [],
            statements: statementsOf(name, account),
        };
        createPodRole(`${name}-controller`, plan, { account, cluster: cluster.name }, this);
        this.registerOutputs({});
    }
}

/** Managed groups let their nodes in by themselves; for others somebody has to. */
function createNodes(name: string, account: AwsAccount, cluster: Cluster, parent: pulumi.Resource) {
    const managed = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"];
    const plan = { description: "What Karpenter's nodes do", service: "ec2.amazonaws.com", managed, statements: [] };
    const { role } = createRole(`${name}-nodes`, plan, account, parent);
    const physical = physicalName(nameRules.role, account.section.name, name);
    const profile = { name: physical, role: role.name, tags: account.tags(physical) };
    new InstanceProfile(`${name}-profile`, profile, account.child(parent));
    const entry = {
        clusterName: cluster.name,
        principalArn: role.arn,
        type: "EC2_LINUX",
        tags: account.tags(physical),
    };
    new AccessEntry(`${name}-entry`, entry, account.child(parent));
}

/** Events that tell of a node's end, by the source that sends them. */
const endings = {
    health: { source: "aws.health", type: "AWS Health Event" },
    interruption: { source: "aws.ec2", type: "EC2 Spot Instance Interruption Warning" },
    rebalance: { source: "aws.ec2", type: "EC2 Instance Rebalance Recommendation" },
    state: { source: "aws.ec2", type: "EC2 Instance State-change Notification" },
} as const;

function createQueue(name: string, account: AwsAccount, parent: pulumi.Resource): void {
    const { name: stack } = account.section;
    const child = account.child(parent);
    const physical = queueName(name, account);
    const seconds = 300;
    const tags = account.tags(physical);
    const args = { name: physical, messageRetentionSeconds: seconds, sqsManagedSseEnabled: true, tags };
    const queue = new Queue(`${name}-queue`, args, child);
    new QueuePolicy(
        `${name}-queue-policy`,
        { queueUrl: queue.url, policy: sendersOf(account.arn("sqs", physical), account) },
        child,
    );
    for (const [key, { source, type }] of Object.entries(endings)) {
        const rule = new EventRule(
            `${name}-${key}`,
            {
                name: physicalName(nameRules.eventRule, stack, name, key),
                eventPattern: JSON.stringify({ source: [source], "detail-type": [type] }),
                tags,
            },
            child,
        );
        new EventTarget(`${name}-${key}-target`, { rule: rule.name, arn: queue.arn }, child);
    }
}

function queueName(name: string, { section }: AwsAccount): string {
    return physicalName(nameRules.queue, section.name, name);
}

function sendersOf(queue: string, { section: { account } }: AwsAccount): string {
    const statement = {
        Sid: "events",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
    };
    return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** It makes nodes that carry the cluster's tag, and touches no others. Their instance profile is there already, so it makes none. */
function statementsOf(component: string, account: AwsAccount): readonly Statement[] {
    const { name, region } = account.section;
    const nodeRole = account.identityArn("role", roleName(account, `${component}-nodes`));
    const ofCluster = `kubernetes.io/cluster/${name}`;
    const all = (kind: string) => `arn:aws:ec2:${region}:*:${kind}/*`;
    const made = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"].map(
        all,
    );
    const used = [
        `arn:aws:ec2:${region}::image/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
        ...["security-group", "subnet"].map(all),
    ];
    const asOurs = { [`aws:RequestTag/${ofCluster}`]: "owned" };
    const owned = { StringEquals: { [`aws:ResourceTag/${ofCluster}`]: "owned" } };
    return [
        { actions: ["ec2:CreateFleet", "ec2:RunInstances"], resources: used },
        { actions: ["ec2:CreateFleet", "ec2:RunInstances"], resources: [all("launch-template")], condition: owned },
        {
            actions: makes.map((action) => `ec2:${action}`),
            resources: made,
            condition: { StringEquals: asOurs },
        },
        // Without the second condition it could put the cluster's tag on anything of the account, and then remove that.
        {
            actions: ["ec2:CreateTags"],
            resources: made,
            condition: { StringEquals: { ...asOurs, "ec2:CreateAction": makes } },
        },
        {
            actions: ["ec2:CreateTags"],
            resources: [all("instance")],
            condition: { ...owned, "ForAllValues:StringEquals": { "aws:TagKeys": laterTags } },
        },
        { actions: ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"], resources: made, condition: owned },
        { actions: looks, resources: ["*"], condition: { StringEquals: { "aws:RequestedRegion": region } } },
        { actions: ["pricing:GetProducts", "iam:GetInstanceProfile"], resources: ["*"] },
        { actions: ["ssm:GetParameter"], resources: [`arn:aws:ssm:${region}::parameter/aws/service/*`] },
        { actions: ["eks:DescribeCluster"], resources: [account.arn("eks", `cluster/${name}`)] },
        {
            actions: ["iam:PassRole"],
            resources: [nodeRole],
            condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
        },
        {
            actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
            resources: [account.arn("sqs", queueName(component, account))],
        },
    ];
}

/** Calls that make something, and tag it as they do. */
const makes = ["CreateFleet", "CreateLaunchTemplate", "RunInstances"] as const;

/**
 * What it writes on instances of its own once they are there.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/#allowscopedresourcetagging
 */
const laterTags = ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] as const;

/** These calls know no single resource. */
const looks = [
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplates",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeSubnets",
];
