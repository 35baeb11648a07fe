import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { lockOwner, takeLock } from "../../simulator/system/lock";
import { firstLine, node, projectRoot, scratchFolder } from "./support";

const scratch = scratchFolder();
const lockModule = JSON.stringify(path.join(projectRoot, "simulator", "system", "lock"));

function holder(directory: string): ReturnType<typeof node> {
    return node(`
        const { takeLock } = require(${lockModule});
        try {
            takeLock(${JSON.stringify(directory)}, "tars start");
            console.log("taken");
            setInterval(() => undefined, 1000);
        } catch (error) { console.log("refused: " + error.message); }
    `);
}

test("a lock that a living process holds is refused with its number and since when, and the holder is unharmed", async () => {
    const child = holder(scratch.at("held"));
    expect(await firstLine(child)).toBe("taken");
    expect(() => takeLock(scratch.at("held"), "tars start")).toThrow(
        new RegExp(`\`tars start\` is already at work here: process ${child.pid}, since \\d{4}-`),
    );
    expect(lockOwner(scratch.at("held"))?.pid).toBe(child.pid);
    child.kill("SIGKILL");
    await once(child, "exit");
});

test("a killed holder is no hindrance", async () => {
    const child = holder(scratch.at("killed"));
    await firstLine(child);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(lockOwner(scratch.at("killed"))).toBeUndefined();
    takeLock(scratch.at("killed"), "tars start").release();
});

test("a process that only has a dead holder's number does not hold the lock", () => {
    const directory = scratch.at("reused");
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, "3"), JSON.stringify({ pid: process.pid, began: "another time" }));
    expect(lockOwner(directory)).toBeUndefined();
    takeLock(directory, "tars start").release();
});

test("a lock file cut short by a crash is free", () => {
    const directory = scratch.at("short");
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, "1"), '{"pid": 1');
    takeLock(directory, "tars start").release();
});

test("a released lock can be taken again, and only one file is left", () => {
    for (let round = 0; round < 3; round++) takeLock(scratch.at("again"), "tars start").release();
    expect(fs.readdirSync(scratch.at("again"))).toEqual(["3"]);
});

test("of many that find a dead holder at once, one gets the lock", async () => {
    const directory = scratch.at("race");
    fs.mkdirSync(directory);
    fs.writeFileSync(path.join(directory, "1"), JSON.stringify({ pid: process.pid, began: "another time" }));
    const children = Array.from({ length: 4 }, () => holder(directory));
    const answers = await Promise.all(children.map(firstLine));
    for (const child of children) child.kill("SIGKILL");
    expect(answers.filter((answer) => answer === "taken")).toHaveLength(1);
    expect(answers.filter((answer) => answer.startsWith("refused"))).toHaveLength(3);
});
