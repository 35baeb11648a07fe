/** Path of a Node that runs the pinned Pulumi SDK: this one where it is new enough, else the one npm installed. Throws when there is none. */
export function suitableNode(): string;
/** Run `script` again on a suitable Node and end with its exit code; returns false at once when this Node will do. */
export function rerunOnSuitableNode(script: string): boolean;
