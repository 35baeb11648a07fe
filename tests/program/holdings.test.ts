import { isStateful } from "../../cli/src/preview/stateful";
import type { Registration } from "../../cli/src/registrations";
import type { Holder, Holding, Holdings } from "../../components/foundation/holdings";
import { Issues } from "../../components/foundation/issues";
import type { Bytes } from "../../components/foundation/quantities";
import { holdingsOf } from "../../components/settings/holdings";
import { checkHoldings } from "../../components/settings/holdingsChecks";
import { goldenGraph } from "../support/goldenGraph";
import { parsed, settingsOf, settingsWith, stacks } from "./stack";

const heldBy = (stack: string): Holdings => holdingsOf(parsed(settingsOf(stack)).settings);

/** What a person is told who changes a stack that held this. */
function told(before: Holdings, now: Holdings, migrate: readonly Holder[] = []) {
    const issues = new Issues();
    checkHoldings({ before, now, migrate }, issues);
    return issues.all.map(({ key, problem, fix }) => `${key}: ${problem}; ${fix}`);
}

test.each(stacks().map(({ name }) => name))("%s as it is loses nothing of itself", (stack) => {
    expect(told(heldBy(stack), heldBy(stack))).toEqual([]);
});

test("a stack that held nothing yet may hold anything", () => {
    expect(told({}, heldBy("prod-aws"))).toEqual([]);
});

test("each service holds what it keeps, where the stack says, and a cache without a volume or snapshots nothing", () => {
    expect(heldBy("staging").postgres).toEqual({
        form: "managed",
        version: "18",
        volumes: { data: "32Gi" },
        databases: { team_app: "team_app" },
    });
    expect(heldBy("dev").postgres?.form).toBe("inCluster");
    const { redis, postgres, elasticsearch, clickhouse } = heldBy("prod-aws");
    expect(redis).toBeUndefined();
    expect(Object.keys(postgres?.volumes ?? {})).toEqual(["data", "log"]);
    expect(Object.keys(elasticsearch?.volumes ?? {})).toEqual(["master", "hot", "warm"]);
    expect(Object.keys(clickhouse?.volumes ?? {})).toEqual(["keeper", "data"]);
    const kept = settingsWith("prod-aws", "data.redis", { kind: "sentinel", storageGi: 16 });
    expect(holdingsOf(parsed(kept).settings).redis).toEqual({ form: "sentinel", volumes: { data: "16Gi" } });
    const copied = settingsWith("prod-aws", "data.redis", { kind: "managed", snapshotDays: 7 });
    expect(holdingsOf(parsed(copied).settings).redis).toEqual({ form: "managed", volumes: {} });
});

/** Objects that hold data, by how their names begin. */
const holderOf: readonly (readonly [RegExp, Holder])[] = [
    [/^postgres(-|$)/, "postgres"],
    [/^redis-/, "redis"],
    [/^chromadb$/, "chromadb"],
    [/^ollama$/, "ollama"],
    [/^qdrant$/, "vectors"],
    [/^(kafka-|schema-registry-topic$)/, "kafka"],
    [/^elasticsearch-/, "elasticsearch"],
    [/^clickhouse-/, "clickhouse"],
    [/^object-store/, "objects"],
];

/** What is stateful and no volume of a service: what things stand in, and what the cloud keeps for all. */
const grounds = /^(kubernetes:core\/v1:Namespace|kubernetes:apiextensions.*|(aws|azure-native|eks):(?!rds|dbfor).*)$/;

test.each(stacks().map(({ name }) => name))(
    "whatever has volumes in %s is held by a service that holds data",
    (stack) => {
        const hasVolumes = ({ type, inputs: { spec } }: Registration): boolean =>
            !type.endsWith(":StatefulSet") || Object(spec).volumeClaimTemplates !== undefined;
        const keeps = ({ type, inputs }: Registration): boolean =>
            !type.endsWith(":RedisReplication") ||
            Object(Object(inputs.spec).storage).volumeClaimTemplate !== undefined;
        const found = goldenGraph(stack).filter(
            (each) => isStateful(each.type) && !grounds.test(each.type) && hasVolumes(each) && keeps(each),
        );
        const holders = found.map(({ name }) => holderOf.find(([form]) => form.test(name))?.[1] ?? name);
        expect([...new Set(holders)].sort()).toEqual(Object.keys(heldBy(stack)).sort());
    },
);

const pod = (data: Bytes): Holding => ({ form: "inCluster", volumes: { data } });
const cluster: Holding = { form: "cluster", version: "18", volumes: { data: "100Gi", log: "20Gi" } };
const servers: Holding = { form: "cluster", shards: 2, volumes: { keeper: "10Gi", data: "100Gi", cold: "1Ti" } };

