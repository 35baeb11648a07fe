import type { Amounts } from "../foundation/quantities";

/** A machine that a cloud sells as a node. Every figure is one that `source` gives; what no source gives is left out. */
export interface MachineType {
    /** What the cloud calls it: `m6i.2xlarge`, `Standard_D16ds_v6`. */
    readonly name: string;
    /** Virtual processors, each of which Kubernetes counts as one core. */
    readonly cpu: number;
    /** Memory as the cloud sells it, in GiB; the machine itself sees a few percent less. */
    readonly memoryGib: number;
    /**
     * What pods can have of a node with `maxPods`: without what the hypervisor, the operating system, the kubelet and the
     * eviction threshold keep, before DaemonSets. Storage depends on the disk of the pool: see `nodeAmounts` of the cloud.
     */
    readonly allocatable: Amounts;
    /** Pods on one node in the network mode that `allocatable` is for, those on the host's network included. */
    readonly maxPods: number;
    /** @default undefined - no GPU */
    readonly gpu?: Gpus;
    /** @default undefined - no local NVMe disk, or none that a source calls NVMe */
    readonly localDisk?: LocalDisk;
    readonly network: Bandwidth;
    /** Page that the figures were read from, at the revision that was read. */
    readonly source: `https://${string}`;
}

export interface Gpus {
    readonly model: "T4" | "A10" | "A10G" | "A100" | "H100";
    /** Whole GPUs of one node. */
    readonly count: number;
    /** Memory of each GPU in GiB, as the cloud states it. */
    readonly memoryGib: number;
}

/** Disks inside the machine, together. They are empty whenever the node is replaced. */
export interface LocalDisk {
    readonly kind: "nvme";
    readonly gib: number;
}

/**
 * Network bandwidth, all interfaces together. The clouds publish different things: AWS a baseline that a machine can keep up,
 * Azure a limit that it reaches at best and "isn't guaranteed".
 */
export interface Bandwidth {
    readonly kind: "baseline" | "limit";
    /** Gbit/s. */
    readonly gbps: number;
}

/** What nodes are chosen for. A spot pool takes the machines of the purpose that it stands in for. */
export const machinePurposes = [
    "system",
    "general",
    "burstable",
    "compute",
    "memory",
    "gpuT4",
    "gpuA10",
    "gpuA100",
    "gpuH100",
] as const;
export type MachinePurpose = (typeof machinePurposes)[number];

/** What a machine must have at least. Gigabytes are those of the documents: decimal for disks, binary for memory. */
export interface MachineShape {
    readonly cpu: number;
    readonly memoryGib: number;
    readonly nvmeGb?: number;
    readonly gbps?: number;
}

/**
 * Machines that the requirements name, by shape. Those of 003 are Google's, which neither cloud sells.
 *
 * @see https://cloud.google.com/compute/docs/machine-types (C2: 4 GB a core, N2 high memory: 8 GB a core)
 */
export const documentedMachines = {
    /** 000, production cluster. */
    production: { cpu: 16, memoryGib: 64, nvmeGb: 500, gbps: 10 },
    /** 000, minimum cluster. Its 100 GB SSD is the disk of the pool. */
    minimum: { cpu: 8, memoryGib: 32, gbps: 1 },
    /** 002, staging. */
    "t3.medium": { cpu: 2, memoryGib: 4 },
    /** 003, compute_optimized. */
    "c2-standard-8": { cpu: 8, memoryGib: 32 },
    /** 003, memory_optimized. */
    "n2-highmem-8": { cpu: 8, memoryGib: 64 },
} as const satisfies Readonly<Record<string, MachineShape>>;
export type DocumentedMachine = keyof typeof documentedMachines;

/** In which respects a machine has less than `shape` asks, each with both figures; none when it will do. */
export function shortfalls(machine: MachineType, shape: MachineShape): readonly string[] {
    const { cpu, memoryGib, localDisk, network } = machine;
    const nvmeGb = Math.floor(((localDisk?.gib ?? 0) * 2 ** 30) / 1e9);
    const compared: readonly [what: string, has: number, needs: number | undefined][] = [
        ["cores", cpu, shape.cpu],
        ["GiB of memory", memoryGib, shape.memoryGib],
        ["GB of local NVMe", nvmeGb, shape.nvmeGb],
        ["Gbit/s", network.gbps, shape.gbps],
    ];
    return compared.flatMap(([what, has, needs = 0]) => (has < needs ? [`${has} of ${needs} ${what}`] : []));
}
