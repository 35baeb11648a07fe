import type { NodePoolPlan, NodeRole } from "./pools";
import { bytes, formatBytes, formatMillicores, millicores } from "./quantities";
import { type Size, type Sizes, type WorkloadName, wantedRoles, workloadNames } from "./workloads";

/** Pods of one kind that the cluster must have room for. */
export interface Load {
    readonly name: string;
    readonly size: Size;
    /** Roles of nodes that its pods land on, best first: the first that the cluster has takes them all. */
    readonly roles: readonly NodeRole[];
    /** Whether pods that the first role has no room for land on the others: each must then have room for all of them. @default undefined - they wait */
    readonly overflows?: true;
}

/** A pod that runs on every node, beside those that the cloud puts there. */
export type NodeAgent = Pick<Size, "requests" | "limits" | "scratch"> & { readonly name: string };

/** Everything that a stack runs. */
export interface Loads {
    readonly pods: readonly Load[];
    readonly agents: readonly NodeAgent[];
}

/** Roles of what serves other pods: beside what the cloud itself runs, where nodes are kept for that. */
export const systemRoles = ["system", "general"] as const satisfies readonly NodeRole[];

/** The applications and data services of a stack as loads. */
export function loadsOf(sizes: Sizes, names: readonly WorkloadName[] = workloadNames): readonly Load[] {
    return names.map((name) => ({ name, size: sizes[name], roles: wantedRoles[name] }));
}

/** The role of nodes that a load's pods land on in a cluster with these roles. */
export function landsOn({ roles }: Pick<Load, "roles">, has: ReadonlySet<NodeRole>): NodeRole {
    return roles.find((role) => has.has(role)) ?? "general";
}

/** Every role that its pods may land on. */
export function mayLandOn(load: Pick<Load, "roles" | "overflows">, has: ReadonlySet<NodeRole>): readonly NodeRole[] {
    const here = load.roles.filter((role) => has.has(role));
    return load.overflows === undefined || here.length === 0 ? [landsOn(load, has)] : here;
}

/** What is left of a pool's nodes for other pods after those that run on each of them. */
export function withoutAgents(pool: NodePoolPlan, agents: readonly NodeAgent[]): NodePoolPlan {
    const sum = (of: (agent: NodeAgent) => number) => agents.reduce((total, agent) => total + of(agent), 0);
    const { cpu, memory, storage } = pool.allocatable;
    return {
        ...pool,
        pods: pool.pods - agents.length,
        allocatable: {
            cpu: formatMillicores(millicores(cpu) - sum(({ requests }) => millicores(requests.cpu))),
            memory: formatBytes(bytes(memory) - sum(({ requests }) => bytes(requests.memory))),
            storage: formatBytes(bytes(storage) - sum(({ scratch }) => bytes(scratch))),
        },
    };
}
