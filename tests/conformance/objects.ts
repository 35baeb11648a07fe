import * as k8s from "@pulumi/kubernetes";

type Options = import("@pulumi/pulumi").CustomResourceOptions;

// The SDK loads a class when it is first used, which jest forbids while no test of its own is running: load what the cases use now.
for (const group of [
    k8s.core.v1,
    k8s.apps.v1,
    k8s.batch.v1,
    k8s.policy.v1,
    k8s.networking.v1,
    k8s.autoscaling.v2,
    k8s.apiextensions.v1,
    k8s.apiextensions,
    k8s.helm.v4,
    k8s.yaml.v2,
    k8s.kustomize.v2,
]) {
    Object.values(group);
}

const labels = { app: "web" };

/** A pod template that simulated nodes can run. */
export const template = {
    metadata: { labels },
    spec: {
        containers: [{ name: "web", image: "example.com/web:1.0.0", resources: { requests: { cpu: "10m" } } }],
    },
};

/** The same with more cores than any node has, so that its pods are never scheduled. */
export const oversized = {
    metadata: { labels },
    spec: {
        containers: [{ name: "web", image: "example.com/web:1.0.0", resources: { requests: { cpu: "100000" } } }],
    },
};

export function configMap(name: string, data: Record<string, string>, options: Options): k8s.core.v1.ConfigMap {
    return new k8s.core.v1.ConfigMap(name, { metadata: { name }, data }, options);
}

export function deployment(
    name: string,
    options: Options,
    spec: Partial<k8s.types.input.apps.v1.DeploymentSpec> = {},
    annotations: Record<string, string> = {},
): k8s.apps.v1.Deployment {
    const selector = { matchLabels: labels };
    return new k8s.apps.v1.Deployment(
        name,
        { metadata: { name, annotations }, spec: { replicas: 1, selector, template, ...spec } },
        options,
    );
}

export function service(
    name: string,
    options: Options,
    spec: k8s.types.input.core.v1.ServiceSpec = {},
): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
        name,
        { metadata: { name }, spec: { selector: labels, ports: [{ port: 80 }], ...spec } },
        options,
    );
}

/** A CustomResourceDefinition whose group no other case shares. */
export function definition(group: string, options: Options): k8s.apiextensions.v1.CustomResourceDefinition {
    const schema = { type: "object", x_kubernetes_preserve_unknown_fields: true };
    return new k8s.apiextensions.v1.CustomResourceDefinition(
        "widgets",
        {
            metadata: { name: `widgets.${group}` },
            spec: {
                group,
                scope: "Namespaced",
                names: { plural: "widgets", singular: "widget", kind: "Widget" },
                versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
            },
        },
        options,
    );
}

export function widget(
    group: string,
    spec: Record<string, unknown>,
    options: Options,
): k8s.apiextensions.CustomResource {
    return new k8s.apiextensions.CustomResource(
        "widget",
        { apiVersion: `${group}/v1`, kind: "Widget", metadata: { name: "widget" }, spec },
        options,
    );
}
