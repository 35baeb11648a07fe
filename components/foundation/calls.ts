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

/** Workloads that the gateway leads people to. */
export const behindGateway: readonly WorkloadName[] = ["tars-backend"];

/** Workloads whose metrics are scraped from their own port. */
export const scraped: readonly WorkloadName[] = ["tars-backend"];
