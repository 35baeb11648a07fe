import type { Subject } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { awsKind } from "../kind";
import { poolOf } from "./nodePool";
import { types } from "./types";

const nodeTemplate = "k8s.io/cluster-autoscaler/node-template/";

/** A tag of the group of machines behind a node group. */
export const groupTag = awsKind("aws:autoscaling/tag:Tag", {
    required: ["autoscalingGroupName", "tag"],
    references: [
        { path: "autoscalingGroupName", to: [types.nodeGroup], by: "resources.autoscalingGroups.name", holds: false },
    ],
    // https://github.com/hashicorp/terraform-provider-aws/blob/050ac11163cab8cdae5936a7f40b0e528ff780df/internal/service/autoscaling/group_tag.go
    changes: { autoscalingGroupName: "replace", "tag.key": "replace", tag: "update" },
    judge: judgeTemplate,
    id: ({ inputs }) => `${textAt(inputs, "autoscalingGroupName")},${textAt(inputs, "tag.key")}`,
});

/**
 * What a tag tells the cluster autoscaler of nodes that are not there yet. AWS takes any words; wrong ones show only when a group without nodes
 * does not grow, or grows for pods that then find no place.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#auto-discovery-setup
 */
function judgeTemplate({ inputs, cloud, config }: Subject): InputIssue[] {
    const key = textAt(inputs, "tag.key") ?? "";
    if (!key.startsWith(nodeTemplate)) return [];
    const group = textAt(inputs, "autoscalingGroupName") ?? "";
    const record = cloud.find([types.nodeGroup], "resources.autoscalingGroups.name", group);
    if (record === undefined) return [];
    const told = textAt(inputs, "tag.value") ?? "";
    const { labels, taints, devices, capacity, allocatable } = poolOf({ inputs: record.outputs, config, cloud });
    const amounts = { ...devices, "ephemeral-storage": (allocatable ?? capacity).storage };
    const [kind = "", name = ""] = key.slice(nodeTemplate.length).split(/\/(.*)/s);
    // Labels that the kubelet or the cloud sets are no labels of the group.
    if (kind === "label" && /(^|\.)(kubernetes|k8s)\.io\//.test(name) && labels[name] === undefined) return [];
    const facts: Readonly<Record<string, readonly string[]>> = {
        label: [labels[name] ?? []].flat(),
        taint: taints.filter((taint) => taint.key === name).map(({ value, effect }) => `${value}:${effect}`),
        resources: Object.entries(amounts).flatMap(([resource, amount]) => (resource === name ? String(amount) : [])),
    };
    const found = facts[kind];
    if (found === undefined || found.includes(told)) return [];
    const has = found.length === 0 ? "none of that name" : found.join(", ");
    return [
        {
            property: "tag",
            reason: `tells the autoscaler of ${kind} ${name} "${told}", and the nodes of ${record.id} have ${has}`,
        },
    ];
}
