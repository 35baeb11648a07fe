import { absent, type Notes, type Read, Value } from "../reading/value";
import type { Resource } from "../rule";
import { groupAndKind, type Kind, kindOfObject, kindOfToken } from "./kind";

/** One object that rules judge: a resource, or one item of a list resource. */
export interface Subject {
    readonly resource: Resource;
    readonly kind: Kind;
    readonly object: Value;
}

/** Clients open lists within lists as well, however deep; the bound only stops a file made to exhaust the stack. */
const deepestList = 100;

/** The kind of a resource, by its type token. */
export function kindOf(resource: Resource): Kind {
    return kindOfToken(resource.type);
}

/** The objects of a resource: itself, or the items of a `...List` or a `List`. What cannot be read is noted. */
export function subjectsOf(resource: Resource, notes: Notes): readonly Subject[] {
    const reading = { notes, unknownsOccur: resource.origin !== "manifest" };
    const object = Value.of(resource.inputs, reading);
    return expand({ resource, kind: kindOf(resource), object }, deepestList);
}

function expand(subject: Subject, depth: number): readonly Subject[] {
    const items = subject.object.get("items");
    if (subject.kind.twin !== "list" || depth === 0 || (subject.kind.kind !== "" && !items.isSet)) return [subject];
    return items.items().flatMap((item) => {
        const kind = itemKind(item, subject.kind);
        return expand({ ...subject, kind, object: item }, depth - 1);
    });
}

/** An item of a DeploymentList may leave out what it is; an item of a List must say so. */
function itemKind(item: Value, list: Kind): Kind {
    const apiVersion = item.quietly.get("apiVersion").text();
    const kind = item.quietly.get("kind").text();
    if (typeof apiVersion === "string" && typeof kind === "string") return kindOfObject(apiVersion, kind);
    return { ...list, twin: "whole" };
}

/** `metadata.name`; a resource without one is named by the engine. */
export function nameOf(subject: Subject): Read<string> {
    return subject.object.get("metadata", "name").text();
}

/** The namespace an object goes to. A manifest that names none has none: `absent`. */
export function namespaceOf(subject: Subject): Read<string> {
    const stated = subject.object.get("metadata", "namespace").text();
    if (stated !== absent && stated !== "") return stated;
    return subject.resource.origin === "manifest" ? absent : (subject.resource.defaultNamespace ?? "default");
}

/** Kinds without a namespace that this pack meets; only for showing, no rule decides by it. */
const clusterScoped: ReadonlySet<string> = new Set([
    "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
    "core/Namespace",
    "core/Node",
    "core/PersistentVolume",
    "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/ClusterRoleBinding",
    "scheduling.k8s.io/PriorityClass",
    "storage.k8s.io/StorageClass",
]);

/** Name, namespace and kind of an object for a report; empty where it has none or it is not known. */
export function identityOf(subject: Subject): {
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
} {
    const quiet = { ...subject, object: subject.object.quietly };
    const [name, namespace] = [nameOf(quiet), namespaceOf(quiet)];
    const scoped = subject.kind.provider === "kubernetes" && !clusterScoped.has(groupAndKind(subject.kind));
    return {
        kind: subject.kind.kind,
        name: typeof name === "string" ? name : subject.resource.name,
        namespace: scoped && typeof namespace === "string" ? namespace : "",
    };
}
