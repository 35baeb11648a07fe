import type { Area } from "./area";

export const stack: Area = {
    cases: {
        "STK-01": {
            properties: [
                { path: ["allowedAccountIds"], wrong: "no JSON", absent: "fails" },
                { path: ["region"], wrong: 1, absent: "fails" },
            ],
        },
        "STK-02": {
            properties: [
                { path: ["tags"], wrong: "owner=team", absent: "fails" },
                {
                    path: ["tags", "owner"],
                    wrong: undefined,
                    absent: "fails",
                    unknown: "passes: whose it is need not be known",
                },
            ],
        },
        "STK-03": {
            properties: [
                {
                    path: ["disableLocalAccounts"],
                    wrong: 1,
                    wrongType: "passes: only the options of a resource are looked at",
                    absent: "passes",
                    unknown: "passes: only the options of a resource are looked at",
                },
            ],
        },
        "STK-04": { properties: [{ path: ["apiVersion"], wrong: 1, absent: "passes" }] },
        "STK-05": {
            base: 1,
            properties: [
                {
                    path: ["source"],
                    wrong: 1,
                    wrongType: "passes: whatever is no asset brings no file",
                    absent: "passes",
                    unknown: "passes: an asset is the program's own and known to it",
                },
            ],
        },
        "STK-06": {
            properties: [
                {
                    path: ["metadata", "labels", "helm.sh/chart"],
                    wrong: 1,
                    wrongType: "passes: such an object is of no chart that the pack knows",
                    absent: "passes",
                    unknown: "passes: such an object is of no chart that the pack knows",
                },
            ],
            patch: "exempt: it is about entries of files, and the resource is only where they are shown",
        },
    },
    breaks: {
        "STK-01": {
            stack: "prod-aws",
            type: "pulumi:providers:aws",
            name: "aws",
            change: { kind: "unset", path: ["allowedAccountIds"] },
        },
        "STK-02": {
            stack: "prod-aws",
            type: "aws:ec2/vpc:Vpc",
            name: "network-vpc",
            change: { kind: "unset", path: ["tags", "owner"] },
        },
        "STK-03": {
            stack: "prod-azure",
            type: "azure-native:containerservice:ManagedCluster",
            name: "aks-cluster",
            change: { kind: "option", options: { protect: true, ignoreChanges: ["disableLocalAccounts"] } },
        },
        "STK-04": {
            stack: "dev",
            type: "kubernetes:policy/v1:PodDisruptionBudget",
            name: "tars-backend-disruption",
            change: { kind: "set", path: ["apiVersion"], value: "policy/v1beta1" },
        },
        "STK-05": {
            stack: "prod-aws",
            type: "aws:s3/bucketPolicy:BucketPolicy",
            name: "stores-data-tls",
            change: { kind: "set", path: ["note"], value: { __pulumiAsset: true, path: "policy.json" } },
        },
    },
};
