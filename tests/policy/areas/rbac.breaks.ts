import type { Area } from "./area";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1";

const scalerRole = { stack: "prod-aws", type: `${rbac}:ClusterRole`, name: "cluster-autoscaler-cluster-role" } as const;
const scalerBinding = {
    stack: "prod-aws",
    type: `${rbac}:ClusterRoleBinding`,
    name: "cluster-autoscaler-cluster-role",
} as const;

const right = (resources: string, verbs: string, group = "") => ({
    apiGroups: [group],
    resources: [resources],
    verbs: [verbs],
});

export const rbacBreaks: Area["breaks"] = {
    "RBAC-01": { ...scalerBinding, change: { kind: "set", path: ["roleRef", "name"], value: "cluster-admin" } },
    "RBAC-02": { ...scalerRole, change: { kind: "set", path: ["rules", 3, "verbs"], value: ["*"] } },
    "RBAC-03": { ...scalerRole, change: { kind: "set", path: ["rules", 4, "resources", 0], value: "secrets" } },
    "RBAC-04": { ...scalerRole, change: { kind: "set", path: ["rules", 1], value: right("pods/exec", "create") } },
    "RBAC-05": {
        ...scalerRole,
        change: { kind: "set", path: ["rules", 1], value: right("users", "impersonate") },
    },
    "RBAC-06": {
        ...scalerBinding,
        change: { kind: "set", path: ["subjects", 0], value: { kind: "Group", name: "system:authenticated" } },
    },
    "RBAC-07": { ...scalerRole, change: { kind: "set", path: ["rules", 1], value: right("nodes/proxy", "get") } },
    "RBAC-08": { ...scalerBinding, change: { kind: "set", path: ["roleRef", "name"], value: "absent" } },
    "RBAC-09": {
        stack: "prod-aws",
        type: "kubernetes:apps/v1:Deployment",
        name: "cluster-autoscaler",
        change: {
            kind: "set",
            path: [
                "spec",
                "template",
                "spec",
                "volumes",
                0,
                "projected",
                "sources",
                0,
                "serviceAccountToken",
                "expirationSeconds",
            ],
            value: 3607,
        },
    },
    "NS-01": {
        stack: "dev",
        type: "kubernetes:core/v1:Namespace",
        name: "tars",
        change: {
            kind: "set",
            path: ["metadata", "labels", "pod-security.kubernetes.io/enforce-version"],
            value: "latest",
        },
    },
    "NS-02": {
        stack: "dev",
        type: "kubernetes:apps/v1:Deployment",
        name: "redis",
        change: { kind: "set", path: ["metadata", "namespace"], value: "default" },
        also: {
            "NS-03": "nothing of the platform denies traffic in the namespace default",
            "NET-04": "nor is it in the mesh",
            "NS-04": "the policy that was written for the pods has none left",
            "REL-04": "nor has their disruption budget",
            "REL-12": "nor has their Service",
        },
    },
    "NS-05": {
        stack: "dev",
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        name: "access-redis",
        change: {
            kind: "set",
            path: ["spec", "ingress", 0, "from", 0],
            value: { ipBlock: { cidr: "0.0.0.0/0" } },
        },
    },
    "NS-07": {
        stack: "prod-azure",
        type: "kubernetes:core/v1:Namespace",
        name: "tars",
        change: { kind: "unset", path: ["metadata", "labels", "owner"] },
    },
    "NET-02": {
        stack: "prod-azure",
        type: "kubernetes:core/v1:Service",
        name: "postgres-service",
        change: { kind: "set", path: ["spec", "type"], value: "NodePort" },
    },
    "NS-04": {
        stack: "prod-azure",
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        name: "access-chromadb",
        change: {
            kind: "set",
            path: ["spec", "podSelector", "matchLabels", "app.kubernetes.io/name"],
            value: "chroma",
        },
    },
    "NS-06": {
        stack: "dev",
        type: "kubernetes:core/v1:LimitRange",
        name: "tars-limits",
        change: { kind: "remove" },
    },
    "NS-08": {
        stack: "dev",
        type: "kubernetes:core/v1:Namespace",
        name: "tars",
        change: { kind: "set", path: ["metadata", "labels", "tars-platform/sandbox"], value: "true" },
    },
    "REL-04": {
        stack: "staging",
        type: "kubernetes:policy/v1:PodDisruptionBudget",
        name: "tars-backend-disruption",
        change: { kind: "set", path: ["spec", "maxUnavailable"], value: 0 },
    },
    "REL-05": {
        stack: "dev",
        type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        name: "tars-backend-autoscaler",
        change: { kind: "set", path: ["spec", "minReplicas"], value: 1 },
    },
    "REL-09": {
        stack: "prod-aws",
        type: "aws:eks/nodeGroup:NodeGroup",
        name: "nodes-gpu",
        change: { kind: "set", path: ["labels", "node-type"], value: "graphics" },
    },
    "REL-12": {
        stack: "dev",
        type: "kubernetes:core/v1:Service",
        name: "redis-service",
        change: { kind: "set", path: ["spec", "ports", 0, "targetPort"], value: "cache" },
    },
};
