import type { Deployment, NodeStatus } from "../../simulator/session";

/** The kind of a node by its name; empty where nodes are not told apart, and for one that is not there. */
export function typeOfNode(nodes: readonly NodeStatus[], name: string): string {
    return nodes.find((node) => node.name === name)?.type ?? "";
}

/** A pod that asks for one kind of node and is on another. */
interface Misplaced {
    readonly name: string;
    readonly wants: string;
    /** Empty when the node is of no kind, or gone. */
    readonly has: string;
}

/** On an existing cluster nodes are not told apart, and no pod asks. */
export function misplacedPods({ pods, nodes }: Pick<Deployment, "pods" | "nodes">): readonly Misplaced[] {
    return pods
        .map(({ namespace, name, nodeType, node }) => ({
            name: `${namespace}/${name}`,
            wants: nodeType,
            has: typeOfNode(nodes, node),
        }))
        .filter(({ wants, has }) => wants !== "" && wants !== has);
}
