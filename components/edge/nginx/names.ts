import { selectorOf } from "../../foundation/labels";
import { charts } from "../../kubernetes/chartTable";

/** Name of the release, and so of the Deployment, the Service and the service account of the control plane (`nginx-gateway.fullname`). */
export const release = "nginx-gateway-fabric";

/** Namespace of the control plane, as its makers call it. */
export const controllerNamespace = "nginx-gateway";

export const controllerLabels = selectorOf(release);

/**
 * Where the pods of NGINX Gateway Fabric listen: the control plane for the agents in NGINX's pods (templates/deployment.yaml of the chart at v2.6.7), and
 * either for whoever gathers metrics (values.yaml there, and internal/controller/config of the repository).
 */
export const nginxPorts = { agents: 8443, metrics: 9113 } as const;

const { version } = charts[release];

/** Images of the control plane, which starts NGINX's pods too, and of NGINX with its agent: values.yaml of the chart. */
export const nginxImages = {
    controller: { repository: "ghcr.io/nginx/nginx-gateway-fabric", tag: version },
    proxy: { repository: "ghcr.io/nginx/nginx-gateway-fabric/nginx", tag: version },
} as const;

/** Kinds of NGINX Gateway Fabric. */
export const nginxKinds = {
    proxy: { apiVersion: "gateway.nginx.org/v1alpha2", kind: "NginxProxy" },
    clientSettings: { apiVersion: "gateway.nginx.org/v1alpha1", kind: "ClientSettingsPolicy" },
    proxySettings: { apiVersion: "gateway.nginx.org/v1alpha1", kind: "ProxySettingsPolicy" },
    rateLimit: { apiVersion: "gateway.nginx.org/v1alpha1", kind: "RateLimitPolicy" },
} as const;
