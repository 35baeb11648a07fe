import type { rbac } from "@pulumi/kubernetes/types/input";

const read = ["get", "list", "watch"];

/**
 * Rights of the cluster autoscaler, as its own chart gives them, without those for features that are not used here (provisioning requests,
 * capacity quotas, other clouds) and for API groups that are gone (`extensions`).
 *
 * @see https://github.com/kubernetes/autoscaler/blob/25913ca0538c2207cbdb1b987d597ffd4d11c641/cluster-autoscaler/charts/cluster-autoscaler/templates/clusterrole.yaml
 */
export const clusterRules: readonly rbac.v1.PolicyRule[] = [
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
    { apiGroups: [""], resources: ["pods/status"], verbs: ["update"] },
    { apiGroups: [""], resources: ["nodes"], verbs: [...read, "update"] },
    {
        apiGroups: [""],
        resources: [
            "namespaces",
            "pods",
            "podtemplates",
            "services",
            "replicationcontrollers",
            "persistentvolumeclaims",
            "persistentvolumes",
        ],
        verbs: read,
    },
    { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: read },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: read },
    { apiGroups: ["apps"], resources: ["daemonsets", "replicasets", "statefulsets"], verbs: read },
    {
        apiGroups: ["storage.k8s.io"],
        resources: ["storageclasses", "csinodes", "csidrivers", "csistoragecapacities", "volumeattachments"],
        verbs: read,
    },
    {
        apiGroups: ["resource.k8s.io"],
        resources: ["resourceslices", "deviceclasses", "resourceclaims"],
        verbs: read,
    },
];

/** In its own namespace: what it says of itself, and the lease by which one pod leads. */
export const namespaceRules: readonly rbac.v1.PolicyRule[] = [
    { apiGroups: [""], resources: ["configmaps"], verbs: ["create", ...read] },
    {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["cluster-autoscaler-status"],
        verbs: ["delete", "update"],
    },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
    {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        resourceNames: ["cluster-autoscaler"],
        verbs: ["get", "update"],
    },
];
