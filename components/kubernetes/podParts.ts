import type { core } from "@pulumi/kubernetes/types/input";
import type { ClusterHandle, NodePool } from "../cloud/contract";
import { type Image, type ImageSources, imageReference, repositoryIn } from "../foundation/imageSources";
import { type Ownership, platformLabels } from "../foundation/labels";
import type { PodSize } from "../foundation/workloads";

/** An image as charts take it: they put a colon between repository and tag, and write behind it what they are given, a digest with it. */
export function chartImage(image: Image, sources: ImageSources): Image {
    const repository = repositoryIn(sources, image.repository);
    return { repository, tag: imageReference(image, sources).slice(repository.length + 1) };
}

/** The same for charts that want the registry apart. */
export function splitImage(image: Image, sources: ImageSources) {
    const { repository, tag } = chartImage(image, sources);
    return { ...splitRepository(repository), tag };
}

/** @param repository with its registry */
export function splitRepository(repository: string) {
    const [registry = "", ...path] = repository.split("/");
    return { registry, repository: path.join("/") };
}

/** Resources of a container; what its scratch files and logs may take is also what is kept free for them. */
export function containerResources({ requests, limits, scratch }: PodSize) {
    const disk = { "ephemeral-storage": scratch };
    return { requests: { ...requests, ...disk }, limits: { ...limits, ...disk } };
}

/** Nodes of what the others stand on: those kept for it, where the cluster has them. */
export function systemNodes({ nodes }: Pick<ClusterHandle, "nodes">): NodePool {
    return nodes.system ?? nodes.general;
}

/** A user that no image has files of: nobody, as the images of most charts run by themselves. */
export const nobody = 65_534;

export const runtimeDefault = { type: "RuntimeDefault" } as const;

/** Who the programs of a pod are, and what they write belongs to. */
export function runAs(user: number) {
    return { runAsNonRoot: true, runAsUser: user, runAsGroup: user };
}

/** Security of a pod, which with `hardenedContainer` passes Pod Security `restricted`. */
export function hardenedPod(user = nobody) {
    return { ...runAs(user), fsGroup: user, seccompProfile: runtimeDefault };
}

export const hardenedContainer = {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] as string[] },
} as const;

/** Labels of all that a chart makes. It says itself who manages its objects: Helm. */
export function chartLabels(ownership: Ownership) {
    const { "app.kubernetes.io/managed-by": _, ...labels } = platformLabels(ownership);
    return labels;
}

/**
 * Until the authority of a webhook has been written into it, the API server refuses every object that it is to be asked about. Charts wait for that in
 * hooks, which are never run here; so the object itself is waited for.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/#pulumicomwaitfor
 */
export const whenTrusted = { "pulumi.com/waitFor": "jsonpath={.webhooks[0].clientConfig.caBundle}" } as const;

/**
 * Prefers zones, then nodes, with few pods of the same labels.
 *
 * @param must topologies of which a pod rather waits than goes where there are more of its kind already
 */
export function spreadOf(
    matchLabels: Readonly<Record<string, string>>,
    must: readonly string[] = [],
): core.v1.TopologySpreadConstraint[] {
    return spread.map((constraint) => ({
        ...constraint,
        ...(must.includes(constraint.topologyKey) && { whenUnsatisfiable: "DoNotSchedule" }),
        labelSelector: { matchLabels },
    }));
}

/** A zone of the cloud, and one node. */
export const topologies = { zone: "topology.kubernetes.io/zone", node: "kubernetes.io/hostname" } as const;

/** The same for a chart that adds the labels of its pods itself. */
export const spread = [topologies.zone, topologies.node].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
}));
