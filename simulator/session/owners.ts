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

/** Labels by which pods say what they are together, where their operator makes each of them by a workload of its own: the kind of what its value names. */
const memberships = {
    // pkg/model/chk/tags/labeler/list.go of Altinity/clickhouse-operator at release-0.25.6
    "clickhouse-keeper.altinity.com/chk": "ClickHouseKeeperInstallation",
} as const;

/** What a pod is a member of, as `Kind/name`: mostly of the workload that made it. */
export function memberOf(pod: unknown): string {
    const labels = field(field(pod, "metadata"), "labels");
    for (const [label, kind] of Object.entries(memberships)) {
        const name = textField(labels, label);
        if (name !== undefined) return `${kind}/${name}`;
    }
    return ownerOf(pod);
}
