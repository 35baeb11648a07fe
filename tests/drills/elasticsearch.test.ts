import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { planSnapshots } from "../../components/data/elastic/snapshots";
import type { ElasticsearchCluster } from "../../components/foundation/elasticNames";
import {
    manifestFolder,
    snapshotFolder,
    snapshotPolicy,
    snapshotRepository,
} from "../../components/foundation/elasticSnapshots";
import { getObject, type ObjectStore, startObjectStore, storeEnvironment } from "./objectStore";
import { prepared, withServers } from "./prepared";
import { said, script } from "./programs";
import { answersHttp, freePort, here, Scene } from "./servers";

jest.setTimeout(120_000);

const plan = { kind: "store", everyHours: 6, keepDays: 35, rpoHours: 12, rtoMinutes: 240, drillEveryDays: 7 } as const;
const stream = { keepDays: 30, warmAfterDays: undefined, coldAfterDays: undefined };
const asked: ElasticsearchCluster = {
    kind: "cluster",
    version: "9.4.3",
    memoryMapped: false,
    nodes: {},
    streams: { "app-logs": stream, "system-logs": stream },
    users: {},
    kibana: { kind: "off" },
    snapshots: plan,
};

/** Elasticsearch is in no registry of packages that tests may install from: a stand-in takes its place (elasticsearchServer.py says how far). */
withServers("Elasticsearch, by a stand-in", () => {
    const scene = new Scene();
    let store: ObjectStore;
    let root: string;
    let source: string;
    /** The snapshot that stands for the schedule's. */
    let first: string;
    const repository = () => path.join(root, store.bucket, snapshotFolder);

    const start = async () => {
        const port = await freePort();
        const words = [prepared().python, "-B", path.join(__dirname, "elasticsearchServer.py"), root, `${port}`];
        await scene.start(words, () => answersHttp(`http://${here}:${port}/_cluster/health`));
        return `http://${here}:${port}`;
    };
    const tell = async (method: string, name: string, body?: unknown) => {
        const answer = await fetch(`${source}/${name}`, { method, body: JSON.stringify(body) });
        if (!answer.ok) throw new Error(`${method} ${name}: ${await answer.text()}`);
        return answer.json();
    };
    const environment = (more: Readonly<Record<string, string>> = {}) => ({
        ...storeEnvironment(store),
        STORE_FOLDER: manifestFolder,
        SERVICE_KIND: "elasticsearch",
        SERVICE_URL: source,
        SERVICE_STREAMS: "app-logs,.ds-app-logs-*,.ds-system-logs-*",
        SNAPSHOT_REPOSITORY: snapshotRepository,
        SNAPSHOT_POLICY: snapshotPolicy,
        SNAPSHOT_FOLDER: snapshotFolder,
        KEEP_DAYS: "35",
        RPO_HOURS: "12",
        PAUSE: "0.1",
        ...more,
    });
    const record = (more = {}) => scene.run(script("backup"), environment(more));
    const drill = async (more = {}) => scene.run(script("drill"), environment({ SCRATCH_URL: await start(), ...more }));
    const onSchedule = async () => {
        const told = (await tell("PUT", `_slm/policy/${snapshotPolicy}/_execute`)) as {
            readonly snapshot_name: string;
        };
        return told.snapshot_name;
    };
    const documents = (count: number) => Array.from({ length: count }, (_, number) => ({ number }));
    const fileOf = (ends: RegExp) => {
        const found = fs.readdirSync(repository()).filter((name) => ends.test(name));
        return path.join(repository(), found.at(-1) ?? "none");
    };

    beforeAll(async () => {
        store = await startObjectStore(scene);
        root = scene.place("repository");
        source = await start();
        for (const [file, text] of Object.entries(planSnapshots(asked, "s3"))) {
            const [kind, name] = file.split(".");
            const told = JSON.parse(text.replace("@bucket@", store.bucket));
            // Behind streams are indices of these names, of which Elasticsearch knows and the stand-in does not.
            if (kind === "schedule") told.config.indices = [".ds-app-logs-*", ".ds-system-logs-*"];
            await tell("PUT", kind === "repository" ? `_snapshot/${name}` : `_slm/policy/${name}`, told);
        }
    });
    afterAll(() => scene.end());

    test("without a manifest the drill fails, and where nobody has written anything, the snapshot is none", async () => {
        expect(said(await drill()).why).toBe("Unusable: there is no backup");
        expect(said(await record()).why).toMatch(/of 0 snapshots that were taken on schedule none is good/);
        first = await onSchedule();
        expect(said(await record()).why).toMatch(/has no index in it: it restores nothing/);
    });

    test("a snapshot comes back, with what was written before it, and perhaps what came meanwhile", async () => {
        await tell("POST", ".ds-app-logs-2026.11.24-000001/_bulk", documents(300));
        await tell("POST", ".ds-system-logs-2026.11.24-000001/_bulk", documents(20));
        await tell("POST", "_late", [".ds-app-logs-2026.11.24-000001", 7]);
        const made = await record();
        expect(said(made)).toMatchObject({ result: "passed", indices: 2, records: 320, forgotten: [] });
        await tell("POST", "_late", null);
        const practised = said(await drill());
        expect(practised).toMatchObject({ result: "passed", indices: 2, records: 320, backup: said(made).backup });
        expect(practised.restoreSeconds).toBeLessThan(60);
    });

    test("a snapshot that lacks a part is none, and the one before stays what a drill restores", async () => {
        const { backup } = said(await record());
        await tell("POST", "_break", { next: "PARTIAL" });
        const failed = await record();
        expect(failed.code).toBe(1);
        expect(said(failed).why).toMatch(/is PARTIAL, with 1 of 2 parts failed\. .ds-app-logs.*no space/);
        await tell("POST", "_break", { next: "LOST" });
        expect(said(await record({ BEGINS: "0.2" })).why).toMatch(/was never begun/);
        expect(said(await drill())).toMatchObject({ result: "passed", backup });
    });

    const changed = async (
        file: string,
        to: ((text: string) => string) | undefined,
        meanwhile: () => Promise<void>,
    ) => {
        const text = fs.readFileSync(file, "utf8");
        if (to === undefined) fs.rmSync(file);
        else fs.writeFileSync(file, to(text));
        await meanwhile().finally(() => fs.writeFileSync(file, text));
    };
    const newestSnapshot = async () => {
        const { snapshot } = JSON.parse(await manifest()) as { readonly snapshot: { readonly uuid: string } };
        return snapshot.uuid;
    };
    const manifest = async () => {
        const names = (await store.names(scene, `${manifestFolder}/`)).filter((name) => name.endsWith("manifest.json"));
        return JSON.parse((await getObject(scene, store, names.at(-1) ?? "")).toString()).manifest as string;
    };

    test.each<[string, (uuid: string) => RegExp, ((text: string) => string) | undefined, RegExp]>([
        ["with a part truncated", part, (text) => text.slice(0, 100), /1 of 1 parts did not come back/],
        ["with a part that is gone", part, undefined, /1 of 1 parts did not come back/],
        ["that holds fewer documents", part, () => sealed("[]"), /0 documents came back, and there were 307 to 307/],
        ["that is gone", whole, undefined, /the store has no snapshot tars-platform-.* any more/],
        [
            "that is another of its name",
            whole,
            (text) => text.replace(/"uuid": "../, '"uuid": "zz'),
            /or another of that name/,
        ],
        [
            "that is called failed since",
            whole,
            (text) => text.replace('"SUCCESS"', '"FAILED"'),
            /is FAILED|none is good/,
        ],
    ])("no drill passes with a snapshot %s", async (_, which, to, why) => {
        await changed(fileOf(which(await newestSnapshot())), to, async () => {
            const ended = await drill();
            expect(said(ended)).toMatchObject({ result: "failed", why: expect.stringMatching(why) });
            expect(ended.code).toBe(1);
        });
    });

    test("no drill passes when the manifest has become too old", async () => {
        expect(said(await drill({ RPO_HOURS: "0" })).why).toMatch(/hours old, more than 0/);
    });

    test("no manifest is written when the schedule has taken nothing for too long, whatever manifests had taken since", async () => {
        const snapshots = fs.readdirSync(repository()).filter((name) => name.startsWith("snap-"));
        expect(snapshots.length).toBeGreaterThan(2);
        const read = (name: string) => fs.readFileSync(path.join(repository(), name), "utf8");
        const [scheduled] = snapshots.filter((name) => JSON.parse(read(name)).snapshot === first);
        const file = path.join(repository(), scheduled ?? "none");
        const text = fs.readFileSync(file, "utf8");
        fs.writeFileSync(file, text.replace(/("start_time_in_millis": )\d+/, "$11000000000000"));
        const refused = await record();
        expect(said(refused).why).toMatch(/the newest good snapshot on schedule is \d+\.\d hours old, more than 12/);
        expect(refused.code).toBe(1);
        fs.writeFileSync(file, text);
        expect(said(await record())).toMatchObject({ result: "passed" });
    });

    test("nothing but a server in the drill's own pod is restored into", async () => {
        const elsewhere = await scene.run(script("drill"), environment({ SCRATCH_URL: "http://localhost:9200" }));
        expect(said(elsewhere).why).toMatch(/is no server of the drill's own/);
        const used = await scene.run(script("drill"), environment({ SCRATCH_URL: source }));
        expect(said(used).why).toMatch(/an open index with same name already exists/);
    });
});

function part(uuid: string): RegExp {
    return new RegExp(`^${uuid}\\.\\.ds-app-logs`);
}

function whole(uuid: string): RegExp {
    return new RegExp(`^snap-${uuid}`);
}

/** A file of the stand-in's, whole, of other documents. */
function sealed(text: string): string {
    return JSON.stringify({ sha256: createHash("sha256").update(text).digest("hex"), documents: text });
}
