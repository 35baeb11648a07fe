import { settingsOf } from "../stack";
import { type Case, mig } from "./case";

const gpu = "aws.pools.gpu";

/** Pools, what lands on them, and the rest. */
export const poolsOnAws: readonly Case[] = [
    [
        "slices of a GPU that has none",
        { [`${gpu}.sharing`]: mig("1g.10gb") },
        `${gpu}.sharing.profile: 1g.10gb is no slice of the GPU of g5.2xlarge (A10G)`,
    ],
    [
        "slices that belong to another GPU",
        {
            "aws.region": "us-east-1",
            "aws.zones": ["us-east-1a", "us-east-1b", "us-east-1c"],
            [`${gpu}.machine`]: "p5.4xlarge",
            [`${gpu}.sharing`]: mig("1g.12gb"),
        },
        `${gpu}.sharing.profile: 1g.12gb is no slice of the GPU of p5.4xlarge (H100)`,
    ],
    ["a GPU pool without GPUs", { [`${gpu}.machine`]: "m6i.2xlarge" }, `${gpu}.machine: m6i.2xlarge has no GPU`],
    [
        "a GPU shared by one",
        { [`${gpu}.sharing`]: { kind: "timeSliced", replicas: 1 } },
        `${gpu}.sharing.replicas: must be at least 2, got 1`,
    ],
    ["a second scaler for a pool", { "aws.pools.spot.scaler": "karpenter" }, "aws.pools.spot.scaler: is no setting"],
    [
        "fewer nodes at most than at least",
        { "aws.pools.memory.nodes": { min: 4, max: 2, initial: 4 } },
        "aws.pools.memory.nodes: min is 4 and max is 2",
    ],
    [
        "a first size out of bounds",
        { "aws.pools.compute.nodes": { initial: 11 } },
        "aws.pools.compute.nodes.initial: is 11, outside 2 to 10",
    ],
    [
        "a surge of more than all nodes",
        { "aws.pools.general.maxSurge": "133%" },
        "aws.pools.general.maxSurge: must be a share in quotes",
    ],
    [
        "a pod that fits no node",
        { sizes: { "tars-backend": { requests: { cpu: "17" }, limits: { cpu: "17" } } } },
        "sizes.tars-backend: one pod requests 17 cpu",
    ],
    [
        "an inference pod that fits no GPU node",
        { sizes: { ollama: { requests: { memory: "40Gi" }, limits: { memory: "40Gi" } } } },
        "sizes.ollama: one pod requests",
    ],
    [
        "nodes too small for a pod's cores",
        {
            "aws.pools.gpu.machine": "g4dn.2xlarge",
            sizes: { ollama: { requests: { cpu: "8" }, limits: { cpu: "8" } } },
        },
        "sizes.ollama: one pod requests 8 cpu",
    ],
    [
        "a pool that cannot hold the autoscalers' maximum",
        { sizes: { "tars-backend": { replicas: { max: 600 } } } },
        "aws.pools.general: 12 x 15300m cores cannot hold",
    ],
    [
        "a pool that cannot lose a zone",
        { "aws.pools.general.nodes": { min: 1, max: 1, initial: 1 } },
        "aws.pools.general: with one of 3 zones lost, 0 x",
    ],
    [
        "a quota below what its pods need",
        { quota: { requests: { cpu: "1", memory: "64Gi" } } },
        "quota.requests.cpu: is 1, but the pods need",
    ],
    [
        "a quota of cores below what its pools need",
        { "aws.coreQuota": { standard: 64, gpu: 64, spot: 256 } },
        "aws.coreQuota.standard: is 64, but the pools at their maximum with the nodes of an upgrade take",
    ],
    [
        "a quota of GPU cores that is too small",
        { "aws.coreQuota": { standard: 576, gpu: 8, spot: 256 } },
        "aws.coreQuota.gpu: is 8, but the pools at their maximum with the nodes of an upgrade take",
    ],
    [
        "a period that CloudWatch does not know",
        { "aws.logRetentionDays": 500 },
        "aws.logRetentionDays: must be one of 365, 400, 545",
    ],
    [
        "an administrator that is no principal",
        { "aws.administrators": ["platform-admin"] },
        "aws.administrators.0: must be the ARN of a role or user",
    ],
    [
        "an identity with an unknown right",
        { "aws.identities": { app: { namespace: "a", serviceAccount: "a", permissions: ["everything"] } } },
        'aws.identities.app.permissions.0: must be "objectStore.read" or',
    ],
    ["a version of Kubernetes as a number", { "aws.kubernetesVersion": 1.36 }, "aws.kubernetesVersion: must be"],
    ["an unknown key", { "aws.netwrok": {} }, 'aws.netwrok: is no setting\n      fix: did you mean "network"?'],
    ["an unknown pool", { "aws.pools.gpus": {} }, 'aws.pools.gpus: is no setting\n      fix: did you mean "gpu"?'],
    [
        "the section of another cloud",
        { azure: settingsOf("prod-azure").azure },
        "azure: is for cloud: azure, and this stack has cloud: aws",
    ],
    ["no section of its own", { aws: undefined }, "aws: is missing\n      fix: give the AWS account"],
    ["an unknown cloud", { cloud: "awz" }, 'cloud: must be "aws" or "azure" or "existing", got "awz"'],
];
