import type { Copies } from "./copies";
import { type Load, systemRoles } from "./loads";
import { postgresPooler } from "./postgresNames";
import { type PostgresPlace, type PostgresPooler, poolerOf } from "./postgresPlace";
import { type PodSize, type Size, wantedRoles } from "./workloads";

/** The programs that run PostgreSQL: the operator itself, and what it asks when a backup or a log is to go to a store. */
export const postgresOperatorParts = ["operator", "plugin"] as const;
export type PostgresOperatorPart = (typeof postgresOperatorParts)[number];

/**
 * Upstream's own manifest lets the operator have 100m and 200Mi (config/manager/manager.yaml of cloudnative-pg/cloudnative-pg at v1.30.0); more at its limit
 * is ours, for the minute in which it reads what is there. Nobody names figures for the plugin; these are ours.
 */
const amounts = {
    operator: {
        requests: { cpu: "100m", memory: "200Mi" },
        limits: { cpu: "500m", memory: "400Mi" },
        scratch: "64Mi",
    },
    plugin: {
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "250m", memory: "256Mi" },
        scratch: "64Mi",
    },
} as const satisfies Readonly<Record<PostgresOperatorPart, PodSize>>;

/** The plugin is one pod, and none while it is replaced: its chart has no other way. Failovers and backups wait that long; logs do not. */
export function postgresOperatorSizes({ controllers }: Copies): Readonly<Record<PostgresOperatorPart, Size>> {
    return {
        operator: { ...amounts.operator, replicas: { min: controllers, max: controllers }, surge: 1 },
        plugin: { ...amounts.plugin, replicas: { min: 1, max: 1 }, surge: 0 },
    };
}

/**
 * What goes to the store and comes from there, in each instance beside the server. It compresses what it sends, so it needs processors when much is
 * written; the figures are ours.
 */
export const archiverSize = {
    requests: { cpu: "250m", memory: "512Mi" },
    limits: { cpu: "250m", memory: "512Mi" },
    scratch: "512Mi",
} as const satisfies PodSize;

/** PgBouncer does all in one thread, and a client that waits is 2 KiB to it (https://www.pgbouncer.org/faq.html). The figures are ours. */
const poolerAmounts = {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "128Mi" },
    scratch: "64Mi",
} as const satisfies PodSize;

export function poolerSize({ instances }: PostgresPooler): Size {
    return { ...poolerAmounts, replicas: { min: instances, max: instances }, surge: 1 };
}

/** What callers of a database come through, in its namespace. */
export function poolerLoads(place: PostgresPlace): readonly Load[] {
    const pooler = poolerOf(place);
    return pooler === undefined
        ? []
        : [{ name: postgresPooler.name, size: poolerSize(pooler), roles: wantedRoles.postgres }];
}

/** What a database that an operator runs needs room for, beside the database. */
export function postgresOperatorLoads(copies: Copies): readonly Load[] {
    const sizes = postgresOperatorSizes(copies);
    return postgresOperatorParts.map((part) => ({ name: `postgres-${part}`, size: sizes[part], roles: systemRoles }));
}
