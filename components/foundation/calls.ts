import { type HttpService, httpServices } from "./serviceLimits";
import type { WorkloadName } from "./workloads";

/**
 * Whom each workload calls: the one place where that is said. Network policies at both ends and the mesh's authorization come from here, so
 * a call that is not declared reaches nobody, and declaring one is one word.
 */
export const calls: Readonly<Record<WorkloadName, readonly WorkloadName[]>> = {
    "tars-backend": ["postgres", "redis", "chromadb", "ollama"],
    postgres: [],
    redis: [],
    chromadb: [],
    ollama: [],
};

/**
 * Services that pods of the platform call over HTTP. In an ambient mesh such calls pass a waypoint, or nobody would hold to their limits: the proxies
 * of nodes know connections only. Gateways are proxies that know HTTP themselves.
 */
export const behindWaypoint: readonly HttpService[] = httpServices.filter((name) =>
    Object.values(calls).some((called) => called.includes(name)),
);

/** Workloads that the gateway leads people to. */
export const behindGateway: readonly WorkloadName[] = ["tars-backend"];

/** Workloads whose metrics are scraped from their own port. */
export const scraped: readonly WorkloadName[] = ["tars-backend"];
