import type { Bytes } from "./quantities";

/** What holds data in a stack. */
export const holders = [
    "postgres",
    "redis",
    "chromadb",
    "ollama",
    "vectors",
    "kafka",
    "elasticsearch",
    "clickhouse",
    "objects",
] as const;
export type Holder = (typeof holders)[number];

/** How a service holds its data: what cannot become another thing in place. */
export interface Holding {
    /** What it is: `kind` in the stack file. */
    readonly form: string;
    /** Volume of each of its pods, or disk of a server, by the part that has it. */
    readonly volumes: Readonly<Record<string, Bytes>>;
    /** Major version of what wrote it, where a stack chooses one. */
    readonly version?: string;
    /** Parts that it is spread over, each of which has what no other has. */
    readonly shards?: number;
    /** Applications' own databases in it, and whose each is. */
    readonly databases?: Readonly<Record<string, string>>;
    /** Whether it follows another, and nobody has written to it. */
    readonly follows?: true;
}

/** Everything that holds data in a stack. What is not named holds nothing. */
export type Holdings = Readonly<Partial<Record<Holder, Holding>>>;
