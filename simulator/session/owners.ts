import { field, listField, textField } from "../system/files";

/**
 * The workload that made a pod, as `Kind/name`, by its owner reference; empty for a pod that somebody made by hand. A Deployment owns its pods
 * through a ReplicaSet whose name is its own and the hash that the pods carry.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label
 */
export function ownerOf(pod: unknown): string {
    const metadata = field(pod, "metadata");
    const owner = listField(metadata, "ownerReferences").find((entry) => field(entry, "controller") === true);
    const [kind, name] = [textField(owner, "kind") ?? "", textField(owner, "name") ?? ""];
    const hash = textField(field(metadata, "labels"), "pod-template-hash");
    if (kind === "ReplicaSet" && hash !== undefined && name.endsWith(`-${hash}`))
        return `Deployment/${name.slice(0, -hash.length - 1)}`;
    return name === "" ? "" : `${kind}/${name}`;
}
