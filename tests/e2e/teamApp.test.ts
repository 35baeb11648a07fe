import { copyProject, type Ended, type Project } from "../support/project";

jest.setTimeout(15 * 60_000);

interface Pod {
    readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

/** Another team's stack beside the platform, in this order: up, unchanged, on a foreign platform, down. */
describe("the example of another team", () => {
    let project: Project;
    let up: Ended;
    const engine = (...words: readonly string[]): Promise<Ended> =>
        project.tars("pulumi", "--project", "examples/team-app", ...words, "--non-interactive", "--color", "never");
    const kubectl = (...words: readonly string[]): Promise<Ended> => project.tars("kubectl", ...words);

    beforeAll(async () => {
        project = copyProject();
        expect(await project.tars("start")).toMatchObject({ code: 0 });
        up = await engine("up", "--yes");
    });
    afterAll(() => project.remove());

    it("comes up on the platform's outputs, and breaks no mandatory rule of its policy pack", () => {
        expect(`${up.stdout}${up.stderr}`).toContain("Policies:");
        expect(`${up.stdout}${up.stderr}`).not.toContain("[mandatory]");
        expect(up.code).toBe(0);
    });

    it("has every pod Ready, with the address of the platform's API", async () => {
        const found = await kubectl("get", "pods", "--namespace", "team-app", "-o", "json");
        const pods: readonly Pod[] = JSON.parse(found.stdout).items;
        expect(pods).toHaveLength(2);
        const ready = pods.filter(({ status }) =>
            status.conditions.some(({ type, status }) => type === "Ready" && status === "True"),
        );
        expect(ready).toHaveLength(2);
        const settings = await kubectl("get", "configmaps", "--namespace", "team-app", "-o", "yaml");
        expect(settings.stdout).toContain("API_URL: https://api.tars.local");
    });

    it("previews no changes, and neither does the platform", async () => {
        expect(await engine("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
        const own = await project.tars("pulumi", "preview", "--expect-no-changes", "--non-interactive");
        expect(own).toMatchObject({ code: 0 });
    });

    it("refuses a stack that is no platform, with what to do, before anything changes", async () => {
        const itself = "team-app:platform=organization/team-app/dev";
        const { stdout, code } = await engine("preview", "--config", itself);
        const missing = new Set(stdout.match(/^ +- \w+: is missing$/gm));
        expect(missing.size).toBeGreaterThan(5);
        const lacks = `lacks ${missing.size} outputs of contract 2 of tars-platform:`;
        expect(stdout).toContain(`stack organization/team-app/dev ${lacks}`);
        expect(stdout).toContain("urls: is missing");
        expect(stdout).toContain("fix: check that this is a stack of tars-platform");
        expect(stdout).not.toMatch(/^\s+at /m);
        expect(code).not.toBe(0);
    });

    it("goes away again and leaves the platform", async () => {
        expect(await engine("destroy", "--yes")).toMatchObject({ code: 0 });
        const namespaces = await kubectl("get", "namespaces", "-o", "name");
        expect(namespaces.stdout).toContain("namespace/tars\n");
        expect(namespaces.stdout).not.toContain("team-app");
    });
});
