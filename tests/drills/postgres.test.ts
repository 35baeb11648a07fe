import { changeObject, type ObjectStore, startObjectStore } from "./objectStore";
import { Postgres } from "./postgres";
import { withServers } from "./prepared";
import { Scene } from "./servers";

jest.setTimeout(120_000);

withServers("PostgreSQL", () => {
    const scene = new Scene();
    let store: ObjectStore;
    let backup: string;
    let moment: string;
    let kept: string;

    const contents = "SELECT count(*) || ' ' || md5(string_agg(orders::text, ',' ORDER BY id)) FROM orders";
    const add = (words: string, rows: number) =>
        `INSERT INTO orders (said, at) SELECT '${words} ' || n || ' 鍵', now() FROM generate_series(1, ${rows}) AS n`;

    beforeAll(async () => {
        store = await startObjectStore(scene);
        const server = await Postgres.begin(scene, store);
        await server.tell("CREATE TABLE orders (id serial PRIMARY KEY, said text NOT NULL, at timestamptz NOT NULL)");
        await server.tell(add("before the backup", 5000));
        backup = await server.backUp();
        await server.tell(add("after the backup", 300));
        kept = await server.tell(contents);
        moment = await server.tell("SELECT clock_timestamp()");
        await server.tell("DELETE FROM orders WHERE id % 2 = 0");
        await server.tell(add("after the mistake", 10));
        await server.archive();
        await server.destroy();
    });
    afterAll(() => scene.end());

    test("a lost database comes back as it was a moment before the mistake", async () => {
        const restored = await Postgres.recover(scene, store, { backup, time: moment });
        expect(await restored.tell(contents)).toBe(kept);
        await restored.tell(add("in its new life", 1));
        await restored.destroy();
    });

    test("one that cannot be brought to the moment asked for does not start", async () => {
        const never = Postgres.recover(scene, store, { backup, time: "2999-01-01 00:00:00+00" });
        await expect(never).rejects.toThrow(/recovery ended before configured recovery target was reached/);
    });

    test("a log that is gone is noticed, not passed over", async () => {
        const segments = (await store.names(scene, "postgres/main/wals/")).filter((name) =>
            /[0-9A-F]{24}\.gz$/.test(name),
        );
        const needed = segments.at(-2) ?? "";
        await changeObject(scene, store, needed, undefined, async () => {
            const short = Postgres.recover(scene, store, { backup, time: moment });
            await expect(short).rejects.toThrow(/recovery ended before|could not|requested timeline|invalid/);
        });
    });

    test("a base backup that is truncated is not restored", async () => {
        const base = `postgres/main/base/${backup}/data.tar.gz`;
        await changeObject(
            scene,
            store,
            base,
            (data) => data.subarray(0, data.length / 2),
            async () => {
                await expect(Postgres.recover(scene, store, { backup, time: moment })).rejects.toThrow(
                    /barman-cloud-restore .*ended with/,
                );
            },
        );
    });
});
