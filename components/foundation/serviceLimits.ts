import type { WorkloadName } from "./workloads";

/** What callers allow themselves towards a service. It is the caller's proxy that holds to it, each pod's by itself. */
export type ServiceLimits = {
    /** Connections that one pod of a caller may hold open: what it uses up is not missing for others. */
    readonly connections: number;
} & (
    | { readonly kind: "tcp" }
    /** Of HTTP a proxy knows each call. */
    | {
          readonly kind: "http";
          /** Calls that may wait for a connection; further ones fail at once instead of piling up. */
          readonly waiting: number;
          /** Seconds that one call may take, its retries included. */
          readonly timeoutSeconds: number;
          /** Further tries of a call that the service cannot have seen. */
          readonly retries: number;
      }
);

/** Services whose calls are HTTP. */
export const httpServices = ["tars-backend", "chromadb", "ollama"] as const satisfies readonly WorkloadName[];
export type HttpService = (typeof httpServices)[number];

/**
 * The limits of every service. Figures without a source are ours: several times what the load of 001 (200 queries a second over three to ten
 * pods) needs, so that they stop a caller that runs wild and nobody else.
 */
export const serviceLimits = {
    /** Its callers are gateways, a few pods for everybody; an answer of the model may take minutes. */
    "tars-backend": { kind: "http", connections: 1024, waiting: 512, timeoutSeconds: 300, retries: 2 },
    /**
     * The server takes 100 connections and keeps 3 of them for administrators.
     *
     * @see https://www.postgresql.org/docs/18/runtime-config-connection.html
     */
    postgres: { kind: "tcp", connections: 90 },
    /**
     * The server takes 10,000, and ten pods of the backend share them.
     *
     * @see https://redis.io/docs/latest/develop/reference/clients/#maximum-concurrent-connected-clients
     */
    redis: { kind: "tcp", connections: 1000 },
    chromadb: { kind: "http", connections: 100, waiting: 100, timeoutSeconds: 60, retries: 2 },
    /** It answers a few calls at a time and lets 512 wait by itself; a large model takes minutes to load. */
    ollama: { kind: "http", connections: 64, waiting: 64, timeoutSeconds: 600, retries: 2 },
} as const satisfies Readonly<Record<WorkloadName, ServiceLimits>> &
    Readonly<Record<HttpService, { readonly kind: "http" }>>;

/** A fault that is put in on purpose, to see what callers make of it. */
export type Fault = {
    readonly service: HttpService;
    /** Share of the calls. */
    readonly percent: number;
} & (
    | { readonly kind: "delay"; readonly seconds: number }
    | {
          readonly kind: "abort";
          /** HTTP status that the caller gets instead of an answer. */
          readonly status: number;
      }
);
