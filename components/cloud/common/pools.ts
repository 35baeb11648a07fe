import { devicePluginSize } from "../../foundation/devicePlugin";
import type { Labels } from "../../foundation/labels";
import { type NodeBounds, type NodePoolPlan, type NodeRole, nodeRoles } from "../../foundation/pools";
import { bytes, formatBytes, formatMillicores, millicores, type NodeAmounts } from "../../foundation/quantities";
import type { GpuPool, NodePool, NodePools, Toleration } from "../contract";
import type { MachineType } from "../machines";
import { type GpuSharing, type PoolSettings, surgeOf } from "./poolSettings";

/** One pool of a cloud: everything that its resources are made from. */
export interface PoolPlan extends NodePoolPlan {
    readonly machine: MachineType;
    readonly initial: number;
    readonly diskGib: number;
    /** Such as `33%`. */
    readonly maxSurge: string;
    readonly labels: Labels;
    readonly taints: readonly Taint[];
    /** Undefined where the machines have no GPU. */
    readonly sharing: GpuSharing | undefined;
    /** How pods ask for them; undefined where the machines have no GPU. */
    readonly gpu: Pick<GpuPool, "resource" | "devicePlugin"> | undefined;
}

export interface Taint {
    readonly key: string;
    readonly value: string;
    readonly effect: "NoSchedule";
}

/** What a cloud says of its machines as nodes. */
export interface Catalogue<Name extends string> {
    readonly machines: Readonly<Record<Name, MachineType>>;
    /** What pods can have of a node with a disk of so many GiB. */
    readonly nodeAmounts: (machine: MachineType, diskGib: number) => NodeAmounts;
    /** Pods that a node of this machine takes. */
    readonly maxPods: (machine: MachineType) => number;
    /** What the cloud runs on every node. */
    readonly daemons: Daemons;
    /** Taint that the cloud puts on spot nodes, or that we put there. */
    readonly spotTaint: Taint;
    readonly gpuNodes: GpuNodes;
}

/** How the GPU nodes of a cloud show their GPUs. */
export interface GpuNodes {
    /** Where NVIDIA's device plugin comes from: the nodes' image, or the platform, which then runs it as a DaemonSet. */
    readonly devicePlugin: "nodeImage" | "daemonSet";
    /** What the plugin calls slices: like whole GPUs, or by their profile. */
    readonly migStrategy: "single" | "mixed";
}

/** What runs on every node together. */
export interface Daemons {
    readonly pods: number;
    readonly cpu: string;
    readonly memory: string;
}

const devicePluginPod: Daemons = { pods: 1, ...devicePluginSize.requests };

/** Values of `node-type`, by which pods choose their nodes: that of the memory role is the documents' (003). */
export const nodeTypes = {
    system: "system",
    general: "general",
    compute: "compute-optimized",
    memory: "memory-optimized",
    gpu: "gpu",
    spot: "spot",
} as const satisfies Readonly<Record<NodeRole, string>>;

/** The pools that a stack asks for, in the order of their roles. */
export function planPools<Name extends string>(
    section: string,
    {
        settings,
        zones,
        catalogue,
    }: { readonly settings: PoolSettings<Name>; readonly zones: number; readonly catalogue: Catalogue<Name> },
): readonly PoolPlan[] {
    return nodeRoles.flatMap((role) => {
        const pool = settings[role];
        if (pool === undefined) return [];
        const machine = catalogue.machines[pool.machine];
        const diskGib = Math.floor(bytes(pool.disk) / 2 ** 30);
        const sharing = role === "gpu" ? settings.gpu?.sharing : undefined;
        const gpu = sharing && planGpu(sharing, catalogue.gpuNodes, pool);
        const daemons = gpu?.devicePlugin ? [catalogue.daemons, devicePluginPod] : [catalogue.daemons];
        return [
            {
                key: `${section}.pools.${role}`,
                role,
                nodes: boundsOf(pool.nodes),
                initial: pool.nodes.initial,
                zones,
                machine,
                diskGib,
                maxSurge: pool.maxSurge,
                allocatable: daemons.reduce(withoutDaemons, catalogue.nodeAmounts(machine, diskGib)),
                pods: daemons.reduce((left, { pods }) => left - pods, catalogue.maxPods(machine)),
                gpus: gpusOf(machine, sharing),
                labels: { "node-type": nodeTypes[role] },
                taints: taintsOf(role, catalogue.spotTaint),
                sharing,
                gpu,
            },
        ];
    });
}

