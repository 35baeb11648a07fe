import { settingsOf } from "../stack";
import type { Case } from "./case";

export const onStaging: readonly Case[] = [
    [
        "an API server open to half of the world",
        { "aws.apiAccess": { kind: "public", allowedCidrs: ["128.0.0.0/1"] } },
        "128.0.0.0/1 lets too many in: in this environment a range has at least /16",
    ],
    [
        "nodes too small for one inference pod",
        { "aws.pools.general": { machine: "t3.medium", nodes: { min: 3, max: 30 } } },
        "sizes.ollama: one pod requests",
    ],
    [
        "a way out that there is not",
        { "aws.network.natGateways": "none" },
        'aws.network.natGateways: must be "perZone" or "single", got "none"',
    ],
];

export const onDev: readonly Case[] = [
    ["no kubeconfig", { "cluster.kind": undefined }, "cluster.kind: is missing"],
    ["a cluster that is no UID", { "cluster.identity": "dev" }, "cluster.identity: must be a UID"],
    ["too few nodes", { "cluster.nodes.general.count": 1 }, "cluster.nodes.general: 1 x"],
    [
        "the section of a cloud",
        { aws: settingsOf("prod-aws").aws },
        "aws: is for cloud: aws, and this stack has cloud: existing",
    ],
];
