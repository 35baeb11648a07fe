import { type Amounts, formatBytes, formatMillicores, type NodeAmounts } from "../../foundation/quantities";
import type { DocumentedMachine, MachinePurpose, MachineType } from "../machines";

/**
 * Pods on a node of Azure CNI overlay, its default and its maximum. A pool with fewer leaves them more memory, which
 * `allocatableOf` tells.
 *
 * @see https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060abe6a8fef960d4c487b543bf7b1e97808fe/articles/aks/concepts-network-azure-cni-overlay.md
 */
export const overlayPods = 250;

/** What decides how much of a node AKS keeps. */
export interface NodeSize {
    readonly cpu: number;
    readonly memoryGib: number;
    readonly maxPods: number;
}

/** Millicores that AKS reserves for each core: 60 for the first, 40 for the second and so on. */
const cpuBrackets = [
    { above: 0, upTo: 1, each: 60 },
    { above: 1, upTo: 2, each: 40 },
    { above: 2, upTo: 4, each: 20 },
    { above: 4, upTo: Number.POSITIVE_INFINITY, each: 10 },
] as const;

/**
 * What AKS 1.29 and later reserves for the kubelet. Megabytes are taken for mebibytes, the larger of the two. The page has a
 * table of cores from 1 to 64; Karpenter has it as the brackets above, which go on beyond its end.
 *
 * @see https://github.com/MicrosoftDocs/azure-aks-docs/blob/ccbb339ba694585c6436541c025c50c62a308c98/articles/aks/node-resource-reservations.md
 * @see https://github.com/Azure/karpenter-provider-azure/blob/352646f599290c3a6d2f9710fb535a7b288f88ed/pkg/providers/instancetype/instancetype.go
 */
export function reservedOf({ cpu, memoryGib, maxPods }: NodeSize): { millicores: number; mebibytes: number } {
    const millicores = cpuBrackets.map(({ above, upTo, each }) => each * Math.max(0, Math.min(cpu, upTo) - above));
    return {
        millicores: millicores.reduce((sum, part) => sum + part, 0),
        mebibytes: Math.min(20 * maxPods + 50, (memoryGib * 1024) / 4),
    };
}

/**
 * What pods can have of a Linux node, disk aside: without the reservation, without the 100Mi at which the kubelet evicts, and
 * without what the hypervisor and the kernel keep. No page says how much that is, so it is the 7.5 % that Karpenter assumes
 * by default on both clouds (`VM_MEMORY_OVERHEAD_PERCENT`).
 *
 * @see https://github.com/Azure/karpenter-provider-azure/blob/352646f599290c3a6d2f9710fb535a7b288f88ed/pkg/operator/options/options.go
 */
export function allocatableOf(size: NodeSize): Amounts {
    const { millicores, mebibytes } = reservedOf(size);
    const evictionMib = 100;
    const memoryMib = Math.floor(size.memoryGib * 1024 * 0.925 - mebibytes - evictionMib);
    return { cpu: formatMillicores(size.cpu * 1000 - millicores), memory: `${memoryMib}Mi` };
}

function shape(cpu: number, memoryGib: number): Pick<MachineType, "cpu" | "memoryGib" | "maxPods" | "allocatable"> {
    const size = { cpu, memoryGib, maxPods: overlayPods };
    return { ...size, allocatable: allocatableOf(size) };
}

const sizes = "https://github.com/MicrosoftDocs/azure-compute-docs/blob";
const folder = "articles/virtual-machines/sizes";

/**
 * Series pages: vCPUs, memory, local disk, "Max Network Bandwidth", accelerators. A local disk is in the table only when it is
 * called NVMe: those of every v6 size (articles/virtual-machines/enable-nvme-temp-faqs.yml) and the 960 GiB beside the A100
 * (includes/nca100v4-series-specs.md). Nothing uses it (`fixedOf` in pools.ts). The temporary disks of the other sizes are on SCSI, or the pages do not say.
 */
