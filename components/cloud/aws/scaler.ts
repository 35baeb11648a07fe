import { Tag } from "@pulumi/aws/autoscaling";
import type { NodeGroup } from "@pulumi/aws/eks";
import type { Labels } from "../../foundation/labels";
import type { PoolPlan } from "../common/pools";
import type { NodePool, NodeScaler } from "../contract";

import type { PodRolePlan } from "./identities";
import { clusterName } from "./names";
import { scalerVersions } from "./rules";
import type { AwsSettings } from "./settings";
import type { Site } from "./site";

const scalerAccount = { namespace: "cluster-autoscaler", serviceAccount: "cluster-autoscaler" } as const;

/**
 * How the autoscaler finds the stack's pools: EKS tags each managed group so.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#auto-discovery-setup
 */
export function scalerOf(section: AwsSettings, nodes: NodePool): NodeScaler {
    const tags = ["enabled", clusterName(section)].map((tag) => `k8s.io/cluster-autoscaler/${tag}`);
    return {
        ...scalerAccount,
        version: scalerVersions[section.kubernetesVersion],
        arguments: [
            "--cloud-provider=aws",
            `--node-group-auto-discovery=asg:tag=${tags.join(",")}`,
            "--expander=least-waste",
            // Every pod of the platform has scratch space (emptyDir), which would keep each node of theirs for ever; Azure is told the same.
            "--skip-nodes-with-local-storage=false",
        ],
        // Its pods cannot ask the machine where they are.
        environment: { AWS_REGION: section.region },
        nodes,
        // Pods call the API server by its service address; the endpoints of the APIs that it uses, `autoscaling` among them, stand in the VPC.
        apiRanges: [section.network.cidr, section.network.serviceCidr],
    };
}

/** @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#full-cluster-autoscaler-features-policy-recommended */
export function scalerRole(cluster: string): PodRolePlan {
    const looks = [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
    ];
    const changes = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"];
    const owned = { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${cluster}`]: "owned" };
    return {
        ...scalerAccount,
        description: "Makes and removes nodes as pods need them",
        managed: [],
        statements: [
            // These calls know no single resource.
            { actions: looks, resources: ["*"] },
            { actions: changes, resources: ["*"], condition: { StringEquals: owned } },
        ],
    };
}

/**
 * What the autoscaler must know of nodes that are not there yet. EKS itself tags the group as the cluster's.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#auto-discovery-setup
 */
export function describeNodes(
    name: string,
    plan: PoolPlan,
    group: NodeGroup,
    { account, parent }: Pick<Site, "account" | "parent">,
): void {
    const autoscalingGroupName = group.resources.apply(([first] = []) => first?.autoscalingGroups?.[0]?.name ?? "");
    for (const [key, value] of Object.entries(nodeTemplate(plan))) {
        const tag = { key: `k8s.io/cluster-autoscaler/node-template/${key}`, value, propagateAtLaunch: false };
        const child = account.child(parent);
        new Tag(`${name}-${key.replaceAll("/", "-")}`, { autoscalingGroupName, tag }, child);
    }
}

/**
 * An empty group's machine type says what cores and memory its nodes have, but nothing of their disk: without this tag the autoscaler
 * believes that they have none, and no pod that asks for ephemeral storage ever starts one.
 *
 * @see https://github.com/kubernetes/autoscaler/issues/1869 and https://github.com/kubernetes/autoscaler/pull/2929
 */
function nodeTemplate({ labels, taints, allocatable, gpus, gpu }: PoolPlan): Labels {
    const labelled = Object.entries(labels).map(([key, value]) => [`label/${key}`, value]);
    const tainted = taints.map(({ key, value, effect }) => [`taint/${key}`, `${value}:${effect}`]);
    const devices = gpu === undefined ? [] : [[`resources/${gpu.resource}`, String(gpus)]];
    return Object.fromEntries([
        ...labelled,
        ...tainted,
        ["resources/ephemeral-storage", allocatable.storage],
        ...devices,
    ]);
}
