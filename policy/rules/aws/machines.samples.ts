import { cloudResource, kubernetesResource, merge } from "../../samples";

type Changes = Readonly<Record<string, unknown>>;

const kmsKeyId = "arn:aws:kms:eu-central-1:123456789012:key/sample";

const goodTemplate = {
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId } }],
};

/** A launch template that nothing is wrong with, changed. */
export const template = (changes: Changes = {}) =>
    cloudResource("aws:ec2/launchTemplate:LaunchTemplate", merge(goodTemplate, changes));

export const disks = (...all: readonly Changes[]) => ({
    blockDeviceMappings: all.map((ebs) => ({ deviceName: "/dev/xvda", ebs })),
});

export const group = (inputs: Changes) => cloudResource("aws:eks/nodeGroup:NodeGroup", inputs);

const goodClass = {
    metadata: { name: "default" },
    spec: {
        amiSelectorTerms: [{ alias: "al2023@v20260901" }],
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: true, kmsKeyID: kmsKeyId } }],
    },
};

/** A class of Karpenter's nodes that nothing is wrong with, its spec changed. */
export const nodeClass = (spec: Changes = {}) =>
    kubernetesResource("karpenter.k8s.aws/v1", "EC2NodeClass", merge(goodClass, { spec }));
