import type { ClickHouseServers } from "./clickHouseNames";
import { type Load, systemRoles } from "./loads";
import { fixed, type Size, type StoredSize } from "./workloads";

/** Programs that ClickHouse is made of in the cluster. */
export const clickHouseParts = ["operator", "keeper", "server"] as const;
export type ClickHousePart = (typeof clickHouseParts)[number];

/** The chart names no figures; these are ours, for one installation and a handful of pods. */
const operator = {
    requests: { cpu: "50m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
    scratch: "64Mi",
} as const;

/** A Keeper has all that it knows in memory: names of parts and who has them, no data. These figures are ours. */
const keeperSize = {
    small: {
        requests: { cpu: "50m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "256Mi" },
        scratch: "256Mi",
        storage: "1Gi",
    },
    large: {
        requests: { cpu: "250m", memory: "1Gi" },
        limits: { cpu: "1", memory: "1Gi" },
        scratch: "256Mi",
        storage: "10Gi",
    },
} as const;

/** The operator is one pod, as its chart has it: it elects no leader, so two would work against each other. */
export function clickHouseSizes({
    shards,
    replicas,
    keepers,
    storage,
    coldStorage,
    server,
}: ClickHouseServers): Readonly<Record<"operator", Size>> & Readonly<Record<"keeper" | "server", StoredSize>> {
    return {
        operator: { ...operator, ...fixed(1) },
        keeper: { ...keeperSize[keepers > 1 ? "large" : "small"], ...fixed(keepers) },
        server: {
            requests: server,
            limits: server,
            scratch: "512Mi",
            storage,
            coldStorage,
            ...fixed(shards * replicas),
        },
    };
}

/** What ClickHouse needs room for, beside the applications. */
export function clickHouseLoads(servers: ClickHouseServers): readonly Load[] {
    const sizes = clickHouseSizes(servers);
    return clickHouseParts.map((part) => ({
        name: `clickhouse-${part}`,
        size: sizes[part],
        roles: part === "operator" ? systemRoles : (["general"] as const),
    }));
}
