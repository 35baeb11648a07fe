import { isMapping } from "../../policy/reading/value";
import type { Resource, Sample } from "../../policy/rule";
import { podOf, resourcesOf } from "../../policy/samples";
import type { Mapping } from "../policy/support";
import { acceptable } from "./acceptedPods";
import { field, type KubeObject } from "./api";

/** Where the objects go that name no namespace of the platform. */
export const judgedNamespace = "admission-judged";

/** Fields that a container must have. */
const container = { name: "app", image: "registry.k8s.io/sample/app:1.0.0" };

/** Every kind of object with a pod in it, as small as the API takes it. */
export const holders: Readonly<Record<string, (pod: Mapping, metadata?: unknown, namespace?: string) => KubeObject>> = {
    Pod: (spec, metadata, namespace) => ({
        ...named("v1", "Pod", namespace),
        metadata: { ...(isMapping(metadata) ? metadata : {}), name: "app", namespace: namespace ?? judgedNamespace },
        spec,
    }),
    PodTemplate: (spec, metadata, namespace) => ({
        ...named("v1", "PodTemplate", namespace),
        template: template(spec, metadata),
    }),
    Deployment: selecting("Deployment"),
    StatefulSet: selecting("StatefulSet"),
    DaemonSet: selecting("DaemonSet"),
    ReplicaSet: selecting("ReplicaSet"),
    ReplicationController: (spec, metadata, namespace) => ({
        ...named("v1", "ReplicationController", namespace),
        spec: { selector: labels, template: template(spec, metadata) },
    }),
    Job: (spec, metadata, namespace) => ({
        ...named("batch/v1", "Job", namespace),
        spec: { template: ending(spec, metadata) },
    }),
    CronJob: (spec, metadata, namespace) => ({
        ...named("batch/v1", "CronJob", namespace),
        spec: { schedule: "0 * * * *", jobTemplate: { spec: { template: ending(spec, metadata) } } },
    }),
};

const labels = { app: "app" };

function named(apiVersion: string, kind: string, namespace = judgedNamespace): KubeObject {
    return { apiVersion, kind, metadata: { name: "app", namespace } };
}

function template(spec: Mapping, metadata: unknown) {
    return { metadata: { ...(isMapping(metadata) ? metadata : {}), labels }, spec };
}

function ending(spec: Mapping, metadata: unknown) {
    return template({ restartPolicy: "Never", ...spec }, metadata);
}

function selecting(kind: string): (pod: Mapping, metadata?: unknown, namespace?: string) => KubeObject {
    return (spec, metadata, namespace) => ({
        ...named("apps/v1", kind, namespace),
        spec: {
            ...(kind === "StatefulSet" ? { serviceName: "app" } : {}),
            selector: { matchLabels: labels },
            template: template(spec, metadata),
        },
    });
}

/** The objects of a sample, complete enough for the API to take them; a sample about a pod in every kind that holds one. */
export function objectsOf(sample: Sample): readonly KubeObject[] {
    if (sample.kind === "pod" || sample.kind === "container") {
        return Object.values(holders).map((holder) => holder(withContainers(podOf(sample))));
    }
    return resourcesOf(sample).map(objectOf);
}

function objectOf({ type, inputs }: Resource): KubeObject {
    const [, module = "", kind = ""] = type.split(":");
    const metadata = field(inputs, "metadata");
    const apiVersion = module.replace(/^core\//, "");
    const object = {
        ...(isMapping(inputs) ? inputs : {}),
        apiVersion,
        kind,
        metadata: { name: "app", ...(isMapping(metadata) ? metadata : {}) },
    };
    const isOfCluster = /^(Namespace|Cluster.*)$/.test(kind);
    const placed = isOfCluster ? object : { ...object, metadata: { ...object.metadata, namespace: judgedNamespace } };
    if (kind === "Secret") return { ...placed, metadata: { ...placed.metadata, annotations: ofAccount } };
    return kind === "Pod" ? { ...placed, spec: withContainers(field(placed, "spec")) } : placed;
}

/** What the API asks of a Secret with a token. */
const ofAccount = { "kubernetes.io/service-account.name": "app" };

/** With what each container must have. */
function withContainers(spec: unknown): Mapping {
    const pod = isMapping(spec) ? spec : {};
    const containers = Array.isArray(pod.containers) ? pod.containers : [];
    return acceptable({ ...pod, containers: containers.map((each: Mapping) => ({ ...container, ...each })) });
}
