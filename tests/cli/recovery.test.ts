import * as fs from "node:fs";
import * as path from "node:path";
import { clusterFiles } from "../../simulator/session/clusterFiles";
import { type StatePaths, statePaths } from "../../simulator/session/paths";
import {
    beginUpdate,
    endUpdate,
    reasonToBeginAfresh,
    removeRemains,
    stateFile,
    wipe,
} from "../../simulator/session/recovery";
import { writePrivateFile } from "../../simulator/system/files";
import { takeLock } from "../../simulator/system/lock";
import { scratchFolder } from "./support";

const scratch = scratchFolder();
let runs = 0;

interface Left {
    readonly resources?: readonly object[];
    readonly pending?: readonly object[];
    readonly clusterData: boolean;
}

/** A run as an engine left it. */
function run({ resources = [], pending, clusterData }: Left): StatePaths {
    const paths = statePaths(`run${runs++}`, scratch.path);
    const latest = { resources, ...(pending === undefined ? {} : { pending_operations: pending }) };
    writePrivateFile(stateFile(paths, "dev"), JSON.stringify({ version: 3, checkpoint: { latest } }));
    if (clusterData) fs.mkdirSync(path.join(paths.cluster, "etcd", "member"), { recursive: true });
    return paths;
}

test("a finished run is continued, and so is one that never began", () => {
    expect(reasonToBeginAfresh(run({ resources: [{}], clusterData: true }), "dev")).toBeUndefined();
    expect(reasonToBeginAfresh(run({ clusterData: false }), "dev")).toBeUndefined();
    expect(reasonToBeginAfresh(statePaths("never", scratch.path), "dev")).toBeUndefined();
});

test("a run that was cut off within an update begins afresh; one that ended its update does not", () => {
    const paths = run({ resources: [{}], clusterData: true });
    beginUpdate(paths, "pulumi up");
    expect(reasonToBeginAfresh(paths, "dev")).toMatch(/^the last run was cut off within an update begun at \d{4}-/);
    endUpdate(paths, "dev");
    expect(reasonToBeginAfresh(paths, "dev")).toBeUndefined();
    fs.writeFileSync(paths.updateMarker, "");
    expect(reasonToBeginAfresh(paths, "dev")).toBe("the last run was cut off within an update");
});

test("an update that was interrupted ends as any other if its engine ended by itself, and is cut off if not", () => {
    const whole = run({ resources: [{}], clusterData: true });
    beginUpdate(whole, "pulumi up");
    const lock = path.join(whole.backend, ".pulumi", "locks", "organization", "tars-platform", "dev", "1.json");
    writePrivateFile(lock, "{}");
    endUpdate(whole, "dev"); // the engine was killed: its lock is still there
    expect(reasonToBeginAfresh(whole, "dev")).toMatch(/cut off within an update/);
    fs.rmSync(lock);
    endUpdate(whole, "dev");
    expect(reasonToBeginAfresh(whole, "dev")).toBeUndefined();
    const pending = run({ pending: [{}], clusterData: true });
    beginUpdate(pending, "pulumi up");
    endUpdate(pending, "dev");
    expect(fs.existsSync(pending.updateMarker)).toBe(true);
});

test("pending operations, a state cut short, and a state or cluster without the other begin afresh", () => {
    expect(reasonToBeginAfresh(run({ pending: [{}], clusterData: true }), "dev")).toMatch(/operations pending/);
    expect(reasonToBeginAfresh(run({ resources: [{}], clusterData: false }), "dev")).toMatch(/cluster's data is gone/);
    const cut = run({ clusterData: true });
    fs.writeFileSync(stateFile(cut, "dev"), '{"version": 3, "chec');
    expect(reasonToBeginAfresh(cut, "dev")).toMatch(/cut short/);
    fs.rmSync(stateFile(cut, "dev"));
    expect(reasonToBeginAfresh(cut, "dev")).toMatch(/stack state is gone/);
});

test("a wipe forgets everything but who holds the lock", () => {
    const paths = run({ clusterData: true });
    const lock = takeLock(paths.lock, "tars start");
    wipe(paths);
    expect(fs.readdirSync(paths.directory)).toEqual(["lock"]);
    lock.release();
});

test("what a run keeps is closed to other users", () => {
    const paths = run({ clusterData: true });
    beginUpdate(paths, "pulumi up");
    expect(fs.statSync(paths.updateMarker).mode & 0o077).toBe(0);
    expect(fs.statSync(paths.directory).mode & 0o077).toBe(0);
});

test("a stack of a cloud is continued while its cloud is there, with or without a cluster", () => {
    const paths = run({ resources: [{}], clusterData: false });
    expect(reasonToBeginAfresh(paths, "dev", "cloud")).toBe("the cloud's data is gone");
    fs.mkdirSync(paths.clouds);
    expect(reasonToBeginAfresh(paths, "dev", "cloud")).toBeUndefined();
    fs.rmSync(stateFile(paths, "dev"));
    expect(reasonToBeginAfresh(paths, "dev", "cloud")).toBe("the cloud has data but its stack state is gone");
    wipe(paths);
    expect(fs.existsSync(paths.clouds)).toBe(false);
});

test("a zone that a killed scenario had lost is back for whoever opens the run next, and so is the engine's lock", () => {
    const paths = run({ resources: [{}], clusterData: true });
    const { lostZones } = clusterFiles(paths);
    const lock = path.join(paths.backend, ".pulumi", "locks", "organization", "tars-platform", "dev", "1.json");
    for (const left of [lostZones, lock]) writePrivateFile(left, "[]");
    removeRemains(paths);
    expect([fs.existsSync(lostZones), fs.existsSync(lock)]).toEqual([false, false]);
    expect(reasonToBeginAfresh(paths, "dev")).toBeUndefined();
});
