import type { Size } from "./workloads";

/** What runs at the edge: the gateway's own pods, who counts the requests of an address, and where the counters are. */
export type EdgeSizes = Readonly<Record<"gateway" | "ratelimit" | "counters", Size>>;
