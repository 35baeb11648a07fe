import type { Size } from "./workloads";

/** Who makes the gateway of a Gateway, and leads requests through it: Istio's proxy, or NGINX Gateway Fabric. */
export const edgeControllers = ["istio", "nginx"] as const;
export type EdgeController = (typeof edgeControllers)[number];

/** What runs at the edge: the gateway's own pods, who counts the requests of an address, and where the counters are. */
export type EdgeSizes = Readonly<Record<"gateway" | "ratelimit" | "counters", Size>>;

/** What runs of it: NGINX counts the requests of an address in its own pods. */
export const edgeParts = {
    istio: ["gateway", "ratelimit", "counters"],
    nginx: ["gateway"],
} as const satisfies Readonly<Record<EdgeController, readonly (keyof EdgeSizes)[]>>;
