import { type Read, undecided, type Value } from "../reading/value";
import { groupAndKind, type Kind } from "./kind";
import type { Subject } from "./subject";

/** A pod, or the template of pods, wherever it stands. */
export interface PodTemplate {
    readonly spec: Value;
    /** The pod's own labels and annotations, beside its spec. */
    readonly metadata: Value;
    /** False where something else completes the template later: an operator, or the object that a Patch is merged into. */
    readonly complete: boolean;
}

export interface Container {
    readonly value: Value;
    readonly role: "container" | "init" | "ephemeral";
}

/** In the `kinds` of a rule: every kind of object that holds a pod or a template of one. */
export const everyPodTemplate = "pod template";

/** Where each built-in kind keeps its pod spec. */
const builtIn: Readonly<Record<string, readonly string[]>> = {
    "core/Pod": ["spec"],
    "core/PodTemplate": ["template", "spec"],
    "core/ReplicationController": ["spec", "template", "spec"],
    "apps/Deployment": ["spec", "template", "spec"],
    "apps/StatefulSet": ["spec", "template", "spec"],
    "apps/DaemonSet": ["spec", "template", "spec"],
    "apps/ReplicaSet": ["spec", "template", "spec"],
    "batch/Job": ["spec", "template", "spec"],
    "batch/CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** Custom resources whose template must be found even where it cannot be recognised by its shape, because it is unknown. */
const custom: Readonly<Record<string, readonly string[]>> = {
    "argoproj.io/Rollout": ["spec", "template", "spec"],
};

/** Groups with a dot, and all below them, whose objects describe, match or carry others but run nothing themselves. */
const carriers = ["helm.sh", "apiextensions.k8s.io", "kyverno.io", "gatekeeper.sh"] as const;

/** How deep templates are looked for in a custom resource; the deepest known (RayCluster worker groups) is at 5. */
const deepestTemplate = 12;

/** Kinds of the built-in table, for the documentation. */
export const builtInKinds: readonly string[] = Object.keys(builtIn);

/** Whether an object of this kind can hold a pod template: a built-in of the table, or any custom resource. */
export function mayHoldPods(kind: Kind): boolean {
    return kind.provider === "kubernetes" && (groupAndKind(kind) in builtIn || kind.twin === "list" || isCustom(kind));
}

/** Every pod template of an object; in a custom resource, everything at or below its `spec` that looks like the spec of a pod. */
export function podTemplatesOf({ kind, object }: Subject): readonly PodTemplate[] {
    const path = builtIn[groupAndKind(kind)] ?? custom[groupAndKind(kind)];
    if (path) return template(object.get(...path.slice(0, -1)), kind.twin !== "patch");
    if (!isCustom(kind)) return [];
    const { quietly } = object;
    return discover({ value: quietly.get("spec"), key: "", holder: quietly }, deepestTemplate).map(
        ({ spec, metadata }) => ({
            spec: spec.aloud,
            metadata: metadata.aloud,
            complete: false,
        }),
    );
}

/** The metadata of the pods that an object makes, with their labels; undefined where only an operator knows it. */
export function podMetadataOf({ kind, object }: Subject): Value | undefined {
    const path = builtIn[groupAndKind(kind)] ?? custom[groupAndKind(kind)];
    return path && object.get(...path.slice(0, -1), "metadata");
}

/** All containers of a pod: ordinary, init and ephemeral. */
export function containersOf({ spec }: Pick<PodTemplate, "spec">): readonly Container[] {
    return [
        ...spec
            .get("initContainers")
            .items()
            .map((value) => ({ value, role: "init" }) as const),
        ...spec
            .get("containers")
            .items()
            .map((value) => ({ value, role: "container" }) as const),
        ...spec
            .get("ephemeralContainers")
            .items()
            .map((value) => ({ value, role: "ephemeral" }) as const),
    ];
}

/**
 * Whether the pod says that it runs on Windows, where Linux security fields must not be set; Kubernetes' own Pod Security
 * exempts it by the same field (k8s.io/pod-security-admission 0.36.3, checks "1_25").
 */
export function isForWindows({ spec }: PodTemplate): Read<boolean> {
    const name = spec.get("os", "name").text();
    return name === undecided ? undecided : name === "windows";
}

/** Whether the pod has a user namespace of its own, so that root in it is nobody on the node (same source, `relaxPolicyForUserNamespacePod`). */
export function hasUserNamespace({ spec }: PodTemplate): Read<boolean> {
    const hostUsers = spec.get("hostUsers").boolean();
    return hostUsers === undecided ? undecided : hostUsers === false;
}

/** Where a pod keeps its containers. */
const containerLists: ReadonlySet<string> = new Set(["containers", "initContainers", "ephemeralContainers"]);

/** What a container brings that is run by itself. */
const runKeys: ReadonlySet<string> = new Set(["image", "securityContext"]);

function isCustom({ provider, group }: Kind): boolean {
    const carries = carriers.some((carrier) => group === carrier || group.endsWith(`.${carrier}`));
    return provider === "kubernetes" && group.includes(".") && !carries;
}

function template(holder: Value, complete: boolean): readonly PodTemplate[] {
    const spec = holder.get("spec");
    return spec.isSet ? [{ spec, metadata: holder.get("metadata"), complete }] : [];
}

/** A place in a custom resource where a pod spec may stand. */
interface Place {
    readonly value: Value;
    readonly key: string;
    /** What it stands in, with the pod's metadata beside it; an item of a list has nothing beside it. */
    readonly holder: Value;
}

/** Every pod at or below a place: also those inside another, as KServe has them; none inside a container. */
function discover({ value, key, holder }: Place, depth: number): readonly Omit<PodTemplate, "complete">[] {
    if (depth === 0) return [];
    if (value.isList) {
        return value.items().flatMap((item) => discover({ value: item, key: "", holder: item }, depth - 1));
    }
    const below = value
        .keys()
        .filter((name) => !containerLists.has(name))
        .flatMap((name) => discover({ value: value.get(name), key: name, holder: value }, depth - 1));
    return isPodSpec(value, key) ? [{ spec: value, metadata: holder.get("metadata") }, ...below] : below;
}

/**
 * A `spec` with a list of containers, of whatever role, is a pod's, by the form of PodTemplateSpec. Elsewhere (`predictor` of an InferenceService) a pod's
 * containers are told from other lists of that name, and from changes to an operator's own containers, by what only a container that
 * is run has.
 */
function isPodSpec(value: Value, key: string): boolean {
    const lists = [...containerLists].map((name) => value.get(name)).filter((list) => list.isList);
    const containers = lists.flatMap((list) => list.items());
    if (key !== "spec") return containers.some((each) => each.keys().some((name) => runKeys.has(name)));
    return lists.length > 0 && (containers.length === 0 || containers.some((each) => typeof each.text() !== "string"));
}
