import type { ClusterHandle, NodePool } from "../cloud/contract";
import { type ImageDigests, imageReference } from "../foundation/imageDigests";
import type { Share } from "../foundation/supplyChain";

/** An image as a chart wants it: its repository apart from what follows. */
export interface ChartImage {
    readonly repository: string;
    readonly tag: string;
}

/** What stands behind the colon of an image: its tag, and the digest that the stack locks it to. Charts write both as they are given them. */
export function lockedTag(image: ChartImage, digests: ImageDigests): string {
    return imageReference(image, digests).slice(image.repository.length + 1);
}

/** Resources of a container; what its scratch files and logs may take is also what is kept free for them. */
export function containerResources({ requests, limits, scratch }: Share) {
    const disk = { "ephemeral-storage": scratch };
    return { requests: { ...requests, ...disk }, limits: { ...limits, ...disk } };
}

/** Nodes of what the others stand on: those kept for it, where the cluster has them. */
export function systemNodes({ nodes }: Pick<ClusterHandle, "nodes">): NodePool {
    return nodes.system ?? nodes.general;
}

/** A user that no image has files of: nobody, as the images of these charts run by themselves. */
export const nobody = 65_534;

/** Security of a pod, which with `hardenedContainer` passes Pod Security `restricted`. */
export const hardenedPod = {
    runAsNonRoot: true,
    runAsUser: nobody,
    runAsGroup: nobody,
    fsGroup: nobody,
    seccompProfile: { type: "RuntimeDefault" },
} as const;

export const hardenedContainer = {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
} as const;

/** Prefers zones, then nodes, with few pods of the same labels. */
export function spreadOf(matchLabels: Readonly<Record<string, string>>) {
    return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels },
    }));
}
