import { clusters } from "../../cloud/clusters";
import type { CloudKind } from "../../cloud/kind";
import { numberAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import { arn, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { groupTag } from "./groupTag";
import { ec2, ec2Arn } from "./network";
import { checkNodeGroup, judgeNodeGroup } from "./nodeGroupChecks";
import { clusterOf, poolOf } from "./nodePool";
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

export const nodes: Readonly<Record<string, CloudKind>> = { ...launchTemplate, ...nodeGroup, ...groupTag };

const groupPath = (inputs: Properties) => `${clusterOf(inputs)}/${textAt(inputs, "nodeGroupName")}`;
