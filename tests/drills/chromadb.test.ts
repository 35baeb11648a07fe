import { gunzipSync, gzipSync } from "node:zlib";
import { type Chroma, type Filling, fill, found, holdsCollections, startChroma } from "./chroma";
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

jest.setTimeout(120_000);

withServers("ChromaDB", () => {
    const fillings: readonly Filling[] = [
        { database: "default_database", name: "documents", space: "cosine", records: 1200 },
        { database: "default_database", name: "notes", space: "l2", records: 30 },
        { database: "other", name: "documents", space: "ip", records: 30 },
    ];
    const scene = new Scene();
    let store: ObjectStore;
    let source: Chroma;
    let scratch: Chroma | undefined;
    let kept: readonly unknown[];
    let backup: string;

    const environment = (more: Readonly<Record<string, string>> = {}) => ({
        ...storeEnvironment(store),
        STORE_FOLDER: "chromadb",
        SERVICE_KIND: "chromadb",
        KEEP_DAYS: "35",
        RPO_HOURS: "24",
        ...more,
    });
    const backUp = (more = {}) => scene.run(script("backup"), environment({ SERVICE_URL: source.url, ...more }));
    /** One that passes leaves its server as it found it; after any other the server goes, as a pod does. */
    const drill = async (more = {}) => {
        scratch ??= await startChroma(scene);
        const ended = await scene.run(script("drill"), environment({ SCRATCH_URL: scratch.url, ...more }));
        if (ended.code !== 0 && (await holdsCollections(scratch))) {
            await scene.kill(scratch.process);
            scratch = undefined;
        }
        return ended;
    };

    beforeAll(async () => {
        [store, source] = await Promise.all([startObjectStore(scene), startChroma(scene)]);
        for (const filling of fillings) await fill(source, filling);
        kept = await Promise.all(fillings.map((filling) => found(source, filling)));
    });
    afterAll(() => scene.end());

    test("without a backup the drill fails", async () => {
        expect(said(await drill())).toMatchObject({ result: "failed", why: "Unusable: there is no backup" });
    });

    test("a backup holds every record, and the drill restores it beside", async () => {
        const made = await backUp();
        expect(said(made)).toMatchObject({ result: "passed", collections: 3, records: 1260, forgotten: [] });
        ({ backup } = said(made));
        const practised = await drill();
        expect(said(practised)).toMatchObject({ result: "passed", backup, collections: 3, records: 1260 });
        expect(practised.code).toBe(0);
    });

    test("a lost server comes back with what it answered", async () => {
        await scene.kill(source.process);
        source = await startChroma(scene);
        const restored = await scene.run([...script("restore"), backup], environment({ SERVICE_URL: source.url }));
        expect(said(restored)).toMatchObject({ result: "passed", backup, collections: 3 });
        expect(await Promise.all(fillings.map((filling) => found(source, filling)))).toEqual(kept);
    });

    test("nothing is restored over what is there", async () => {
        const again = await scene.run([...script("restore"), backup], environment({ SERVICE_URL: source.url }));
        expect(again.code).toBe(1);
        const used = await scene.run(script("drill"), environment({ SCRATCH_URL: source.url }));
        expect(said(used).why).toMatch(/holds collections/);
        const far = await scene.run(script("drill"), environment({ SCRATCH_URL: "http://chromadb:8000" }));
        expect(said(far).why).toMatch(/no server of the drill's own/);
    });

    const part = () => `${backup}/part-000000.jsonl.gz`;
    const manifest = () => `${backup}/manifest.json`;
    test.each<[string, () => string, ((data: Buffer) => Buffer) | undefined, RegExp]>([
        ["with a bit turned", part, (data) => turned(data, 100), /its checksum differs/],
        ["that is truncated", part, (data) => data.subarray(0, data.length / 2), /it is truncated/],
        ["that is empty", part, () => Buffer.alloc(0), /it is truncated/],
        ["that is another's, as good as it is", part, (data) => gzipSync(gunzipSync(data).subarray(1)), /part-000000/],
        ["that is gone", part, undefined, /part-000000\.jsonl\.gz: 404/],
        ["whose manifest is truncated", manifest, (data) => data.subarray(0, 200), /cannot be read/],
        ["whose manifest is empty", manifest, () => Buffer.alloc(0), /cannot be read/],
        [
            "whose manifest says another number",
            manifest,
            (data) => replaced(data, "1200", "1199"),
            /its checksum differs/,
        ],
        ["that was never finished", manifest, undefined, /there is no backup/],
    ])("no drill passes with a backup %s", async (_, name, to, why) => {
        const ended = await changeObject(scene, store, `chromadb/${name()}`, to, drill);
        expect(said(ended)).toMatchObject({ result: "failed", why: expect.stringMatching(why) });
        expect(ended.code).toBe(1);
    });

    test("a backup that is too old, empty or another's under a new name is none", async () => {
        expect(said(await drill({ RPO_HOURS: "0" })).why).toMatch(/hours old, more than 0/);
        const late = backup.replace(/^..../, "2999");
        const early = `chromadb/${late}/manifest.json`;
        await putObject(scene, store, early, await getObject(scene, store, `chromadb/${manifest()}`));
        expect(said(await drill()).why).toBe(`Unusable: the manifest of ${late} is that of ${backup}`);
        await putObject(scene, store, early, undefined);
        const empty = await startChroma(scene);
        expect(said(await backUp({ SERVICE_URL: empty.url, STORE_FOLDER: "empty" }))).toMatchObject({ records: 0 });
        expect(said(await drill({ STORE_FOLDER: "empty" })).why).toMatch(/the backup is empty/);
    });

    test("what is older than it is kept is forgotten, but never the newest", async () => {
        const made = said(await backUp({ KEEP_DAYS: "0" }));
        expect(made).toMatchObject({ result: "passed", forgotten: [backup] });
        expect(said(await drill())).toMatchObject({ result: "passed", backup: made.backup });
    });
});
