import type { ChildProcess } from "node:child_process";
import * as path from "node:path";
import { prepared } from "./prepared";
import { answersHttp, freePort, here, type Scene } from "./servers";

export interface ClickHouse {
    readonly url: string;
    readonly process: ChildProcess;
}

/** ClickHouse's engine behind its HTTP interface: no package has the server itself. */
export async function startClickHouse(scene: Scene): Promise<ClickHouse> {
    const port = await freePort();
    const url = `http://${here}:${port}`;
    const words = [prepared().python, "-B", path.join(__dirname, "clickhouseServer.py"), scene.place("clickhouse")];
    return { url, process: await scene.start([...words, `${port}`], () => answersHttp(url)) };
}

export async function tell({ url }: ClickHouse, sql: string): Promise<string> {
    const answer = await fetch(url, { method: "POST", body: sql });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${sql}: ${answer.status} ${said}`);
    return said;
}

/** Has the next answer of rows end before its end. */
export async function breakNext({ url }: ClickHouse): Promise<void> {
    await fetch(`${url}/break`, { method: "POST", body: "" });
}

/** Tables of all kinds that a user may make: with every sort of column, rows that their engine will put together, views with and without rows of their own. */
const made = [
    "CREATE DATABASE analytics",
    "CREATE DATABASE `other-one`",
    `CREATE TABLE analytics.events (day Date, at DateTime64(3, 'UTC'), who Nullable(String), tags Map(String, Array(UInt8)),
        what Tuple(kind LowCardinality(String), share Float64), price Decimal(18, 4), id UUID, upper String MATERIALIZED upper(what.kind),
        again String ALIAS upper) ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY (day, id) TTL day + INTERVAL 100 YEAR`,
    `CREATE TABLE analytics.latest (key UInt32, value String, version UInt32) ENGINE = ReplacingMergeTree(version) ORDER BY key`,
    `CREATE TABLE analytics.reached (day Date, who AggregateFunction(uniq, String), sum SimpleAggregateFunction(sum, UInt64))
        ENGINE = AggregatingMergeTree ORDER BY day`,
    "CREATE TABLE analytics.`odd ``name` (`a b` String) ENGINE = Log",
    "CREATE TABLE `other-one`.events (n UInt64) ENGINE = MergeTree ORDER BY n",
    `CREATE MATERIALIZED VIEW analytics.by_kind ENGINE = SummingMergeTree ORDER BY kind
        AS SELECT what.kind AS kind, count() AS number FROM analytics.events GROUP BY kind`,
    "CREATE MATERIALIZED VIEW analytics.to_other TO `other-one`.events (n UInt64) AS SELECT toUInt64(key) AS n FROM analytics.latest",
    "CREATE VIEW analytics.also AS SELECT * FROM analytics.wide",
] as const;

/** The view that is told of before what it shows, so that whoever makes them anew must find the order. */
const shown = "CREATE VIEW analytics.wide AS SELECT day, again, price FROM analytics.events";

export const records = 20_000;

export async function fill(server: ClickHouse): Promise<void> {
    for (const sql of [...made.slice(0, -1), shown, ...made.slice(-1)]) await tell(server, sql);
    await tell(
        server,
        `INSERT INTO analytics.events (day, at, who, tags, what, price, id)
            SELECT toDate('2020-01-01') + number % 150, toDateTime64(number / 7, 3, 'UTC'), if(number % 3 = 0, NULL, concat('Schlüssel 鍵 ', toString(number))),
                map('a', [number % 256], 'b', []), tuple(toString(number % 5), if(number % 11 = 0, nan, number / 3)), toDecimal64(number, 4) / 7,
                reinterpretAsUUID(sipHash128(number))
            FROM numbers(${records}) SETTINGS max_partitions_per_insert_block = 0`,
    );
    await tell(server, "SYSTEM STOP MERGES analytics.latest");
    for (const version of [1, 2, 3])
        await tell(
            server,
            `INSERT INTO analytics.latest SELECT number % 10, 'value', ${version} FROM numbers(20) SETTINGS optimize_on_insert = 0`,
        );
    await tell(
        server,
        "INSERT INTO analytics.reached SELECT toDate('2024-01-01') + number % 3, uniqState(toString(number)), sum(number) FROM numbers(3000) GROUP BY 1",
    );
    await tell(server, "INSERT INTO analytics.`odd ``name` VALUES ('tab\\t, new line\\n and \\'quote\\'')");
}

/** What a caller finds. */
export function found(server: ClickHouse): Promise<readonly string[]> {
    const asked = [
        "SELECT count(), sum(price), countIf(isNaN(what.share)), uniqExact(who), max(upper), any(again != '') FROM analytics.events",
        "SELECT * FROM analytics.latest FINAL ORDER BY key",
        "SELECT day, uniqMerge(who), sum(sum) FROM analytics.reached GROUP BY day ORDER BY day",
        "SELECT * FROM analytics.`odd ``name`",
        "SELECT sum(n), count() FROM `other-one`.events",
        "SELECT kind, sum(number) FROM analytics.by_kind GROUP BY kind ORDER BY kind",
        "SELECT count(), sum(price) FROM analytics.also",
        "SELECT database, name, create_table_query FROM system.tables WHERE database IN ('analytics', 'other-one') AND name NOT LIKE '.inner%' ORDER BY 1, 2",
    ];
    return Promise.all(asked.map((sql) => tell(server, sql)));
}

export async function tables(server: ClickHouse): Promise<readonly string[]> {
    const own = "database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA')";
    const said = await tell(server, `SELECT name FROM system.tables WHERE ${own} FORMAT TSV`);
    return said.split("\n").filter((name) => name !== "");
}