const pages = {
    bsv2: `${sizes}/2072bfd7009384b9fde1357342d91953104e293d/${folder}/general-purpose/bsv2-series.md`,
    ddsv6: `${sizes}/0e232f5f28de94b5f87166fa2ef26ec44eea95de/${folder}/general-purpose/ddsv6-series.md`,
    dadsv6: `${sizes}/1827cf353b07fd08b3141bd2e40291e1dbdd4a5f/${folder}/general-purpose/dadsv6-series.md`,
    fsv2: `${sizes}/05e75b148472c25ac534a9957b0af264acab5f6b/${folder}/compute-optimized/fsv2-series.md`,
    fasv6: `${sizes}/6067570c4ee98f277d142f9e2ced868fcb5ad85d/${folder}/compute-optimized/fasv6-series.md`,
    edsv6: `${sizes}/0f864c9fb268cf065c521396ff2ff24af1a6dd3f/${folder}/memory-optimized/edsv6-series.md`,
    ncast4v3: `${sizes}/2bc777fdc35cfa8d7819d78bc493e8a43af77955/${folder}/gpu-accelerated/ncast4v3-series.md`,
    nvadsa10v5: `${sizes}/2bc777fdc35cfa8d7819d78bc493e8a43af77955/${folder}/gpu-accelerated/nvadsa10v5-series.md`,
    nca100v4: `${sizes}/1827cf353b07fd08b3141bd2e40291e1dbdd4a5f/${folder}/gpu-accelerated/nca100v4-series.md`,
    ncadsh100v5: `${sizes}/05e75b148472c25ac534a9957b0af264acab5f6b/${folder}/gpu-accelerated/ncadsh100v5-series.md`,
} as const;

const table = {
    Standard_B2ls_v2: {
        name: "Standard_B2ls_v2",
        ...shape(2, 4),
        network: { kind: "limit", gbps: 6.25 },
        source: pages.bsv2,
    },
    Standard_B4s_v2: {
        name: "Standard_B4s_v2",
        ...shape(4, 16),
        network: { kind: "limit", gbps: 6.25 },
        source: pages.bsv2,
    },
    Standard_B8s_v2: {
        name: "Standard_B8s_v2",
        ...shape(8, 32),
        network: { kind: "limit", gbps: 6.25 },
        source: pages.bsv2,
    },
    Standard_D2ds_v6: {
        name: "Standard_D2ds_v6",
        ...shape(2, 8),
        localDisk: { kind: "nvme", gib: 110 },
        network: { kind: "limit", gbps: 12.5 },
        source: pages.ddsv6,
    },
    Standard_D4ds_v6: {
        name: "Standard_D4ds_v6",
        ...shape(4, 16),
        localDisk: { kind: "nvme", gib: 220 },
        network: { kind: "limit", gbps: 12.5 },
        source: pages.ddsv6,
    },
    Standard_D8ds_v6: {
        name: "Standard_D8ds_v6",
        ...shape(8, 32),
        localDisk: { kind: "nvme", gib: 440 },
        network: { kind: "limit", gbps: 12.5 },
        source: pages.ddsv6,
    },
    Standard_D16ds_v6: {
        name: "Standard_D16ds_v6",
        ...shape(16, 64),
        localDisk: { kind: "nvme", gib: 2 * 440 },
        network: { kind: "limit", gbps: 12.5 },
        source: pages.ddsv6,
    },
    Standard_D16ads_v6: {
        name: "Standard_D16ads_v6",
        ...shape(16, 64),
        localDisk: { kind: "nvme", gib: 2 * 440 },
        network: { kind: "limit", gbps: 16 },
        source: pages.dadsv6,
    },
    Standard_F8s_v2: {
        name: "Standard_F8s_v2",
        ...shape(8, 16),
        network: { kind: "limit", gbps: 12.5 },
        source: pages.fsv2,
    },
    Standard_F8as_v6: {
        name: "Standard_F8as_v6",
        ...shape(8, 32),
        network: { kind: "limit", gbps: 12.5 },
        source: pages.fasv6,
    },
    Standard_E8ds_v6: {
        name: "Standard_E8ds_v6",
        ...shape(8, 64),
        localDisk: { kind: "nvme", gib: 440 },
        network: { kind: "limit", gbps: 12.5 },
        source: pages.edsv6,
    },
    Standard_NC8as_T4_v3: {
        name: "Standard_NC8as_T4_v3",
        ...shape(8, 56),
        gpu: { model: "T4", count: 1, memoryGib: 16 },
        network: { kind: "limit", gbps: 8 },
        source: pages.ncast4v3,
    },
    Standard_NV36ads_A10_v5: {
        name: "Standard_NV36ads_A10_v5",
        ...shape(36, 440),
        gpu: { model: "A10", count: 1, memoryGib: 24 },
        network: { kind: "limit", gbps: 40 },
        source: pages.nvadsa10v5,
    },
    Standard_NC24ads_A100_v4: {
        name: "Standard_NC24ads_A100_v4",
        ...shape(24, 220),
        gpu: { model: "A100", count: 1, memoryGib: 80 },
        localDisk: { kind: "nvme", gib: 960 },
        network: { kind: "limit", gbps: 20 },
        source: pages.nca100v4,
    },
    Standard_NC40ads_H100_v5: {
        name: "Standard_NC40ads_H100_v5",
        ...shape(40, 320),
        gpu: { model: "H100", count: 1, memoryGib: 94 },
        network: { kind: "limit", gbps: 40 },
        source: pages.ncadsh100v5,
    },
} as const satisfies Record<string, MachineType>;

