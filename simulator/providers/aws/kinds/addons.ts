import { clusters } from "../../cloud/clusters";
import { textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf, uuid } from "../account";
import { awsKind, documentOf } from "../kind";
import { checkTrust } from "./identity";
import { clusterOf } from "./nodePool";
import { roleArn, types } from "./types";

/**
 * AWS's own add-ons and those of the community; those of the marketplace are not told.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/community-addons.html
 */
const known = [
    "adot",
    "amazon-cloudwatch-observability",
    "amazon-sagemaker-hyperpod-taskgovernance",
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "aws-fsx-csi-driver",
    "aws-guardduty-agent",
    "aws-mountpoint-s3-csi-driver",
    "aws-network-flow-monitoring-agent",
    "aws-privateca-connector-for-kubernetes",
    "cert-manager",
    "coredns",
    "eks-node-monitoring-agent",
    "eks-pod-identity-agent",
    "external-dns",
    "fluent-bit",
    "kube-proxy",
    "kube-state-metrics",
    "metrics-server",
    "prometheus-node-exporter",
    "snapshot-controller",
    "vpc-cni",
];

export const addons = awsKind(types.addon, {
    required: ["clusterName", "addonName"],
    references: [
        { path: "clusterName", to: [types.cluster] },
        roleArn("serviceAccountRoleArn"),
        roleArn("podIdentityAssociations.roleArn"),
    ],
    changes: {
        clusterName: "replace",
        addonName: "replace",
        preserve: "update",
        podIdentityAssociations: "update",
        resolveConflictsOnCreate: "update",
        resolveConflictsOnUpdate: "update",
    },
    tagged: true,
    computed: ["createdAt", "modifiedAt"],
    check: checkAddon,
    judge: (subject) => {
        const roles = textsAt(subject.inputs, "podIdentityAssociations.roleArn");
        return roles.flatMap((role) => checkTrust({ ...subject, inputs: { role } }, "role", "pods.eks.amazonaws.com"));
    },
    id: ({ inputs }) => `${clusterOf(inputs)}:${textAt(inputs, "addonName")}`,
    arn: ({ inputs, config, unique }) =>
        arn(
            "eks",
            regionOf(inputs, config),
            `addon/${clusterOf(inputs)}/${textAt(inputs, "addonName")}/${uuid(unique)}`,
        ),
    outputs: () => ({ createdAt: new Date().toISOString(), modifiedAt: new Date().toISOString() }),
    effects: {
        created: async ({ inputs }) => {
            if (bringsSnapshots(inputs)) await clusters().setSnapshots(clusterOf(inputs), true);
            return {};
        },
        deleted: async ({ inputs }) => {
            if (bringsSnapshots(inputs) && inputs.preserve !== true)
                await clusters().setSnapshots(clusterOf(inputs), false);
        },
    },
});

/** @see https://docs.aws.amazon.com/eks/latest/userguide/csi-snapshot-controller.html ("This add-on includes the custom resource definitions") */
function bringsSnapshots(inputs: Properties): boolean {
    return textAt(inputs, "addonName") === "snapshot-controller";
}

function checkAddon(inputs: Properties): InputIssue[] {
    const { configurationValues } = inputs;
    const name = textAt(inputs, "addonName");
    const isRead = typeof configurationValues !== "string" || documentOf(configurationValues) !== undefined;
    const format = {
        property: "configurationValues",
        reason: "must be JSON (YAML is taken by AWS, not by the simulator)",
    };
    const unknown = {
        property: "addonName",
        reason: `"${name}" is no add-on that the simulator knows: ${known.join(", ")}`,
    };
    return [...(isRead ? [] : [format]), ...(name === undefined || known.includes(name) ? [] : [unknown])];
}
