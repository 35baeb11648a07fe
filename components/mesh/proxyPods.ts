/**
 * What the platform changes in the pods that istiod makes or adds to: scratch folders have a limit, and tokens end within the hour; istiod's own
 * templates leave the first open and take twelve hours.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/files/injection-template.yaml
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/files/waypoint.yaml
 */
const scratch = (name: string, sizeLimit: string) => ({ name, emptyDir: { sizeLimit } });

/** What pods of each kind have; volumes of a patch are found by their names. */
const common = [
    // Of the proxy's own configuration, in memory, as istiod has it.
    { name: "istio-envoy", emptyDir: { medium: "Memory", sizeLimit: "32Mi" } },
    scratch("istio-data", "64Mi"),
    {
        name: "istio-token",
        projected: {
            sources: [{ serviceAccountToken: { path: "istio-token", expirationSeconds: 3600, audience: "istio-ca" } }],
        },
    },
];

/** A patch of the spec of a pod with a sidecar, or of a gateway. */
const bounded = {
    volumes: [
        ...["workload-socket", "credential-socket", "workload-certs"].map((name) => scratch(name, "16Mi")),
        ...common,
    ],
};

/** The same of a waypoint. */
const boundedWaypoint = {
    volumes: [
        scratch("workload-socket", "16Mi"),
        { name: "go-proxy-envoy", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
        scratch("go-proxy-data", "16Mi"),
        ...common,
    ],
};

/**
 * Values by which istiod changes its pods: a second template that is laid over that of sidecars, and a patch of the Deployment of each gateway.
 * JSON is YAML, which both are read as.
 */
export const proxyPods = {
    sidecarInjectorWebhook: {
        templates: { bounded: JSON.stringify({ spec: bounded }) },
        defaultTemplates: ["sidecar", "bounded"],
    },
    gatewayClasses: {
        istio: { deployment: { spec: { template: { spec: bounded } } } },
        "istio-waypoint": { deployment: { spec: { template: { spec: boundedWaypoint } } } },
    },
} as const;
