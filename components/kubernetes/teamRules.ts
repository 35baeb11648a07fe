import type { rbac } from "@pulumi/kubernetes/types/input";

const read = ["get", "list", "watch"];

/**
 * What anybody may see who is to understand what runs in a namespace: workloads and their pods, what happened to them, how they are reached
 * and scaled, and what bounds them. Of configuration what is public; Secrets, roles and bindings are not among it, and nothing can be
 * changed. Kubernetes' own role `view` shows logs as well, which hold what users asked.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
export const viewerRules: readonly rbac.v1.PolicyRule[] = [
    {
        apiGroups: [""],
        resources: [
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "persistentvolumeclaims",
            "pods",
            "resourcequotas",
            "serviceaccounts",
            "services",
        ],
        verbs: read,
    },
    { apiGroups: ["apps"], resources: ["daemonsets", "deployments", "replicasets", "statefulsets"], verbs: read },
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: read },
    { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: read },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
    { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: read },
    { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: read },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: read },
    // What pods use; this API has no watch.
    { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["get", "list"] },
    { apiGroups: ["gateway.networking.k8s.io"], resources: ["gateways", "httproutes"], verbs: read },
    {
        apiGroups: ["networking.istio.io"],
        resources: ["destinationrules", "serviceentries", "virtualservices"],
        verbs: read,
    },
    { apiGroups: ["security.istio.io"], resources: ["authorizationpolicies", "peerauthentications"], verbs: read },
    { apiGroups: ["cert-manager.io"], resources: ["certificates"], verbs: read },
    // Which secret comes from where; the values are in Secrets.
    { apiGroups: ["external-secrets.io"], resources: ["externalsecrets"], verbs: read },
];

/**
 * Logs besides. No way into pods, through them or to their ports, and no change of a workload, since whoever changes what a pod is made from
 * runs as whom it likes: a restart is a change of the stack.
 *
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
 */
export const developerRules: readonly rbac.v1.PolicyRule[] = [
    ...viewerRules,
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
];
