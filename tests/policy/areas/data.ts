import type { Area } from "./area";

export const data: Area = {
    cases: {
        "SEC-01": {
            properties: [
                {
                    path: ["stringData"],
                    wrong: undefined,
                    absent: "passes",
                    unknown: "passes: what counts is where the values come from",
                },
                { resource: 1, path: ["data"], wrong: "MODE=quiet", absent: "passes" },
                { resource: 1, path: ["data", "MODE"], wrong: 1, absent: "passes" },
            ],
        },
        "SEC-03": {
            properties: [
                { path: ["spec", "provider"], wrong: "azurekv", absent: "passes" },
                { path: ["spec", "provider", "azurekv", "authType"], wrong: 1, absent: "fails" },
                { path: ["spec", "conditions"], wrong: "shop", absent: "fails" },
            ],
        },
        "SEC-04": {
            properties: [
                { path: ["provisioner"], wrong: 1, absent: "fails" },
                { path: ["parameters", "encrypted"], wrong: true, absent: "fails" },
                {
                    path: ["parameters", "kmsKeyId"],
                    wrong: undefined,
                    absent: "fails",
                    unknown: "passes: which key it is need not be known",
                },
                { path: ["reclaimPolicy"], wrong: 1, absent: "fails" },
            ],
        },
        "SEC-05": {
            properties: [
                { path: ["spec", "kafka", "listeners"], wrong: "tls", absent: "passes" },
                { path: ["spec", "kafka", "listeners", 0, "tls"], wrong: "true", absent: "fails" },
                {
                    path: ["spec", "kafka", "listeners", 0, "authentication"],
                    wrong: undefined,
                    absent: "fails",
                    unknown: "passes: how clients are asked need not be known",
                },
            ],
        },
        "SEC-07": {
            properties: [
                { path: ["spec", "postgresql", "parameters", "pgaudit.log"], wrong: 1, absent: "fails" },
                { path: ["metadata", "annotations"], wrong: "365", absent: "fails" },
                { path: ["metadata", "labels", "data-class"], wrong: 1, absent: "fails" },
            ],
        },
        "SEC-06": {
            properties: [{ path: ["spec", "config", "insecureSkipTLSVerify"], wrong: true, absent: "passes" }],
        },
        "REL-10": {
            properties: [
                { path: ["spec", "plugins"], wrong: "barman", absent: "fails" },
                { path: ["spec", "plugins", 0, "isWALArchiver"], wrong: "true", absent: "fails" },
            ],
        },
        "REL-11": { properties: [{ path: ["deletionProtection"], wrong: "true", absent: "fails" }] },
    },
    breaks: {
        "SEC-03": {
            stack: "prod-aws",
            type: "kubernetes:external-secrets.io/v1:ClusterSecretStore",
            name: "secret-store",
            change: { kind: "set", path: ["spec", "conditions"], value: [] },
        },
        "SEC-06": {
            stack: "prod-aws",
            type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            name: "stores-backups-lock",
            change: { kind: "remove" },
        },
        "REL-11": {
            stack: "prod-aws",
            type: "aws:kms/key:Key",
            name: "keys-key",
            change: { kind: "option", options: { retainOnDelete: true } },
        },
        "SEC-01": {
            stack: "prod-aws",
            type: "kubernetes:core/v1:ConfigMap",
            name: "tars-rag-config",
            change: { kind: "set", path: ["data", "POSTGRES_PASSWORD"], value: "hunter2" },
        },
        "SEC-07": {
            stack: "prod-aws",
            type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
            name: "postgres-cluster",
            change: { kind: "set", path: ["spec", "postgresql", "parameters", "pgaudit.log"], value: "none" },
        },
        "SEC-05": {
            stack: "dev",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "chromadb",
            change: {
                kind: "set",
                path: ["spec", "template", "spec", "containers", 0, "image"],
                value: "qdrant/qdrant:v1.19.0",
            },
            also: { "IMG-01": "the image has no digest", "IMG-03": "the image is of another registry" },
        },
        "REL-10": {
            stack: "prod-aws",
            type: "kubernetes:batch/v1:CronJob",
            name: "chromadb-backups-drill",
            change: { kind: "set", path: ["spec", "suspend"], value: true },
        },
        "SEC-04": {
            stack: "prod-aws",
            type: "kubernetes:storage.k8s.io/v1:StorageClass",
            name: "storage-fast",
            change: { kind: "set", path: ["parameters", "encrypted"], value: "false" },
        },
    },
};
