import { copyProject, ended, type Project } from "../support/project";
import { processesAfter } from "../support/traces";

jest.setTimeout(20 * 60_000);

/** Seed of the moments, printed with each: set it to see the same moments again. */
const seed = Number(process.env.TARS_TEST_SEED ?? Date.now() % 100_000);

/** A start without anything cached but the binaries takes longer than this on 2 cores: each moment falls inside one. */
const longestMs = 20_000;

/** What a supervisor may need to stop a whole control plane once its starter is gone. */
const graceMs = 40_000;

describe(`npm start, killed at random moments (seed ${seed})`, () => {
    let project: Project;
    beforeAll(() => {
        project = copyProject();
    });
    afterAll(() => project.remove());

    it.each(moments(5))("leaves nothing running after SIGKILL at %d ms", async (moment) => {
        const start = project.spawn("start");
        const end = ended(start);
        await new Promise((resolve) => setTimeout(resolve, moment));
        start.kill("SIGKILL");
        expect((await end).signal).toBe("SIGKILL");
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
    });

    it("stops everything on an interrupt and says so with exit code 130", async () => {
        const start = project.spawn("start");
        const end = ended(start);
        await new Promise((resolve) => setTimeout(resolve, longestMs / 2));
        start.kill("SIGINT");
        expect((await end).code).toBe(130);
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
    });

    it("comes up at the next start as if nothing had happened", async () => {
        const start = await project.tars("start");
        expect(start).toMatchObject({ code: 0 });
        expect(start.stdout + start.stderr).toMatch(/7 ready/);
        expect(await project.tars("down")).toMatchObject({ code: 0 });
        expect(await processesAfter(project.folder, graceMs)).toEqual([]);
    });
});

/** A linear congruential sequence (Numerical Recipes, 1664525 and 1013904223): enough to spread moments, and repeatable. */
function moments(count: number): readonly number[] {
    let state = seed >>> 0;
    return Array.from({ length: count }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return 200 + Math.round((state / 2 ** 32) * longestMs);
    });
}