const losses: readonly (readonly [what: string, before: Holdings, now: Holdings, words: string])[] = [
    ["a service that goes", { vectors: pod("10Gi") }, {}, "data.vectors: would be gone, and what it holds with it"],
    [
        "another form",
        { postgres: pod("10Gi") },
        { postgres: cluster },
        "data.postgres: would become cluster, and what it holds as inCluster does not go along",
    ],
    [
        "an older version",
        { postgres: cluster },
        { postgres: { ...cluster, version: "17" } },
        "data.postgres: has the data of version 18, which version 17 cannot read; leave version at 18",
    ],
    [
        "fewer shards",
        { clickhouse: servers },
        { clickhouse: { ...servers, shards: 1 } },
        "data.clickhouse: would be spread over 1 instead of 2",
    ],
    [
        "a part that goes",
        { clickhouse: servers },
        { clickhouse: { ...servers, volumes: { keeper: "10Gi", data: "100Gi" } } },
        "data.clickhouse: would have no volumes of cold (1Ti) any more",
    ],
    [
        "a smaller volume",
        { postgres: cluster },
        { postgres: { ...cluster, volumes: { data: "102399Mi", log: "20Gi" } } },
        "data.postgres: would have 102399Mi for data instead of 100Gi, and no volume gets smaller; ask for 100Gi or more",
    ],
    [
        "a larger volume that nobody makes larger",
        { chromadb: pod("10Gi") },
        { chromadb: pod("20Gi") },
        "sizes.chromadb: would have 20Gi for data instead of 10Gi, which reaches no volume that is there",
    ],
];

describe.each(losses)("%s", (_, before, now, words) => {
    const [holder] = Object.keys(before) as Holder[];

    test("is refused with the fix", () => {
        const found = told(before, now);
        expect(found).toEqual([expect.stringContaining(words)]);
        expect(found[0]).toMatch(new RegExp(`, then name it for this update: migrate: \\[${holder}\\]$`));
    });

    test("is done where the stack names it, and is no business of another's name", () => {
        expect(told(before, now, holder === undefined ? [] : [holder])).toEqual([]);
        expect(told(before, now, ["ollama"])).toContainEqual(expect.stringContaining(words));
    });
});

const harmless: readonly (readonly [what: string, now: Holding])[] = [
    ["a newer version", { ...cluster, version: "19" }],
    ["a larger volume of an operator's", { ...cluster, volumes: { data: "200Gi", log: "40Gi" } }],
    ["the same size in another unit", { ...cluster, volumes: { data: "102400Mi", log: "20Gi" } }],
    ["a further volume", { ...cluster, volumes: { ...cluster.volumes, cold: "1Ti" } }],
];

test.each(harmless)("%s loses nothing", (_, now) => {
    expect(told({ postgres: cluster }, { postgres: now })).toEqual([]);
});

test("everything that would be lost is named at once", () => {
    const before: Holdings = { postgres: cluster, chromadb: pod("10Gi"), vectors: pod("10Gi") };
    expect(told(before, { postgres: pod("1Gi"), chromadb: pod("5Gi") })).toHaveLength(3);
});

test("a name in migrate that nothing is to be done for is refused, so that no door stays open", () => {
    expect(told({ postgres: cluster }, { postgres: cluster }, ["postgres"])).toEqual([
        "migrate: names postgres, for which nothing is to be done; take it out",
    ]);
});

describe("a database of an application", () => {
    const held = (owner: string | undefined): Holdings => {
        const users = owner && { [owner]: { namespace: "shop", serviceAccount: "orders", owns: "orders" } };
        const raw = settingsWith("dev", "data.postgres", { kind: "inCluster", users: users ?? {} });
        return holdingsOf(parsed(raw).settings);
    };

    test("may come, and is held with whoever owns it", () => {
        expect(told(held(undefined), held("orders"))).toEqual([]);
        expect(held("orders").postgres?.databases).toEqual({ orders: "orders" });
        expect(held(undefined).postgres).not.toHaveProperty("databases");
    });

    test("is left by nobody, and given to nobody else, unless its data are safe", () => {
        expect(told(held("orders"), held(undefined))).toEqual([
            expect.stringContaining("data.postgres: would have no owner of the database orders any more"),
        ]);
        expect(told(held("orders"), held("shop"))).toEqual([
            expect.stringContaining("data.postgres: would have the database orders for shop instead of orders"),
        ]);
        expect(told(held("orders"), held("shop"), ["postgres"])).toEqual([]);
    });
});
