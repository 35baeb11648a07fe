import type { Area } from "./area";

const pod = ["spec", "template", "spec"] as const;
const container = [...pod, "containers", 0] as const;

/** What is wrong with a policy its own API server refuses; here it only leaves open whether the policy covers a pod. */
const quietly = (wrong: unknown) =>
    ({ wrong, wrongType: "passes: whether the policy covers the pod is then not decided" }) as const;

const signaturePolicy = [
    { resource: 2, path: ["spec", "validationActions"], ...quietly("Deny"), absent: "fails" },
    { resource: 2, path: ["spec", "failurePolicy"], ...quietly(1), absent: "fails" },
    { resource: 2, path: ["spec", "attestors"], ...quietly("release"), absent: "fails" },
    { resource: 2, path: ["spec", "validations", 0, "expression"], ...quietly(1), absent: "fails" },
    { resource: 2, path: ["spec", "matchImageReferences", 0, "glob"], ...quietly(1), absent: "fails" },
    { resource: 2, path: ["spec", "matchConstraints", "namespaceSelector"], ...quietly("all"), absent: "passes" },
    {
        resource: 2,
        path: ["spec", "matchConstraints", "resourceRules", 0, "resources"],
        ...quietly("pods"),
        absent: "fails",
    },
    { resource: 2, path: ["spec", "matchConditions"], ...quietly("none"), absent: "passes" },
    { resource: 1, path: ["metadata", "labels", "signed"], ...quietly(1), absent: "fails" },
] as const;

const signaturesOfProduction = {
    stack: "prod-azure",
    type: "kubernetes:policies.kyverno.io/v1:ImageValidatingPolicy",
    name: "image-signatures-policy",
} as const;

export const kubernetes: Area = {
    cases: {
        "IMG-01": {
            properties: [
                { path: [...container, "image"], wrong: 1, absent: "passes" },
                { path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                ...signaturePolicy,
                {
                    resource: 2,
                    path: ["spec", "validationConfigurations", "mutateDigest"],
                    ...quietly("false"),
                    absent: "passes",
                },
            ],
        },
        "IMG-04": {
            properties: [
                { path: [...container, "image"], wrong: 1, absent: "passes" },
                { path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                ...signaturePolicy,
            ],
        },
        "IMG-05": {
            properties: [
                { path: ["version"], wrong: 1, absent: "fails" },
                { path: ["repositoryOpts", "repo"], wrong: 1, absent: "passes" },
                { path: ["devel"], wrong: "false", absent: "passes" },
                { path: ["plainHttp"], wrong: "false", absent: "passes" },
            ],
        },
        "REL-02": {
            properties: [
                { path: [...container, "livenessProbe"], wrong: "yes", absent: "fails" },
                { path: [...container, "readinessProbe"], wrong: "yes", absent: "fails" },
                { path: [...container, "livenessProbe", "failureThreshold"], wrong: "6", absent: "fails" },
                { path: [...container, "readinessProbe", "periodSeconds"], wrong: "5", absent: "passes" },
                { path: [...container, "livenessProbe", "initialDelaySeconds"], wrong: "5", absent: "passes" },
                { path: [...pod, "initContainers"], wrong: "none", absent: "passes" },
            ],
        },
        "REL-03": {
            properties: [{ path: ["spec", "replicas"], wrong: "2", absent: "fails" }],
            patch: "exempt: a Patch leaves the number to the object that it changes",
        },
        "REL-06": {
            properties: [
                { path: ["spec", "replicas"], wrong: "2", absent: "passes" },
                { path: [...pod, "topologySpreadConstraints"], wrong: "zones", absent: "fails" },
                { path: [...pod, "topologySpreadConstraints", 0, "topologyKey"], wrong: 1, absent: "fails" },
                { path: [...pod, "topologySpreadConstraints", 0, "labelSelector"], wrong: "app", absent: "fails" },
                { path: ["spec", "template", "metadata", "labels"], wrong: "app", absent: "fails" },
                { path: ["spec", "template", "metadata", "labels", "app"], wrong: 1, absent: "fails" },
            ],
        },
        "REL-08": {
            properties: [
                { path: ["spec", "backoffLimit"], wrong: "2", absent: "fails" },
                { path: ["spec", "activeDeadlineSeconds"], wrong: "600", absent: "fails" },
                { path: ["spec", "ttlSecondsAfterFinished"], wrong: "3600", absent: "fails" },
            ],
        },
    },
    breaks: {
        "IMG-05": {
            stack: "prod-aws",
            type: "kubernetes:helm.sh/v4:Chart",
            name: "load-balancer-controller-chart",
            change: { kind: "set", path: ["version"], value: "^3.5.0" },
        },
        "POD-14": {
            stack: "dev",
            type: "kubernetes:apps/v1:Deployment",
            name: "redis",
            change: { kind: "set", path: [...pod, "serviceAccountName"], value: "default" },
        },
        "POD-15": {
            stack: "dev",
            type: "kubernetes:apps/v1:Deployment",
            name: "redis",
            change: {
                kind: "set",
                path: [...container, "args"],
                value: ["redis-server", "--requirepass", "--password=x"],
            },
        },
        "POD-16": {
            stack: "dev",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "postgres",
            change: {
                kind: "set",
                path: [...container, "envFrom"],
                value: [{ secretRef: { name: "postgres-password" } }],
            },
        },
        "POD-17": {
            stack: "dev",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "postgres",
            change: { kind: "set", path: [...pod, "shareProcessNamespace"], value: true },
        },
        "REL-08": {
            stack: "prod-aws",
            type: "kubernetes:batch/v1:CronJob",
            name: "chromadb-backups-backup",
            change: { kind: "set", path: ["spec", "concurrencyPolicy"], value: "Allow" },
        },
        "POD-18": {
            stack: "dev",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "chromadb",
            change: { kind: "set", path: [...pod, "volumes", 0], value: { name: "tmp", emptyDir: {} } },
        },
        "IMG-01": {
            ...signaturesOfProduction,
            change: { kind: "set", path: ["spec", "validationConfigurations", "mutateDigest"], value: false },
        },
        "IMG-04": {
            ...signaturesOfProduction,
            change: { kind: "set", path: ["spec", "validationConfigurations", "required"], value: false },
            also: { "IMG-01": "a digest that nobody demands to be checked is none that was checked" },
        },
        "IMG-03": {
            stack: "dev",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "postgres",
            change: { kind: "set", path: [...container, "image"], value: "docker.io/team/postgres:18.6" },
        },
        "IMG-06": {
            stack: "dev",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "ollama",
            change: { kind: "set", path: [...container, "args"], value: ["serve", "--trust-remote-code"] },
        },
        "REL-02": {
            stack: "dev",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "postgres",
            change: { kind: "unset", path: [...container, "livenessProbe"] },
        },
        "REL-03": {
            stack: "prod-aws",
            type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
            name: "tars-backend-autoscaler",
            change: { kind: "set", path: ["spec", "minReplicas"], value: 1 },
            also: { "REL-05": "an autoscaler that goes down to one pod is no autoscaler of a service" },
        },
        "REL-06": {
            stack: "dev",
            type: "kubernetes:apps/v1:Deployment",
            name: "tars-backend",
            change: { kind: "unset", path: [...pod, "topologySpreadConstraints"] },
        },
        "REL-07": {
            stack: "prod-azure",
            type: "kubernetes:apps/v1:StatefulSet",
            name: "postgres",
            change: { kind: "unset", path: [...pod, "priorityClassName"] },
        },
    },
};
