import {
    backupUser,
    type ClickHouseServers,
    type ClickHouseUser,
    clickHouseAuthority,
    clickHouseLogin,
} from "../foundation/clickHouseNames";
import type { Issues } from "../foundation/issues";
import type { NodePoolPlan } from "../foundation/pools";
import { bytes } from "../foundation/quantities";
import { checkConsumer } from "./consumerChecks";
import { checkOdd, checkZones, zonesOf } from "./quorumChecks";
import type { Settings } from "./schema";

/** Adds what ClickHouse cannot be: without a majority of Keepers, on nodes or in zones that are not there, open to nobody knows whom. */
export function checkClickHouse(
    { data: { clickhouse } }: Settings,
    pools: readonly NodePoolPlan[],
    issues: Issues,
): void {
    if (clickhouse.kind === "off") return;
    const zones = zonesOf(pools, ["general"]);
    checkOdd(key("keepers"), clickhouse.keepers, issues);
    checkZones(key("keepers"), clickhouse.keepers, zones, issues);
    checkReplicas(clickhouse, zones, issues);
    checkServers(clickhouse, pools.find(({ role }) => role === "general")?.nodes.max, issues);
    checkColdStorage(clickhouse, issues);
    checkProfiles(clickhouse, issues);
    for (const [name, user] of Object.entries(clickhouse.users)) {
        checkNames(name, user, clickhouse, issues);
        checkConsumer(key(`users.${name}`), user, issues);
    }
}

const key = (name: string) => `data.clickhouse.${name}`;

function checkReplicas({ replicas, keepers }: ClickHouseServers, zones: number, issues: Issues): void {
    if (replicas > zones) {
        const words = `is ${replicas}, more than the ${zones} zones of the servers: one would take two copies along`;
        issues.add(key("replicas"), words, `set at most ${zones}, or give the nodes more zones`);
    }
    if (replicas === 1 || keepers > 1) return;
    const words = `is ${keepers}, which all ${replicas} copies of a shard wait for when it is gone`;
    issues.add(key("keepers"), words, "set 3, or replicas to 1");
}

/** Each is on a node of its own. */
function checkServers({ shards, replicas }: ClickHouseServers, nodes: number | undefined, issues: Issues): void {
    const servers = shards * replicas;
    if (nodes === undefined || servers <= nodes) return;
    const words = `is ${shards}, which in ${replicas} copies is ${servers} servers, but there are at most ${nodes} nodes, and each server has one of its own`;
    issues.add(key("shards"), words, `set at most ${Math.floor(nodes / replicas)}, or raise the nodes' max`);
}

/** What is old is more than what is new, or it need not be moved. */
function checkColdStorage({ storage, coldStorage }: ClickHouseServers, issues: Issues): void {
    if (coldStorage === undefined || bytes(coldStorage) >= bytes(storage)) return;
    const words = `is ${coldStorage}, less than the ${storage} that it is to relieve`;
    issues.add(key("coldStorage"), words, `set at least ${storage}, or remove it`);
}

/** Profiles and quotas that are there already: programs/server/users.xml of ClickHouse; and those of who backs it up. */
const ownBounds: ReadonlySet<string> = new Set(["default", "readonly", backupUser]);

/** Share of a server's memory that one query may have: others, and what is merged in the background, have the rest. */
const share = 0.75;

function checkProfiles({ profiles, quotas, server }: ClickHouseServers, issues: Issues): void {
    for (const [kind, names] of Object.entries({ profiles, quotas })) {
        for (const name of Object.keys(names).filter((each) => ownBounds.has(each))) {
            issues.add(
                key(`${kind}.${name}`),
                "is there already, for work of ClickHouse or of its backup",
                "choose another name",
            );
        }
    }
    for (const [name, { memory }] of Object.entries(profiles)) {
        if (bytes(memory) <= share * bytes(server.memory)) continue;
        const words = `is ${memory}, more than ${share * 100} % of the ${server.memory} of a server`;
        issues.add(key(`profiles.${name}.memory`), words, "set less, or give servers more memory");
    }
}

/** Users that are there already: ClickHouse's own, and those by which the operator, replicas and backups call. */
const takenNames: ReadonlySet<string> = new Set(["default", "interserver", "clickhouse-operator", backupUser]);

function checkNames(name: string, user: ClickHouseUser, asked: ClickHouseServers, issues: Issues): void {
    const place = key(`users.${name}`);
    if (takenNames.has(name)) issues.add(place, "is a user of ClickHouse's own", "choose another name");
    if (clickHouseLogin(name) === clickHouseAuthority.secret)
        issues.add(place, "has the name of another Secret", "choose another name");
    for (const database of user.databases.filter((each) => !asked.databases.includes(each))) {
        const known = asked.databases.join(", ") || "none";
        const words = `names the database ${database}, which is not there: there is ${known}`;
        issues.add(`${place}.databases`, words, "add it to data.clickhouse.databases, or remove it here");
    }
    for (const bound of ["profile", "quota"] as const) {
        const there = asked[`${bound}s`];
        if (there[user[bound]] !== undefined) continue;
        const words = `is ${user[bound]}, which is not there: there is ${Object.keys(there).join(", ")}`;
        issues.add(`${place}.${bound}`, words, `add it to data.clickhouse.${bound}s, or choose one of these`);
    }
}
