import * as fs from "node:fs";
import * as path from "node:path";
import { changeObject, type ObjectStore, startObjectStore, storeEnvironment } from "./objectStore";
import { binary, Postgres } from "./postgres";
import { prepared, withServers } from "./prepared";
import { type Ended, Scene } from "./servers";

jest.setTimeout(300_000);

const scripts = path.resolve(__dirname, "..", "..", "components", "data", "drills", "scripts");

withServers("the drill of PostgreSQL", () => {
    const scene = new Scene();
    let store: ObjectStore;
    let source: Postgres;
    let password: string;
    /** The file of the log that has the manifest's place in it. */
    let needed: string;

    const run = (name: string, more: Readonly<Record<string, string>> = {}) =>
        scene.run([prepared().python, "-B", path.join(scripts, "postgres", `${name}.py`)], {
            ...storeEnvironment(store),
            // The region that barman-cloud reads is the one that an instance has.
            ...store.environment,
            PYTHONPATH: scripts,
            STORE_FOLDER: "postgres",
            SERVER_NAME: "main",
            MANIFEST_FOLDER: "postgres-manifest/main",
            ...more,
        });
    const said = ({ stdout }: Ended) => JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    const record = () => {
        const whom = { ...source.address, PGUSER: "tars_manifest", PASSWORD_FILE: password };
        return run("record", { ...whom, STORE_FOLDER: "postgres-manifest/main", KEEP_DAYS: "35" });
    };
    const promised = { RPO_MINUTES: "5", RTO_MINUTES: "4", BACKUP_HOURS: "26", MANIFEST_HOURS: "26" };
    const fetchInto = (folder: string, more = {}) => run("fetch", { ...promised, ...more, SCRATCH: folder });
    /** What the pod's server does, and what is compared with it. */
    const drill = async (folder: string) => {
        const data = path.join(folder, "data");
        const words = [binary("postgres"), "-D", data, "-c", `config_file=${folder}/settings/postgresql.conf`];
        const server = await scene.start(words, async () => true);
        const ended = await run("compare", { ...promised, SCRATCH: folder });
        await scene.kill(server);
        return ended;
    };
    const add = (words: string, rows: number) =>
        `INSERT INTO orders (said, at) SELECT '${words} ' || n || ' 鍵', now() FROM generate_series(1, ${rows}) AS n`;
    /** The last whole file of the log. */
    const lastLog = async () => {
        const all = await store.names(scene, "postgres/main/wals/");
        return all.filter((name) => /[0-9A-F]{24}\.gz$/.test(name)).at(-1) ?? "";
    };

    beforeAll(async () => {
        store = await startObjectStore(scene);
        password = path.join(scene.place("login"), "password");
        fs.writeFileSync(password, "asked for by nobody here");
        source = await Postgres.begin(scene, store);
        await source.tell("CREATE ROLE tars_manifest LOGIN BYPASSRLS IN ROLE pg_read_all_data, pg_maintain");
        await source.tell("CREATE DATABASE tars_analytics");
        await source.tell("CREATE TABLE orders (id serial PRIMARY KEY, said text NOT NULL, at timestamptz NOT NULL)");
        await source.tell('CREATE SCHEMA "Own"; CREATE TABLE "Own"."a b" (n float8, rest jsonb)', "tars_analytics");
        await source.backUp();
    });
    afterAll(() => scene.end());

    test("without a manifest it fails, and with one of empty tables as well", async () => {
        expect(said(await fetchInto(scene.place("scratch"))).why).toBe("Unusable: there is no backup");
        expect(said(await record())).toMatchObject({ result: "passed", tables: 2, rows: 0 });
        expect(said(await fetchInto(scene.place("scratch"))).why).toMatch(/^Unusable: no table had a row/);
    });

    test("a manifest is of one moment while others write, and a backup comes back to just that", async () => {
        await source.tell(add("before the backup", 5000));
        await source.tell(
            `INSERT INTO "Own"."a b" SELECT n / 7.0, '{"k": [1, 2]}' FROM generate_series(1, 900) AS n`,
            "tars_analytics",
        );
        await source.backUp();
        let isWriting = true;
        const writing = (async () => {
            for (let turn = 0; isWriting; turn++) {
                await source.tell(
                    `${add("meanwhile", 3)}; UPDATE orders SET said = said || '.' WHERE id % 50 = ${turn % 50}`,
                );
            }
        })();
        // Names of manifests are of a second.
        await new Promise((resolve) => setTimeout(resolve, 1100));
        const made = said(await record());
        isWriting = false;
        await writing;
        expect(made).toMatchObject({ result: "passed", tables: 2 });
        expect(made.rows).toBeGreaterThan(5900);
        await source.tell("DELETE FROM orders WHERE id % 2 = 0; DROP TABLE orders");
        await source.archive();
        needed = await lastLog();
        // Done when the manifest was there already: from it nobody comes back to what the manifest says.
        await source.backUp();
        await source.destroy();
        const folder = scene.place("scratch");
        const fetched = said(await fetchInto(folder));
        expect(fetched).toMatchObject({ result: "passed", manifest: made.manifest });
        const drilled = said(await drill(folder));
        const { backup, logDelaySeconds } = fetched;
        expect(drilled).toMatchObject({ result: "passed", backup, logDelaySeconds, tables: 2, rows: made.rows });
        expect(drilled.restoreSeconds).toBeGreaterThan(0);
    });

    test("what differs is found, and so is a log that does not reach the manifest's place", async () => {
        const folder = scene.place("scratch");
        expect((await fetchInto(folder)).code).toBe(0);
        const plan = path.join(folder, "plan.json");
        const text = fs.readFileSync(plan, "utf8");
        fs.writeFileSync(plan, text.replace(/"sum": "(-?)(\d)/, '"sum": "$11$2'));
        const ended = await drill(folder);
        expect(ended.code).toBe(1);
        expect(said(ended)).toMatchObject({ result: "failed", why: expect.stringMatching(/^Differs: /) });
        const short = scene.place("scratch");
        expect((await fetchInto(short)).code).toBe(0);
        const logs = path.join(short, "log");
        for (const name of fs.readdirSync(logs)) fs.rmSync(path.join(logs, name));
        expect(said(await drill(short))).toMatchObject({ result: "failed", why: expect.stringMatching(/^Ended: /) });
    });

    test.each([
        ["a manifest", { MANIFEST_HOURS: "0.0001" }, /^Unusable: the newest backup, \w+, is [\d.]+ hours old/],
        ["a base backup", { BACKUP_HOURS: "0.0001" }, /^Unusable: the newest base backup, \w+, is [\d.]+ hours old/],
        ["the log", { RPO_MINUTES: "-1" }, /^Unusable: what was written was safe after -?\d+ seconds/],
    ])("%s that came too late is no success", async (_, limits, why) => {
        const ended = await fetchInto(scene.place("scratch"), limits);
        expect([ended.code, said(ended).result, said(ended).why]).toEqual([1, "failed", expect.stringMatching(why)]);
    });

    test("what is truncated, changed or gone is no success", async () => {
        const failsWith = async (name: string, to: ((data: Buffer) => Buffer) | undefined, why: RegExp) => {
            const ended = await changeObject(scene, store, name, to, () => fetchInto(scene.place("scratch")));
            expect([name, ended.code, said(ended).why]).toEqual([name, 1, expect.stringMatching(why)]);
        };
        const half = (data: Buffer) => data.subarray(0, data.length / 2);
        await failsWith(
            needed,
            undefined,
            /^Unusable: the log ends before [0-9A-F/]+: [0-9A-F]{24} is not in the store/,
        );
        await failsWith(needed, half, /cannot be unpacked|it is truncated/);
        const base = (await store.names(scene, "postgres/main/base/")).filter((name) => name.endsWith("data.tar.gz"));
        await failsWith(base.at(-2) ?? "", half, /^Unusable: barman-cloud-restore ended with/);
        const manifest = (await store.names(scene, "postgres-manifest/main/")).at(-1) ?? "";
        const turned = (data: Buffer) => Buffer.from(data.toString().replace("rows", "row5"));
        await failsWith(manifest, turned, /^Unusable: the manifest of \w+ is not what was written/);
    });
});