function boundsOf({ min, max }: NodeBounds): NodeBounds {
    return { min, max };
}

function withoutDaemons({ cpu, memory, storage }: NodeAmounts, daemons: Daemons): NodeAmounts {
    return {
        cpu: formatMillicores(millicores(cpu) - millicores(daemons.cpu)),
        memory: formatBytes(bytes(memory) - bytes(daemons.memory)),
        storage,
    };
}

/** Slices of one GPU by profile: the first number counts the sevenths of its processors. */
export function gpusOf({ gpu }: MachineType, sharing: GpuSharing | undefined): number {
    if (gpu === undefined || sharing === undefined) return 0;
    switch (sharing.kind) {
        case "exclusive":
            return gpu.count;
        case "timeSliced":
            return gpu.count * sharing.replicas;
        case "mig":
            return gpu.count * Math.floor(7 / Number(sharing.profile[0]));
    }
}

/** What a pod asks for to get a GPU of the pool, as NVIDIA's device plugin names it. */
export function gpuResource(sharing: GpuSharing, migStrategy: GpuNodes["migStrategy"]): string {
    return sharing.kind === "mig" && migStrategy === "mixed" ? `nvidia.com/mig-${sharing.profile}` : "nvidia.com/gpu";
}

function planGpu(
    sharing: GpuSharing,
    { devicePlugin, migStrategy }: GpuNodes,
    pool: Pick<PoolPlan, "nodes" | "maxSurge">,
): Pick<GpuPool, "resource" | "devicePlugin"> {
    const nodes = pool.nodes.max + surgeOf(pool);
    return {
        resource: gpuResource(sharing, migStrategy),
        devicePlugin: devicePlugin === "nodeImage" ? undefined : { sharing, migStrategy, nodes },
    };
}

function taintsOf(role: NodeRole, spotTaint: Taint): readonly Taint[] {
    switch (role) {
        case "general":
            return [];
        case "system":
            return [{ key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" }];
        case "gpu":
            return [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }];
        case "spot":
            return [spotTaint];
        default:
            return [{ key: "node-type", value: nodeTypes[role], effect: "NoSchedule" }];
    }
}

/** The pools as workloads see them. */
export function poolHandles(plans: readonly PoolPlan[]): NodePools {
    const found = (role: NodeRole) => plans.find((plan) => plan.role === role);
    const general = found("general");
    if (general === undefined) throw new RangeError("a cluster without general nodes");
    const optional = (role: NodeRole) => handleOf(found(role));
    return {
        system: optional("system"),
        general: handleOf(general),
        compute: optional("compute"),
        memory: optional("memory"),
        gpu: gpuHandle(found("gpu")),
        spot: optional("spot"),
    };
}

function handleOf(plan: PoolPlan): NodePool;
function handleOf(plan: PoolPlan | undefined): NodePool | undefined;
function handleOf(plan: PoolPlan | undefined): NodePool | undefined {
    return plan && { labels: plan.labels, tolerations: plan.taints.map(tolerationOf) };
}

function gpuHandle(plan: PoolPlan | undefined): GpuPool | undefined {
    if (plan?.gpu === undefined) return undefined;
    return { ...handleOf(plan), ...plan.gpu };
}

function tolerationOf({ key, value, effect }: Taint): Toleration {
    return { key, operator: "Equal", value, effect };
}
