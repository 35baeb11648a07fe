import { breakNext, type ClickHouse, fill, found, records, startClickHouse, tables, tell } from "./clickhouse";
import { replaced, turned } from "./damage";
import {
    changeObject,
    getObject,
    type ObjectStore,
    putObject,
    startObjectStore,
    storeEnvironment,
} from "./objectStore";
import { withServers } from "./prepared";
import { said, script } from "./programs";
import { Scene } from "./servers";

jest.setTimeout(180_000);

withServers("ClickHouse", () => {
    const scene = new Scene();
    let store: ObjectStore;
    let source: ClickHouse;
    let scratch: ClickHouse | undefined;
    let kept: readonly string[];
    let backup: string;

    const environment = (more: Readonly<Record<string, string>> = {}) => ({
        ...storeEnvironment(store),
        STORE_FOLDER: "clickhouse",
        SERVICE_KIND: "clickhouse",
        SERVICE_SHARDS: JSON.stringify([[source.url]]),
        SERVICE_DATABASES: "analytics,other-one",
        KEEP_DAYS: "35",
        RPO_HOURS: "24",
        ...more,
    });
    const backUp = (more = {}) => scene.run(script("backup"), environment(more));
    /** One that passes leaves its server as it found it; after any other the server goes, as a pod does. */
    const drill = async (more = {}) => {
        scratch ??= await startClickHouse(scene);
        const ended = await scene.run(script("drill"), environment({ SCRATCH_URL: scratch.url, ...more }));
        if (ended.code !== 0 && (await tables(scratch)).length > 0) {
            await scene.kill(scratch.process);
            scratch = undefined;
        }
        return ended;
    };

    beforeAll(async () => {
        [store, source] = await Promise.all([startObjectStore(scene), startClickHouse(scene)]);
        await fill(source);
        kept = await found(source);
    });
    afterAll(() => scene.end());

    test("without a backup the drill fails", async () => {
        expect(said(await drill())).toMatchObject({ result: "failed", why: "Unusable: there is no backup" });
    });

    test("a backup holds every row, also where an answer breaks off, and the drill restores it beside", async () => {
        await breakNext(source);
        const made = await backUp();
        expect(said(made)).toMatchObject({ result: "passed", tables: 9, forgotten: [] });
        expect(made.stdout).toMatch(/turn 1/);
        ({ backup } = said(made));
        const practised = await drill();
        expect(said(practised)).toMatchObject({ result: "passed", backup, tables: 9, records: said(made).records });
        expect(said(made).records).toBeGreaterThan(records);
        expect(await tables(scratch ?? source)).toEqual([]);
    });

    test("nothing is restored over what is there", async () => {
        const again = await scene.run([...script("restore"), backup], environment());
        expect(said(again).why).toMatch(/nothing is restored over it/);
        const used = await scene.run(script("drill"), environment({ SCRATCH_URL: source.url }));
        expect(said(used).why).toMatch(/holds tables/);
        expect(await found(source)).toEqual(kept);
    });

    const part = () => `${backup}/part-000000.rows.gz`;
    const manifest = () => `${backup}/manifest.json`;
    test.each<[string, () => string, ((data: Buffer) => Buffer) | undefined, RegExp]>([
        ["with a bit turned", part, (data) => turned(data, 20), /its checksum differs/],
        ["that is truncated", part, (data) => data.subarray(0, data.length / 2), /it is truncated/],
        ["that is empty", part, () => Buffer.alloc(0), /it is truncated/],
        ["that is gone", part, undefined, /part-000000\.rows\.gz: 404/],
        ["whose manifest is changed", manifest, (data) => replaced(data, "20000", "19999"), /its checksum differs/],
        ["that was never finished", manifest, undefined, /there is no backup/],
    ])("no drill passes with a backup %s", async (_, name, to, why) => {
        const ended = await changeObject(scene, store, `clickhouse/${name()}`, to, drill);
        expect(said(ended)).toMatchObject({ result: "failed", why: expect.stringMatching(why) });
        expect(ended.code).toBe(1);
    });

    test("a lost server comes back with what it answered, and goes on", async () => {
        await scene.kill(source.process);
        source = await startClickHouse(scene);
        for (const database of ["analytics", "other-one"]) await tell(source, `CREATE DATABASE \`${database}\``);
        const restored = await scene.run([...script("restore"), backup], environment());
        expect(said(restored)).toMatchObject({ result: "passed", backup, tables: 9 });
        expect(await found(source)).toEqual(kept);
        await tell(source, "INSERT INTO analytics.latest VALUES (77, 'new', 1)");
        expect(await tell(source, "SELECT count() FROM `other-one`.events WHERE n = 77")).toBe("1\n");
    });

    test("a server of each shard is read, and where one is away, none of whose tables has a copy elsewhere", async () => {
        const other = await startClickHouse(scene);
        for (const sql of [
            "CREATE DATABASE analytics",
            "CREATE TABLE analytics.events (x Int32) ENGINE = MergeTree ORDER BY x",
        ])
            await tell(other, sql);
        await tell(other, "INSERT INTO analytics.events VALUES (1)");
        const of = (...shards: readonly (readonly string[])[]) => ({
            SERVICE_SHARDS: JSON.stringify(shards),
            SERVICE_DATABASES: "analytics",
            STORE_FOLDER: "shards",
        });
        expect(said(await backUp(of([other.url], [source.url])))).toMatchObject({ result: "passed", tables: 9 });
        expect(said(await drill(of()))).toMatchObject({ result: "passed", tables: 9 });
        expect(said(await backUp(of([other.url], ["http://127.0.0.1:1"]))).why).toMatch(
            /none of the 1 servers of shard 1/,
        );
        expect(said(await backUp(of([other.url, "http://127.0.0.1:1"]))).why).toMatch(
            /events` has no copies, and not every/,
        );
        expect(said(await backUp(of([other.url, source.url])))).toMatchObject({ result: "passed", tables: 6 });
        expect(said(await drill(of()))).toMatchObject({ result: "passed", tables: 6 });
    });

    test("a backup that is too old, empty, or of a database that is not there is none", async () => {
        expect(said(await drill({ RPO_HOURS: "0" })).why).toMatch(/hours old, more than 0/);
        expect(said(await backUp({ SERVICE_DATABASES: "analytics,gone" })).why).toMatch(/has no database gone/);
        await tell(source, "CREATE TABLE analytics.chosen (x Int32) ENGINE = Set");
        expect(said(await backUp()).why).toMatch(/analytics.chosen is of engine Set, whose rows no backup has/);
        await tell(source, "DROP TABLE analytics.chosen");
        const empty = await startClickHouse(scene);
        await tell(empty, "CREATE DATABASE analytics");
        const of = {
            SERVICE_SHARDS: JSON.stringify([[empty.url]]),
            SERVICE_DATABASES: "analytics",
            STORE_FOLDER: "empty",
        };
        expect(said(await backUp(of))).toMatchObject({ result: "passed", records: 0 });
        expect(said(await drill({ STORE_FOLDER: "empty" })).why).toMatch(/the backup is empty/);
    });

    test("what is in it that is not what was there fails the drill, also where every part is whole", async () => {
        const name = `clickhouse/${manifest()}`;
        const sealed = JSON.parse((await getObject(scene, store, name)).toString());
        const forged = JSON.parse(sealed.manifest);
        forged.servers[0].tables.find(({ name: table }: { name: string }) => table === "latest").hash += 1;
        const { createHash } = await import("node:crypto");
        const text = JSON.stringify(forged);
        const again = { manifest: text, sha256: createHash("sha256").update(text).digest("hex") };
        await putObject(scene, store, name, Buffer.from(JSON.stringify(again)));
        expect(said(await drill()).why).toMatch(/the sum of hashes is \d+, and was \d+/);
    });

    test("what is older than it is kept is forgotten, but never the newest", async () => {
        const made = said(await backUp({ KEEP_DAYS: "0" }));
        expect(made).toMatchObject({ result: "passed", forgotten: [backup] });
        expect(said(await drill())).toMatchObject({ result: "passed", backup: made.backup });
    });
});
