import type { MachineType } from "../../../../components/cloud/machines";
import type { CloudRecord } from "../../cloud/kind";
import { isObject, numberAt, textAt, valuesAt } from "../../cloud/values";

/** What the image of a node makes of its launch template. */
export interface NodeImage {
    /** Of the disk that images and pods are on, in GiB. */
    readonly diskGib: number;
    /** @default undefined - as many as the machine has addresses for */
    readonly pods: number | undefined;
    readonly devices: Readonly<Record<string, number>>;
}

export function imageOf(amiType: string, machine: MachineType, template: CloudRecord | undefined): NodeImage {
    const userData = Buffer.from(textAt(template?.inputs, "userData") ?? "", "base64").toString("utf8");
    // The kubelet's own name for it in Amazon Linux, Bottlerocket's in Bottlerocket.
    const pods = /^\s*max(?:Pods:|-pods =)\s*(\d+)/m.exec(userData)?.[1];
    return {
        diskGib: scratchOf(amiType, machine, userData) ?? diskOf(amiType, template),
        pods: pods === undefined ? undefined : Number(pods),
        devices: devicesOf(amiType, machine, userData),
    };
}

/**
 * Amazon Linux puts images and pods on the machine's own disks when it is told to; their XFS keeps up to 2 GiB for its log.
 *
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/#localstorageoptions
 */
function scratchOf(amiType: string, { localDisk }: MachineType, userData: string): number | undefined {
    const told = amiType.startsWith("AL2023") && /^\s*localStorage:\s*strategy: RAID0$/m.test(userData);
    return told && localDisk !== undefined ? localDisk.gib - 2 : undefined;
}

/**
 * Bottlerocket has its pods on a disk of their own; without one of another size it has 20 GiB, as the root of Amazon Linux has.
 *
 * @see https://github.com/bottlerocket-os/bottlerocket/blob/develop/README.md#default-volumes
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html "diskSize"
 */
function diskOf(amiType: string, template: CloudRecord | undefined): number {
    const device = amiType.startsWith("BOTTLEROCKET") ? "/dev/xvdb" : "/dev/xvda";
    const disks = valuesAt(template?.inputs, "blockDeviceMappings").filter(isObject);
    return (
        numberAt(
            disks.find(({ deviceName }) => deviceName === device),
            "ebs.volumeSize",
        ) ?? 20
    );
}

/**
 * Of the images with NVIDIA's driver, only Bottlerocket's bring the plugin that makes the GPUs known to Kubernetes, and it may share them.
 *
 * @see https://bottlerocket.dev/en/os/1.54.x/api/settings/kubelet-device-plugins
 */
function devicesOf(amiType: string, { gpu }: MachineType, userData: string): Readonly<Record<string, number>> {
    if (gpu === undefined || !/^BOTTLEROCKET_.*_NVIDIA$/.test(amiType)) return {};
    const replicas = /device-sharing-strategy = "time-slicing"[\s\S]*?^replicas = (\d+)/m.exec(userData)?.[1];
    const slice = /device-partitioning-strategy = "mig"[\s\S]*?= "(\d)g\.\d+gb"/m.exec(userData)?.[1];
    // A GPU has seven compute slices: https://docs.nvidia.com/datacenter/tesla/mig-user-guide/
    const parts = slice === undefined ? Number(replicas ?? 1) : Math.floor(7 / Number(slice));
    return { "nvidia.com/gpu": gpu.count * parts };
}
