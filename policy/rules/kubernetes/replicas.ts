import { absent, type Read, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";

/** Kinds whose pods are copies of each other, as many as `spec.replicas` says or as an autoscaler decides. */
export const replicated = [
    "apps/Deployment",
    "apps/StatefulSet",
    "apps/ReplicaSet",
    "core/ReplicationController",
    "argoproj.io/Rollout",
] as const;

/** What decides the number of pods of another object. */
export const autoscalers = ["autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"] as const;

/** Fewest and most pods, each with the place that says so. A place that is `absent` has the API's default. */
export interface Replicas {
    readonly least: Bound;
    readonly most: Bound;
    /** Who says so: the workload itself, or its autoscaler. */
    readonly by: Subject;
}

export interface Bound {
    readonly value: Value;
    readonly count: Read<number>;
}

/**
 * How many pods a workload has. An autoscaler that targets it overrules its own number. `absent` where nobody says a number and that is
 * not the end of it: a Patch leaves it to the object, a file perhaps to an autoscaler that is kept elsewhere.
 */
export function replicasOf(stack: Stack, workload: Subject): Replicas {
    const scaler = autoscalerOf(stack, workload);
    return scaler ? scaled(scaler) : fixed(workload);
}

function fixed(workload: Subject): Replicas {
    const value = workload.object.get("spec", "replicas");
    const leftOpen = workload.kind.twin === "patch" || workload.resource.origin === "manifest";
    const bound: Bound = { value, count: countOf(value, leftOpen ? absent : 1) };
    return { least: bound, most: bound, by: workload };
}

// Defaults: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ and
// https://keda.sh/docs/latest/reference/scaledobject-spec/
function scaled(by: Subject): Replicas {
    const spec = by.object.get("spec");
    const keda = groupAndKind(by.kind) === "keda.sh/ScaledObject";
    const [least, most] = keda
        ? [spec.get("minReplicaCount"), spec.get("maxReplicaCount")]
        : [spec.get("minReplicas"), spec.get("maxReplicas")];
    return {
        least: { value: least, count: countOf(least, keda ? 0 : 1) },
        most: { value: most, count: countOf(most, keda ? 100 : 1) },
        by,
    };
}

function countOf(value: Value, otherwise: Read<number>): Read<number> {
    const count = value.number();
    return count === absent ? otherwise : count;
}

/** The autoscaler of a workload, found by the name that it targets, or while that is not known, by where the name comes from. */
function autoscalerOf(stack: Stack, workload: Subject): Subject | undefined {
    return stack.of(...autoscalers).find((scaler) => {
        const isSource = stack.sourcesOf(scaler, "spec").some(({ resource }) => resource.urn === workload.resource.urn);
        return isSource || (sameNamespace(scaler, workload) && targets(scaler, workload));
    });
}

function targets(scaler: Subject, workload: Subject): boolean {
    const target = scaler.object.quietly.get("spec", "scaleTargetRef");
    const kind = target.get("kind").text();
    const name = target.get("name").text();
    const own = nameOf({ ...workload, object: workload.object.quietly });
    // KEDA takes a target without a kind for a Deployment.
    return typeof name === "string" && name === own && (kind === absent ? "Deployment" : kind) === workload.kind.kind;
}

function sameNamespace(one: Subject, other: Subject): boolean {
    const [first, second] = [one, other].map((each) => namespaceOf({ ...each, object: each.object.quietly }));
    return first === second && first !== undecided;
}
