import type { GpuSharing } from "../common/poolSettings";
import type { PoolPlan } from "../common/pools";
import { podsWithPrefixes, scratchGib } from "./machines";

/** What the nodes of a pool run, and how they are told. */
export interface NodeImage {
    readonly amiType: "AL2023_x86_64_STANDARD" | "BOTTLEROCKET_x86_64_NVIDIA";
    /** Configuration that EKS merges with what a node must know of its cluster. */
    readonly userData: string;
    /** Disks of a node by their names in EC2, with the size in GiB. */
    readonly disks: readonly { readonly deviceName: string; readonly gib: number }[];
}

/** Nodes with GPUs are Bottlerocket, which brings NVIDIA's device plugin: docs/adr/0009-nvidia-device-plugin.md. */
export function nodeImage(plan: PoolPlan): NodeImage {
    return plan.sharing === undefined ? amazonLinux(plan) : bottlerocket(plan, plan.sharing);
}

/**
 * EKS adds what a node must know of its cluster. The number of pods is said here, so that it is the one that the plan counts on. Disks of the
 * machine itself hold images, logs and pods: they are faster than the root volume, AWS encrypts them, and they are empty on every new node.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html (encryption at rest of NVMe instance stores)
 */
function amazonLinux({ machine, diskGib }: PoolPlan): NodeImage {
    const config = [
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="//"',
        "",
        "--//",
        "Content-Type: application/node.eks.aws",
        "",
        "apiVersion: node.eks.aws/v1alpha1",
        "kind: NodeConfig",
        "spec:",
        "  kubelet:",
        "    config:",
        `      maxPods: ${podsWithPrefixes(machine)}`,
        ...(scratchGib(machine) === undefined ? [] : ["  instance:", "    localStorage:", "      strategy: RAID0"]),
        "",
        "--//--",
    ];
    return {
        amiType: "AL2023_x86_64_STANDARD",
        userData: lines(config),
        disks: [{ deviceName: "/dev/xvda", gib: diskGib }],
    };
}

/**
 * The system's own disk is small and read-only; images and pods are on the second one.
 *
 * @see https://github.com/bottlerocket-os/bottlerocket/blob/develop/README.md#default-volumes
 * @see https://bottlerocket.dev/en/os/1.54.x/api/settings/kubernetes (max-pods)
 */
function bottlerocket({ machine, diskGib }: PoolPlan, sharing: GpuSharing): NodeImage {
    const config = [
        "[settings.kubernetes]",
        `max-pods = ${podsWithPrefixes(machine)}`,
        ...devicePlugin(sharing, gpuModel(machine)),
    ];
    const disks = [
        { deviceName: "/dev/xvda", gib: 4 },
        { deviceName: "/dev/xvdb", gib: diskGib },
    ];
    return { amiType: "BOTTLEROCKET_x86_64_NVIDIA", userData: lines(config), disks };
}

/**
 * Shared GPUs keep the name that whole ones have, and nobody gets two turns for two GPUs. Slices always have that name: Bottlerocket's
 * plugin knows the strategy `single` only (https://github.com/bottlerocket-os/bottlerocket/issues/4483).
 *
 * @see https://bottlerocket.dev/en/os/1.54.x/api/settings/kubelet-device-plugins
 * @see https://docs.aws.amazon.com/eks/latest/userguide/device-management-nvidia-time-slicing.html
 */
function devicePlugin(sharing: GpuSharing, model: string): readonly string[] {
    const section = "settings.kubelet-device-plugins.nvidia";
    switch (sharing.kind) {
        case "exclusive":
            return [];
        case "timeSliced":
            return [
                `[${section}]`,
                'device-sharing-strategy = "time-slicing"',
                `[${section}.time-slicing]`,
                `replicas = ${sharing.replicas}`,
                "rename-by-default = false",
                "fail-requests-greater-than-one = true",
            ];
        case "mig":
            return [
                `[${section}]`,
                'device-partitioning-strategy = "mig"',
                `[${section}.mig.profile]`,
                `"${model}" = "${sharing.profile}"`,
            ];
    }
}

/** A GPU as Bottlerocket names it: `h100.80gb`. */
function gpuModel({ gpu }: PoolPlan["machine"]): string {
    return gpu === undefined ? "" : `${gpu.model.toLowerCase()}.${Math.round(gpu.memoryGib)}gb`;
}

function lines(config: readonly string[]): string {
    return `${config.join("\n")}\n`;
}
