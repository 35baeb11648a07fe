import { once } from "node:events";
import * as fs from "node:fs";
import { answeringCluster, startCluster } from "../../simulator/session/cluster";
import { takeDown } from "../../simulator/session/down";
import { writeSession } from "../../simulator/session/marker";
import { statePaths } from "../../simulator/session/paths";
import { writePrivateFile } from "../../simulator/system/files";
import { isAlive } from "../../simulator/system/processes";
import { firstLine, node, projectRoot, scratchFolder, thrownBy } from "./support";

const scratch = scratchFolder();

/** A host program that says `lines`, then waits for its leash to end. */
function host(name: string, lines: readonly object[], code = 0): string {
    const file = scratch.at(name);
    const say = lines.map((line) => `echo '${JSON.stringify(line)}'`).join("\n");
    const wait = code === 0 ? "read word || exit 130\nexec sleep 60" : `exit ${code}`;
    fs.writeFileSync(file, `#!/bin/sh\necho $$ > ${file}.pid\n${say}\n${wait}\n`, { mode: 0o755 });
    return file;
}

function alive(file: string): boolean {
    return isAlive({ pid: Number(fs.readFileSync(`${file}.pid`, "utf8")), began: "" });
}

async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function options(run: string, program: string, signal = new AbortController().signal) {
    const steps: string[] = [];
    const paths = statePaths(run, scratch.at("state"));
    return {
        host: program,
        paths,
        signal,
        steps,
        progress: (name: string, state: string) => void steps.push(`${name} ${state}`),
    };
}

test("a start tells its steps and gives the cluster; unless kept it ends with its starter", async () => {
    const program = host("good", [
        { event: "step", name: "etcd", state: "ready" },
        { event: "ready", apiServer: "https://127.0.0.1:1", kubeconfig: "/k", pid: 7, elapsedMs: 1 },
    ]);
    const given = options("good", program);
    const starter = node(`
        const { startCluster } = require(${JSON.stringify(`${projectRoot}/simulator/session/cluster`)});
        const { statePaths } = require(${JSON.stringify(`${projectRoot}/simulator/session/paths`)});
        const steps = [];
        startCluster({ host: ${JSON.stringify(program)}, paths: statePaths("good", ${JSON.stringify(scratch.at("state"))}),
            signal: new AbortController().signal, progress: (name, state) => steps.push(name + " " + state) })
            .then((cluster) => { console.log(JSON.stringify({ ...cluster, steps })); process.stdin.once("data", () => { cluster.keep(); process.exit(); }); });
    `);
    expect(JSON.parse(await firstLine(starter))).toEqual({
        apiServer: "https://127.0.0.1:1",
        kubeconfig: "/k",
        pid: 7,
        begunHere: true,
        steps: ["etcd ready"],
    });
    starter.kill("SIGKILL");
    await once(starter, "exit");
    await until(() => !alive(program));
    const kept = await startCluster(given);
    kept.keep();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(alive(program)).toBe(true);
    process.kill(Number(fs.readFileSync(`${program}.pid`, "utf8")), "SIGKILL");
});

test("a host that fails is gone and its own words and log are the message", async () => {
    const program = host("bad", [{ event: "failed", message: "port 6443 is taken", log: "/logs/etcd.log" }], 1);
    expect(await thrownBy(() => startCluster(options("bad", program)))).toMatchObject({
        message: "the cluster did not start: port 6443 is taken",
        fix: expect.stringContaining("/logs/etcd.log"),
    });
    expect(alive(program)).toBe(false);
});

test("an interrupted start ends the host and throws the reason", async () => {
    const program = host("slow", []);
    const controller = new AbortController();
    const started = thrownBy(() => startCluster(options("slow", program, controller.signal)));
    await until(() => fs.existsSync(`${program}.pid`) && fs.readFileSync(`${program}.pid`, "utf8") !== "");
    controller.abort(new Error("enough"));
    expect(await started).toMatchObject({ message: "enough" });
    expect(alive(program)).toBe(false);
});

test("a host that is not there is a missing prerequisite", async () => {
    expect(await thrownBy(() => startCluster(options("none", scratch.at("nothing"))))).toMatchObject({ exitCode: 4 });
});

test("what an earlier run recorded is no cluster when nothing answers there", async () => {
    const paths = statePaths("stale", scratch.at("state"));
    writePrivateFile(
        `${paths.cluster}/cluster.json`,
        JSON.stringify({ pid: process.pid, apiServer: "https://127.0.0.1:1" }),
    );
    expect(await answeringCluster(paths)).toBeUndefined();
});

test("down ends a command at work and waits for it, and forgets the state only when told", async () => {
    const root = scratch.at("down");
    const paths = statePaths("dev", root);
    writeSession(paths, {});
    const worker = node(`
        require(${JSON.stringify(`${projectRoot}/simulator/system/lock`)}).takeLock(${JSON.stringify(paths.lock)}, "tars start");
        process.on("SIGTERM", () => setTimeout(() => process.exit(130), 200));
        console.log("at work");
        setInterval(() => undefined, 1000);
    `);
    await firstLine(worker);
    const exit = once(worker, "exit");
    expect(await takeDown({ delete: false, root })).toEqual([
        { run: "dev", interrupted: worker.pid, wasRunning: false },
    ]);
    expect(await exit).toEqual([130, null]);
    expect(fs.existsSync(paths.directory)).toBe(true);
    expect(await takeDown({ delete: true, root })).toEqual([{ run: "dev", interrupted: undefined, wasRunning: false }]);
    expect(fs.existsSync(paths.directory)).toBe(false);
});
