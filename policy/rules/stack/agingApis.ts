interface AgingApi {
    readonly apiVersion: string;
    /** @default every kind of the version */
    readonly kinds?: readonly string[];
    readonly state: "removed" | "deprecated";
    /** Kubernetes version. */
    readonly since: string;
}

const removed = (since: string, apiVersion: string, ...kinds: readonly string[]): AgingApi => ({
    apiVersion,
    state: "removed",
    since,
    ...(kinds.length > 0 ? { kinds } : {}),
});

const deprecated = (since: string, apiVersion: string, ...kinds: readonly string[]): AgingApi => ({
    ...removed(since, apiVersion, ...kinds),
    state: "deprecated",
});

/**
 * Versions that Kubernetes no longer serves, or will not for ever.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/ (removed)
 * @see https://kubernetes.io/blog/2025/04/24/endpoints-deprecation/ and the API reference of ComponentStatus (deprecated)
 */
export const agingApis: readonly AgingApi[] = [
    removed("1.16", "apps/v1beta1"),
    removed("1.16", "apps/v1beta2"),
    removed(
        "1.16",
        "extensions/v1beta1",
        "DaemonSet",
        "Deployment",
        "NetworkPolicy",
        "PodSecurityPolicy",
        "ReplicaSet",
    ),
    removed(
        "1.22",
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration",
    ),
    removed("1.22", "apiextensions.k8s.io/v1beta1"),
    removed("1.22", "apiregistration.k8s.io/v1beta1"),
    removed("1.22", "authentication.k8s.io/v1beta1", "TokenReview"),
    removed("1.22", "authorization.k8s.io/v1beta1"),
    removed("1.22", "certificates.k8s.io/v1beta1", "CertificateSigningRequest"),
    removed("1.22", "coordination.k8s.io/v1beta1", "Lease"),
    removed("1.22", "extensions/v1beta1", "Ingress"),
    removed("1.22", "networking.k8s.io/v1beta1", "Ingress", "IngressClass"),
    removed("1.22", "rbac.authorization.k8s.io/v1beta1"),
    removed("1.22", "scheduling.k8s.io/v1beta1", "PriorityClass"),
    removed("1.22", "storage.k8s.io/v1beta1", "CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"),
    removed("1.25", "autoscaling/v2beta1"),
    removed("1.25", "batch/v1beta1", "CronJob"),
    removed("1.25", "discovery.k8s.io/v1beta1"),
    removed("1.25", "events.k8s.io/v1beta1"),
    removed("1.25", "node.k8s.io/v1beta1"),
    removed("1.25", "policy/v1beta1"),
    removed("1.26", "autoscaling/v2beta2"),
    removed("1.26", "flowcontrol.apiserver.k8s.io/v1beta1"),
    removed("1.27", "storage.k8s.io/v1beta1", "CSIStorageCapacity"),
    removed("1.29", "flowcontrol.apiserver.k8s.io/v1beta2"),
    removed("1.32", "flowcontrol.apiserver.k8s.io/v1beta3"),
    deprecated("1.19", "v1", "ComponentStatus"),
    deprecated("1.33", "v1", "Endpoints"),
];
