import * as fs from "node:fs";
import * as path from "node:path";
import { takeDown } from "../../simulator/session/down";
import { knownRuns, requireOwnFolder, writeSession } from "../../simulator/session/marker";
import { type StatePaths, statePaths } from "../../simulator/session/paths";
import { writePrivateFile } from "../../simulator/system/files";
import { takeLock } from "../../simulator/system/lock";
import { scratchFolder, tars } from "./support";

const scratch = scratchFolder();

/** A state folder in which somebody keeps things of their own, and one run that a first start left behind. */
function sharedFolder(name: string): { readonly root: string; readonly run: StatePaths } {
    const root = scratch.at(name);
    for (const file of ["photos/cat.png", "app/session.json", "app/lock/1", "app/backend/data", "empty/.keep", "note"])
        writePrivateFile(path.join(root, file), "{}");
    const run = statePaths("dev", root);
    takeLock(run.lock, "tars start").release();
    writeSession(run, {});
    writePrivateFile(run.updateMarker, "{}");
    writePrivateFile(path.join(run.backend, "state"), "");
    writePrivateFile(`${run.session}.123.new`, "");
    return { root, run };
}

const foreign = ["app", "empty", "note", "photos"];

test("down --delete deletes runs, and leaves everything else in the state folder alone", async () => {
    const { root } = sharedFolder("shared");
    expect(await takeDown({ delete: false, root })).toMatchObject([{ run: "dev" }]);
    expect(fs.readdirSync(root)).toEqual(["app", "dev", "empty", "note", "photos"]);
    expect(await takeDown({ delete: true, root })).toMatchObject([{ run: "dev" }]);
    expect(fs.readdirSync(root)).toEqual(foreign);
    expect(fs.readFileSync(path.join(root, "app", "backend", "data"), "utf8")).toBe("{}");
});

test("the commands themselves list and delete nothing of somebody else's", () => {
    const { root } = sharedFolder("commands");
    const env = { TARS_STATE_DIR: root };
    expect(JSON.parse(tars(["status", "--json"], env).stdout).runs).toMatchObject([{ name: "dev" }]);
    expect(tars(["down", "--delete"], env)).toMatchObject({
        code: 0,
        stderr: "nothing was running\nforgot the state of dev\n",
    });
    expect(fs.readdirSync(root)).toEqual(foreign);
});

test("what somebody put into a run's folder stays, with the folder", async () => {
    const { root, run } = sharedFolder("mixed");
    fs.writeFileSync(path.join(run.directory, "thesis.txt"), "");
    await takeDown({ delete: true, root });
    expect(fs.readdirSync(run.directory)).toEqual(["thesis.txt"]);
    expect(knownRuns(root)).toEqual([]);
});

test("a folder that holds something else does not become a run; one that a cut off start left does", () => {
    const { root } = sharedFolder("begin");
    expect(() => requireOwnFolder(statePaths("photos", root))).toThrow(
        expect.objectContaining({ exitCode: 4, message: expect.stringContaining("it holds cat.png") }),
    );
    const begun = statePaths("begun", root);
    takeLock(begun.lock, "tars start").release();
    for (const run of ["begun", "dev", "new"]) expect(() => requireOwnFolder(statePaths(run, root))).not.toThrow();
});

test("start refuses a folder of somebody else's before it writes anything there", () => {
    const root = scratch.at("home");
    writePrivateFile(path.join(root, "dev", "thesis.txt"), "");
    const { code, stderr } = tars(["start"], { TARS_STATE_DIR: root });
    expect(stderr).toContain(`${path.join(root, "dev")} is no state of a run: it holds thesis.txt`);
    expect(code).toBe(4);
    expect(fs.readdirSync(path.join(root, "dev"))).toEqual(["thesis.txt"]);
});
