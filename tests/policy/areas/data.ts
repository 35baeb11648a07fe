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
        "REL-11": { properties: [{ path: ["deletionProtection"], wrong: "true", absent: "fails" }] },
    },
    breaks: {
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
        "SEC-04": {
            stack: "prod-aws",
            type: "kubernetes:storage.k8s.io/v1:StorageClass",
            name: "storage-fast",
            change: { kind: "set", path: ["parameters", "encrypted"], value: "false" },
        },
    },
};