export type MachineName = keyof typeof table;
export const machines: Readonly<Record<MachineName, MachineType>> = table;
export const machineNames: readonly [MachineName, ...MachineName[]] = namesOf(Object.keys(table));

/** Of each machine that the requirements name, the smallest in the table that has its shape. */
export const documentedChoices = {
    // Two disks of 440 GiB: one alone, as in D8ds_v6, would be 472 GB.
    production: "Standard_D16ds_v6",
    minimum: "Standard_D8ds_v6",
    "t3.medium": "Standard_B2ls_v2",
    // F8s_v2, of the same family, has 16 GiB and holds no inference pod (16Gi).
    "c2-standard-8": "Standard_F8as_v6",
    "n2-highmem-8": "Standard_E8ds_v6",
} as const satisfies Readonly<Record<DocumentedMachine, MachineName>>;

/** What a pool gets whose settings name no machine. */
export const defaultMachines = {
    // AKS demands four cores and 4 GB of a system pool and refuses burstable sizes (articles/aks/use-system-pools.md).
    system: "Standard_D4ds_v6",
    general: documentedChoices.production,
    // B2ls_v2 and B4s_v2 have no four cores left for one inference pod.
    burstable: "Standard_B8s_v2",
    compute: documentedChoices["c2-standard-8"],
    memory: documentedChoices["n2-highmem-8"],
    // The smallest with one whole GPU that also holds an inference pod: smaller A10 sizes have a half or less of one.
    gpuT4: "Standard_NC8as_T4_v3",
    gpuA10: "Standard_NV36ads_A10_v5",
    gpuA100: "Standard_NC24ads_A100_v4",
    gpuH100: "Standard_NC40ads_H100_v5",
} as const satisfies Readonly<Record<MachinePurpose, MachineName>>;

/**
 * What pods can have of a node with an OS disk of `diskGib`, of which the kubelet's eviction threshold keeps 10 %.
 *
 * @see https://github.com/MicrosoftDocs/azure-aks-docs/blob/fb060abe6a8fef960d4c487b543bf7b1e97808fe/articles/aks/best-practices-app-cluster-reliability.md (a node's capacity beside its allocatable)
 */
export function nodeAmounts({ allocatable }: MachineType, diskGib: number): NodeAmounts {
    return { ...allocatable, storage: formatBytes(Math.floor((diskGib * 9) / 10) * 2 ** 30) };
}

function namesOf(keys: readonly string[]): readonly [MachineName, ...MachineName[]] {
    const [first, ...others] = keys.filter(isMachineName);
    if (first === undefined) throw new RangeError("no machines");
    return [first, ...others];
}

function isMachineName(key: string): key is MachineName {
    return Object.hasOwn(table, key);
}
