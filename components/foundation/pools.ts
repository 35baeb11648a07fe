import type { NodeAmounts } from "./quantities";

/** What nodes are for, whatever the cloud calls their machines. */
export const nodeRoles = ["general", "gpu"] as const;
export type NodeRole = (typeof nodeRoles)[number];

/** Nodes of one role that a stack has. */
export interface NodePoolPlan {
    /** Where the stack file says so: `cluster.nodes.general`. */
    readonly key: string;
    readonly role: NodeRole;
    readonly count: number;
    /** What pods can have of one node. */
    readonly allocatable: NodeAmounts;
}
