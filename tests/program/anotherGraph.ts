import type { Graph } from "./graph";
import type { Raw } from "./stack";

/**
 * The graph of one stack among several that a file of tests looks at. A program captures its graph once in its life, so each has modules of its own.
 *
 * @param changes settings that take the place of the stack file's
 */
export async function anotherGraph(stack: string, changes: Raw = {}): Promise<Graph> {
    jest.resetModules();
    return (await import("./graph")).readGraph(stack, changes);
}
