/** Settings of a stack that nobody can mean: what they have instead of the stack file's own, and what their reader is told. */
export type Case = readonly [name: string, changes: Changes, words: string];

/** New values by their path, such as `aws.pools.gpu`; undefined leaves the setting out. */
export type Changes = Readonly<Record<string, unknown>>;

/** GPUs cut into slices of one profile. */
export const mig = (profile: string) => ({ kind: "mig", profile }) as const;
