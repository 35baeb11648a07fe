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
        "nobody who may write to the store of secrets",
        {
            "aws.identities.secrets": {
                namespace: "external-secrets",
                serviceAccount: "external-secrets",
                permissions: ["secretStore.read"],
            },
        },
        "aws.identities: gives external-secrets/external-secrets no secretStore.write",
    ],
    [
        "nobody who backs the cluster up",
        { "aws.identities.backup": undefined },
        "aws.identities: gives backup/velero no backups.write, and so nobody backs the cluster up\n      fix: add backup: { namespace: backup, serviceAccount: velero, permissions: [backups.write] }",
    ],
    [
        "backups whose hours do not go into a day",
        { clusterBackup: { everyHours: 5 } },
        "clusterBackup.everyHours: must be a part of a day: 1, 2, 3, 4, 6, 8, 12 or 24",
    ],
    [
        "backups that are kept for no time",
        { clusterBackup: { keepDays: 0 } },
        "clusterBackup.keepDays: must be at least 1, got 0",
    ],
    [
        "a way out that there is not",
        { "aws.network.natGateways": "none" },
        'aws.network.natGateways: must be "perZone" or "single", got "none"',
    ],
];

const vault = { kind: "vault", server: "https://vault.example.com", path: "secret", role: "tars" } as const;

export const onDev: readonly Case[] = [
    [
        "a Vault that nobody says where it is",
        { "cluster.secretStore": { ...vault, server: undefined } },
        "cluster.secretStore.server: is missing",
    ],
    [
        "a Vault without TLS",
        { "cluster.secretStore": { ...vault, server: "http://vault.example.com" } },
        "cluster.secretStore.server: must be https://, a host, and a port where it is not 443",
    ],
    [
        "a Vault that is told no role",
        { "cluster.secretStore": { ...vault, role: undefined } },
        "cluster.secretStore.role: is missing",
    ],
    [
        "a Vault's token",
        { "cluster.secretStore": { ...vault, token: "hvs.example" } },
        "cluster.secretStore.token: is no setting",
    ],
    [
        "a store that a given cluster cannot have",
        { "cluster.secretStore": { kind: "keyVault", server: "https://tars.vault.azure.net" } },
        'cluster.secretStore.kind: must be "vault", got "keyVault"',
    ],
    ["no kubeconfig", { "cluster.kind": undefined }, "cluster.kind: is missing"],
    ["a cluster that is no UID", { "cluster.identity": "dev" }, "cluster.identity: must be a UID"],
    ["too few nodes", { "cluster.nodes.general.count": 1 }, "cluster.nodes.general: 1 x"],
    [
        "the section of a cloud",
        { aws: settingsOf("prod-aws").aws },
        "aws: is for cloud: aws, and this stack has cloud: existing",
    ],
];
