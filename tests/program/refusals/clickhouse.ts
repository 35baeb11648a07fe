import type { Case, Changes } from "./case";

const clickHouse = (more: object = {}): Changes => ({ "data.clickhouse": { kind: "cluster", ...more } });
const user = { namespace: "tars", serviceAccount: "tars-backend", databases: ["analytics"] };
const withUser = (name: string, changes: object = {}, more: object = {}): Changes =>
    clickHouse({ databases: ["analytics"], users: { [name]: { ...user, ...changes } }, ...more });

/** Of production on AWS: three zones, and as many nodes as its pool may have. */
export const clickHouseOnAws: readonly Case[] = [
    [
        "an even number of Keepers",
        clickHouse({ keepers: 2 }),
        "data.clickhouse.keepers: is 2: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "more Keepers than zones",
        clickHouse({ keepers: 5 }),
        "data.clickhouse.keepers: is 5, more than the 3 zones of the nodes: two would be lost with one",
    ],
    [
        "copies of a shard that wait for one Keeper",
        clickHouse({ keepers: 1 }),
        "data.clickhouse.keepers: is 1, which all 2 copies of a shard wait for when it is gone",
    ],
    [
        "more copies of a shard than zones",
        clickHouse({ replicas: 4 }),
        "data.clickhouse.replicas: is 4, more than the 3 zones of the servers: one would take two copies along",
    ],
    [
        "more servers than nodes",
        clickHouse({ shards: 32 }),
        "data.clickhouse.shards: is 32, which in 2 copies is 64 servers, but there are at most",
    ],
    [
        "a slow volume that is smaller than the fast one",
        clickHouse({ storage: "200Gi", coldStorage: "100Gi" }),
        "data.clickhouse.coldStorage: is 100Gi, less than the 200Gi that it is to relieve",
    ],
    [
        "a query that may have all of a server's memory",
        clickHouse({ profiles: { reports: { memory: "4Gi" } } }),
        "data.clickhouse.profiles.reports.memory: is 4Gi, more than 75 % of the 4Gi of a server",
    ],
    [
        "bounds of ClickHouse's own work",
        clickHouse({ quotas: { default: {} } }),
        "data.clickhouse.quotas.default: is there already, for work of ClickHouse or of its backup",
    ],
    [
        "a user of a database that is not there",
        withUser("backend", { databases: ["analytics", "logs"] }),
        "data.clickhouse.users.backend.databases: names the database logs, which is not there: there is analytics",
    ],
    [
        "a user with a profile that is not there",
        withUser("backend", { profile: "reports" }),
        "data.clickhouse.users.backend.profile: is reports, which is not there: there is standard",
    ],
    [
        "a user with a quota that is not there",
        withUser("backend", { quota: "reports" }),
        "data.clickhouse.users.backend.quota: is reports, which is not there: there is standard",
    ],
    ["a user of ClickHouse's own", withUser("default"), "data.clickhouse.users.default: is a user of ClickHouse's own"],
    ["a user of ClickHouse whose name no element of XML may have", withUser("2fa"), "data.clickhouse.users.2fa"],
    [
        "an unknown consumer of ClickHouse",
        withUser("backend", { serviceAccount: "tars-bakend" }),
        "data.clickhouse.users.backend: is for tars/tars-bakend, an unknown consumer: it is no workload of the platform",
    ],
    [
        "a consumer of ClickHouse in a namespace of the platform's own",
        withUser("mesh", { namespace: "istio-system", serviceAccount: "istiod" }),
        "data.clickhouse.users.mesh: is for istio-system/istiod, an unknown consumer",
    ],
    [
        "a size of a server that fits no node",
        clickHouse({ server: { cpu: "200", memory: "4Gi" } }),
        "clickhouse-server: one pod requests 200 cpu",
    ],
    ["a name that SQL would want in quotes", clickHouse({ databases: ["Logs-1"] }), "data.clickhouse.databases"],
];

export const clickHouseOnDev: readonly Case[] = [
    [
        "three Keepers where nodes are in no zones",
        clickHouse({ keepers: 3 }),
        "data.clickhouse.keepers: is 3, more than the 1 zones of the nodes",
    ],
];
