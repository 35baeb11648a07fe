import type { NodeAmounts } from "./quantities";

/** What nodes are for, whatever the cloud calls their machines. */
export const nodeRoles = ["system", "general", "compute", "memory", "gpu", "spot"] as const;
export type NodeRole = (typeof nodeRoles)[number];

/** Nodes of one role that a stack has. */
export interface NodePoolPlan {
    /** Where the stack file says so: `cluster.nodes.general`. */
    readonly key: string;
    readonly role: NodeRole;
    /** Fewest nodes, and the most that a scaler may make of them; the same where nothing scales them. */
    readonly nodes: NodeBounds;
    /** Zones that the nodes are spread over evenly; 1 where they stand in one, or where nobody knows. */
    readonly zones: number;
    /** What pods can have of one node, after what runs on every node. */
    readonly allocatable: NodeAmounts;
    /** Pods that one node takes, after those that run on every node. */
    readonly pods: number;
    /** GPUs, or shares of them, that pods can ask for on one node. */
    readonly gpus: number;
}

export interface NodeBounds {
    readonly min: number;
    readonly max: number;
}

/** The most nodes of a pool that are there while one of its zones is lost. */
export function nodesWithoutZone({ nodes, zones }: Pick<NodePoolPlan, "nodes" | "zones">): number {
    return zones === 1 ? nodes.max : Math.floor((nodes.max * (zones - 1)) / zones);
}
