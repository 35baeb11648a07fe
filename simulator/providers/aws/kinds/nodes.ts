import { clusters } from "../../cloud/clusters";
import type { CloudKind, Subject } from "../../cloud/kind";
import { numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { attachedPolicies, checkTrust } from "./identity";
import { ec2, ec2Arn } from "./network";
import { clusterOf, machineTypes, poolOf } from "./nodePool";
import { keyOf, roleArn, securityGroups, types } from "./types";

const launchTemplate = awsKind(types.launchTemplate, {
    references: [securityGroups("vpcSecurityGroupIds"), keyOf("blockDeviceMappings.ebs.kmsKeyId")],
    autoName: { property: "name", longest: 128 },
    changes: { updateDefaultVersion: "update", defaultVersion: "update" },
    tagged: true,
    computed: ["latestVersion", "defaultVersion"],
    recomputed: ["latestVersion", "defaultVersion"],
    judge: ({ inputs, cloud }) =>
        cloud.all(types.launchTemplate).some((other) => other.outputs.name === inputs.name)
            ? [{ property: "name", reason: `"${inputs.name}" is the name of a template already` }]
            : [],
    id: ec2("lt"),
    arn: ec2Arn("launch-template"),
    outputs: () => ({ latestVersion: 1, defaultVersion: 1 }),
    // Each change is a version of its own; which one new machines take is another setting.
    again: ({ inputs }, before) => {
        const latestVersion = (numberAt(before, "latestVersion") ?? 1) + 1;
        return {
            latestVersion,
            defaultVersion: inputs.updateDefaultVersion === true ? latestVersion : (before.defaultVersion ?? 1),
        };
    },
});

const nodeGroup = awsKind(types.nodeGroup, {
    required: ["clusterName", "nodeRoleArn", "subnetIds", "scalingConfig"],
    references: [
        { path: "clusterName", to: [types.cluster] },
        roleArn("nodeRoleArn"),
        { path: "subnetIds", to: [types.subnet] },
        { path: "launchTemplate.id", to: [types.launchTemplate] },
    ],
    defaults: { amiType: "AL2023_x86_64_STANDARD", capacityType: "ON_DEMAND", instanceTypes: ["t3.medium"] },
    autoName: { property: "nodeGroupName", longest: 63 },
    // https://github.com/hashicorp/terraform-provider-aws/blob/012e0a32f0686212f447447fd3d81c3d0ce256ad/internal/service/eks/node_group.go
    changes: { "launchTemplate.id": "replace", "launchTemplate.name": "replace", forceUpdateVersion: "update" },
    tagged: true,
    computed: ["resources", "status", "releaseVersion"],
    check: checkNodeGroup,
    judge: judgeNodeGroup,
    id: ({ inputs }) => `${textAt(inputs, "clusterName")}:${textAt(inputs, "nodeGroupName")}`,
    arn: ({ inputs, config, unique }) =>
        arn("eks", regionOf(inputs, config), `nodegroup/${groupPath(inputs)}/${uuid(unique)}`),
    outputs: ({ inputs, cloud, unique }) => ({
        status: "ACTIVE",
        version:
            inputs.version ??
            textAt(cloud.get(types.cluster, textAt(inputs, "clusterName") ?? "")?.outputs, "version") ??
            "",
        releaseVersion: "",
        resources: [
            {
                autoscalingGroups: [{ name: `eks-${textAt(inputs, "nodeGroupName")}-${uuid(unique)}` }],
                remoteAccessSecurityGroupId: "",
            },
        ],
    }),
    effects: {
        created: async (subject) => {
            await clusters().setPool(clusterOf(subject.inputs), poolOf(subject));
            return {};
        },
        updated: (subject) => clusters().setPool(clusterOf(subject.inputs), poolOf(subject)),
        deleted: ({ inputs }) => clusters().removePool(clusterOf(inputs), textAt(inputs, "nodeGroupName") ?? ""),
    },
});

const groupTag = awsKind("aws:autoscaling/tag:Tag", {
    required: ["autoscalingGroupName", "tag"],
    references: [
        { path: "autoscalingGroupName", to: [types.nodeGroup], by: "resources.autoscalingGroups.name", holds: false },
    ],
    // https://github.com/hashicorp/terraform-provider-aws/blob/050ac11163cab8cdae5936a7f40b0e528ff780df/internal/service/autoscaling/group_tag.go
    changes: { autoscalingGroupName: "replace", "tag.key": "replace", tag: "update" },
    id: ({ inputs }) => `${textAt(inputs, "autoscalingGroupName")},${textAt(inputs, "tag.key")}`,
});

export const nodes: Readonly<Record<string, CloudKind>> = { ...launchTemplate, ...nodeGroup, ...groupTag };

const groupPath = (inputs: Properties) => `${clusterOf(inputs)}/${textAt(inputs, "nodeGroupName")}`;

function checkNodeGroup(inputs: Properties): InputIssue[] {
    const unknown = textsAt(inputs, "instanceTypes").filter((name) => machineTypes[name] === undefined);
    const [min = 0, max = 1, desired = 0] = ["minSize", "maxSize", "desiredSize"].map((name) =>
        numberAt(inputs, `scalingConfig.${name}`),
    );
    const within = min <= desired && desired <= max && max >= 1;
    return [
        ...unknown.map((name) => ({
            property: "instanceTypes",
            reason: `"${name}" is no machine of components/cloud/aws/machines.ts`,
        })),
        ...(within || inputs.scalingConfig === undefined
            ? []
            : [
                  {
                      property: "scalingConfig",
                      reason: `must have minSize <= desiredSize <= maxSize, got ${min}, ${desired}, ${max}`,
                  },
              ]),
    ];
}

function judgeNodeGroup(subject: Subject): readonly InputIssue[] {
    const { inputs, cloud, id } = subject;
    const home = cloud.get(types.cluster, clusterOf(inputs));
    const vpcId = textAt(home?.outputs, "vpcConfig.vpcId");
    const foreign = textsAt(inputs, "subnetIds").filter(
        (subnet) => textAt(cloud.get(types.subnet, subnet)?.inputs, "vpcId") !== vpcId,
    );
    const [version, limit] = [textAt(inputs, "version"), textAt(home?.outputs, "version")];
    const newer = version !== undefined && limit !== undefined && minor(version) > minor(limit);
    return [
        ...(id === undefined ? judgeRole(subject) : []),
        ...foreign.map((subnet) => ({
            property: "subnetIds",
            reason: `${subnet} is not in ${vpcId}, where the cluster is`,
        })),
        ...(newer ? [{ property: "version", reason: `${version} is newer than ${limit} of the cluster` }] : []),
    ];
}

const minor = (version: string) => Number(version.split(".")[1]);

/** Nodes without these rights never join: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html */
function judgeRole(subject: Subject): readonly InputIssue[] {
    const role = textAt(subject.inputs, "nodeRoleArn") ?? "";
    const policies = attachedPolicies(role, subject.cloud);
    const needed = [/^AmazonEKSWorkerNode(Minimal)?Policy$/, /^AmazonEC2ContainerRegistry(PullOnly|ReadOnly)$/];
    const missing = needed.filter((form) => !policies.some((policy) => form.test(policy)));
    return [
        ...checkTrust(subject, "nodeRoleArn", "ec2.amazonaws.com"),
        ...missing.map((form) => ({
            property: "nodeRoleArn",
            reason: `${role} has no policy ${form.source} yet: nodes would not join`,
        })),
    ];
}
