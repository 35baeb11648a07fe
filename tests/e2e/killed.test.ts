import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { copyProject, ended, type Project } from "../support/project";
import { listeningSockets, pidOf, processesAfter, processesOf, socketsOf } from "../support/traces";

jest.setTimeout(20 * 60_000);

/** Seed of the moments, printed with each: set it to see the same moments again. */
const seed = Number(process.env.TARS_TEST_SEED ?? Date.now() % 100_000);

/** A start without anything cached but the binaries takes longer than this on 2 cores: each moment falls inside one. */
const longestMs = 20_000;

/** What a supervisor may need to stop a whole control plane once its starter is gone. */
const graceMs = 40_000;

/** Between `npm start` and the work are npm, perhaps a shell, perhaps a first Node, and tars: each can be what is killed. */
const blows: readonly (readonly [string, (npm: number, tars: number) => void])[] = [
    ["Ctrl-C, which reaches all of them", (npm) => process.kill(-npm, "SIGINT")],
    ["SIGKILL of tars", (_, tars) => process.kill(tars, "SIGKILL")],
    ["SIGKILL of npm alone", (npm) => process.kill(npm, "SIGKILL")],
    ["SIGTERM of npm alone", (npm) => process.kill(npm, "SIGTERM")],
    ["SIGKILL of all of them", (npm) => process.kill(-npm, "SIGKILL")],
];

describe(`npm start, killed at random moments (seed ${seed})`, () => {
    let project: Project;
    beforeAll(() => {
        project = copyProject();
    });
    afterAll(() => project.remove());

    it.each(moments(blows))("leaves nothing after %s at %d ms", async (_, moment, blow) => {
        const npm = project.npm("start");
        const end = ended(npm);
        const tars = await tarsOf(project.folder);
        await sleep(moment);
        const sockets = socketsOf(project.folder);
        blow(npmOf(npm), tars);
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
        expect(sockets.filter((socket) => listeningSockets().includes(socket))).toEqual([]);
        const { code, signal } = await end;
        expect([code, signal]).not.toEqual([0, null]);
    });

    it("stops everything on an interrupt and says so with exit code 130", async () => {
        const start = project.spawn("start");
        const end = ended(start);
        await sleep(longestMs / 2);
        start.kill("SIGINT");
        expect((await end).code).toBe(130);
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
    });

    it("comes up at the next start as if nothing had happened", async () => {
        const start = await ended(project.npm("start"));
        expect(start).toMatchObject({ code: 0 });
        expect(start.stdout + start.stderr).toMatch(/\b39 ready/);
        const sockets = socketsOf(project.folder);
        if (process.platform === "linux") expect(sockets.length).toBeGreaterThan(2);
        expect(await project.tars("down")).toMatchObject({ code: 0 });
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
        expect(sockets.filter((socket) => listeningSockets().includes(socket))).toEqual([]);
    });
});

/**
 * A cloud's control plane is started by a plugin, four processes away from tars. In this order: the second run begins where the first was cut off.
 */
describe("tars simulate of a stack in a cloud", () => {
    let project: Project;
    beforeAll(() => {
        project = copyProject();
    });
    afterAll(() => project.remove());

    const apiServer = /^\d+ kube-apiserver /;
    const awsPlugin = /\/simulator\/providers\/main\.js aws /;

    it("leaves nothing after SIGKILL of tars once the control plane runs", async () => {
        const tars = project.spawn("simulate", "staging");
        const end = ended(tars);
        await running(project.folder, apiServer);
        const sockets = socketsOf(project.folder);
        tars.kill("SIGKILL");
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
        expect(sockets.filter((socket) => listeningSockets().includes(socket))).toEqual([]);
        expect((await end).signal).toBe("SIGKILL");
    });

    it("begins afresh at the next run, and fails and leaves nothing after SIGKILL of the cloud's plugin", async () => {
        const end = ended(project.spawn("simulate", "staging"));
        await running(project.folder, apiServer);
        for (const plugin of await running(project.folder, awsPlugin)) process.kill(plugin, "SIGKILL");
        const { code, stderr } = await end;
        expect(stderr).toContain("beginning afresh: the last run was cut off within an update");
        expect(stderr).toMatch(/error: .*/);
        expect(code).toBeGreaterThan(0);
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
    });
});

/** Waits until the project runs what is looked for, and returns the numbers of those processes. */
async function running(folder: string, command: RegExp): Promise<readonly number[]> {
    for (;;) {
        const found = processesOf(folder).filter((line) => command.test(line));
        if (found.length > 0) return found.map(pidOf);
        await sleep(50);
    }
}

function npmOf({ pid }: ChildProcess): number {
    if (pid === undefined) throw new Error("npm did not start");
    return pid;
}

/** The process that does the work: the youngest whose command is tars. */
async function tarsOf(folder: string): Promise<number> {
    for (;;) {
        const found = processesOf(folder).filter((line) => /^\d+ \S*node \S*tars(\.js)? start$/.test(line));
        const youngest = Math.max(0, ...found.map(pidOf));
        if (youngest > 0) return youngest;
        await sleep(20);
    }
}

/** Each with a moment from a linear congruential sequence (Numerical Recipes, 1664525 and 1013904223): enough to spread them, and repeatable. */
function moments<T>(all: readonly (readonly [string, T])[]): readonly (readonly [string, number, T])[] {
    let state = seed >>> 0;
    return all.map(([name, blow]) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return [name, 200 + Math.round((state / 2 ** 32) * longestMs), blow] as const;
    });
}
