import { createHash } from "node:crypto";
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
import { ask, fill, found, haveNext, points, type Qdrant, startQdrant } from "./qdrant";
import { Scene } from "./servers";

jest.setTimeout(180_000);

withServers("Qdrant", () => {
    const scene = new Scene();
    let store: ObjectStore;
    let source: Qdrant;
    let scratch: Qdrant | undefined;
    let backup: string;

    const environment = (more: Readonly<Record<string, string>> = {}) => ({
        ...storeEnvironment(store),
        STORE_FOLDER: "vectors",
        SERVICE_KIND: "qdrant",
        SERVICE_PODS: source.urls.join(","),
        KEEP_DAYS: "35",
        RPO_HOURS: "48",
        ...more,
    });
    const backUp = (more = {}) => scene.run(script("backup"), environment(more));
    /** One that passes leaves its server as it found it; after any other the server goes, as a pod does. */
    const drill = async (more = {}) => {
        scratch ??= await startQdrant(scene, 1);
        const ended = await scene.run(script("drill"), environment({ SCRATCH_URL: scratch.urls[0] ?? "", ...more }));
        if (ended.code === 0) {
            expect(await ask(scratch, "GET", "/collections")).toEqual({ collections: [] });
        } else {
            await scene.kill(scratch.process);
            scratch = undefined;
        }
        return ended;
    };
    const nameOf = (name: string) => `vectors/${backup}/${name}`;
    /** A drill of a backup whose every part is whole, and whose manifest says something else. */
    const drillOf = async (change: (manifest: ReturnType<typeof JSON.parse>) => void) => {
        const write = (data: Buffer) => {
            const manifest = JSON.parse(JSON.parse(data.toString()).manifest);
            change(manifest);
            const text = JSON.stringify(manifest);
            const sealed = { manifest: text, sha256: createHash("sha256").update(text).digest("hex") };
            return Buffer.from(JSON.stringify(sealed));
        };
        return said(await changeObject(scene, store, nameOf("manifest.json"), write, drill));
    };

    beforeAll(async () => {
        [store, source] = await Promise.all([startObjectStore(scene), startQdrant(scene, 3)]);
        await fill(source);
    });
    afterAll(() => scene.end());

    test("without a backup the drill fails", async () => {
        expect(said(await drill())).toMatchObject({ result: "failed", why: "Unusable: there is no backup" });
    });

    test("a backup has one copy of each part, also where a snapshot ends in its middle, and the drill restores all beside", async () => {
        await haveNext(source, { share: 0.5 });
        ({ backup } = said(await backUp()));
        const practised = said(await drill());
        expect(practised).toMatchObject({ result: "passed", backup, collections: 2, shards: 4, records: 2050 });
    });

    test("nothing is restored over what is there", async () => {
        const again = await scene.run([...script("restore"), backup], environment());
        expect(said(again).why).toMatch(/by tenant, documents is there: nothing is restored over it/);
        const used = await scene.run(script("drill"), environment({ SCRATCH_URL: source.urls[0] ?? "" }));
        expect(said(used).why).toMatch(/holds collections/);
    });

    // The first part of the store is of a collection by key, which has little in it; the last is half of the documents.
    const part = () => nameOf("part-000003.snapshot.gz");
    const manifest = () => nameOf("manifest.json");
    test.each<[string, () => string, ((data: Buffer) => Buffer) | undefined, RegExp]>([
        ["with a bit turned", part, (data) => turned(data, data.length >> 1), /its checksum differs/],
        ["that is truncated", part, (data) => data.subarray(0, data.length / 2), /it is truncated/],
        ["that is empty", part, () => Buffer.alloc(0), /it is truncated/],
        ["that is gone", part, undefined, /part-000003\.snapshot\.gz: 404/],
        ["whose manifest is changed", manifest, (data) => replaced(data, "50", "49"), /its checksum differs/],
        ["that was never finished", manifest, undefined, /there is no backup/],
    ])("no drill passes with a backup %s", async (_, name, to, why) => {
        const ended = await changeObject(scene, store, name(), to, drill);
        expect(said(ended)).toMatchObject({ result: "failed", why: expect.stringMatching(why) });
        expect(ended.code).toBe(1);
    });

    test("what comes back and is not what was there fails the drill, also where every part is whole", async () => {
        const last = (made: ReturnType<typeof JSON.parse>) => made.collections[1].shards[1];
        const fewer = await drillOf((made) => {
            last(made).points += 1;
        });
        expect(fewer.why).toMatch(/shard 0 of documents has \d+ points, not \d+/);
        const other = await drillOf((made) => {
            const [point = ""] = Object.keys(last(made).samples);
            last(made).samples[point] = "0";
        });
        expect(other.why).toMatch(/the point \d+ is not what was backed up/);
    });

    test("a lost cluster comes back with what it answered: settings, indexes, keys, both copies and the alias", async () => {
        const kept = await found(source);
        const documents = await ask(source, "GET", "/collections/documents");
        for (const name of ["documents", "by%20tenant"]) await ask(source, "DELETE", `/collections/${name}`);
        const restored = await scene.run([...script("restore"), backup], environment());
        expect(said(restored)).toMatchObject({ result: "passed", backup, collections: 2, shards: 4 });
        expect(await ask(source, "GET", "/collections/documents")).toEqual(documents);
        expect(await found(source)).toEqual(kept);
    });

    test("what is written while a snapshot is made fails no drill", async () => {
        await haveNext(source, { points: points(2000, 2100) });
        const made = said(await backUp());
        expect(made).toMatchObject({ result: "passed" });
        expect(said(await drill())).toMatchObject({ result: "passed", backup: made.backup });
        const sealed = (await getObject(scene, store, `vectors/${made.backup}/manifest.json`)).toString();
        expect(JSON.parse(sealed).manifest).toContain('"still": false');
        await putObject(scene, store, `vectors/${made.backup}/manifest.json`, undefined);
    });

    test("a backup that is too old, or empty, is none, and a part that no pod has stops it", async () => {
        expect(said(await drill({ RPO_HOURS: "0" })).why).toMatch(/hours old, more than 0/);
        const alone = source.urls[0] ?? "";
        expect(said(await backUp({ SERVICE_PODS: alone, STORE_FOLDER: "one" })).why).toMatch(
            /of its \d parts no pod has all but/,
        );
        const empty = await startQdrant(scene, 1);
        const of = { SERVICE_PODS: empty.urls.join(","), STORE_FOLDER: "empty" };
        expect(said(await backUp(of))).toMatchObject({ result: "passed", records: 0 });
        expect(said(await drill({ STORE_FOLDER: "empty" })).why).toMatch(/the backup is empty/);
    });

    test("what is older than it is kept is forgotten, but never the newest", async () => {
        const made = said(await backUp({ KEEP_DAYS: "0" }));
        expect(made).toMatchObject({ result: "passed", forgotten: expect.arrayContaining([backup]) });
        expect(said(await drill())).toMatchObject({ result: "passed", backup: made.backup });
    });
});
