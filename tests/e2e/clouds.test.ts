import * as fs from "node:fs";
import * as path from "node:path";
import { copyProject, type Ended, type Project } from "../support/project";
import { processesAfter } from "../support/traces";

jest.setTimeout(30 * 60_000);

interface Pod {
    readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
    readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

/** What each stack must come to: pods by kind of node, and what its owner cannot lose by a slip. */
const stacks = [
    { stack: "staging", pods: { general: 7 }, guarded: 0, keeps: false },
    { stack: "prod-aws", pods: { system: 2, general: 6, gpu: 1 }, guarded: 10, keeps: true },
    { stack: "prod-azure", pods: { general: 6, gpu: 2 }, guarded: 5, keeps: true },
] as const;

/** One story a stack, in this order: up, another team beside it, a zone lost, down. */
describe.each(stacks)("$stack in its simulated cloud", ({ stack, pods, guarded, keeps }) => {
    let project: Project;
    let up: Ended;
    const reportFile = (): string => path.join(project.folder, "report.json");
    const report = () => JSON.parse(fs.readFileSync(reportFile(), "utf8"));

    beforeAll(async () => {
        project = copyProject();
        up = await project.tars("simulate", stack, "--keep", "--json", reportFile());
    });
    afterAll(() => project.remove());

    it("comes up as its first preview says, breaks no mandatory rule, and changes nothing at a second preview", () => {
        expect(up.code === 0 ? "" : up.stderr).toBe("");
        expect(report().policies).toMatchObject({ mandatory: 0 });
    });

    it("has every pod ready, on nodes of the kind that is right for it", () => {
        const found = report().pods;
        expect(found.ready).toBe(found.total);
        expect(found).toMatchObject({ byNodeType: pods, misplaced: [] });
    });

    it("carries another team's stack, whose pods are what the platform's cloud has for them", async () => {
        const engine = (...words: readonly string[]): Promise<Ended> =>
            project.tars("pulumi", "--project", "examples/team-app", ...words, "--non-interactive", "--color", "never");
        expect(await engine("up", "--yes")).toMatchObject({ code: 0 });
        expect(await engine("preview", "--expect-no-changes")).toMatchObject({ code: 0 });
        const outputs = JSON.parse((await project.tars("pulumi", "stack", "output", "--json")).stdout);
        const { annotations, podLabels } = outputs.ground.identities["team-app"];
        const account = await get("serviceaccount", "api-watcher");
        expect(account.metadata.annotations ?? {}).toEqual(annotations);
        const teamPods: readonly Pod[] = (await get("pods")).items;
        expect(teamPods).toHaveLength(2);
        for (const { metadata, status } of teamPods) {
            expect(metadata.labels).toMatchObject(podLabels);
            expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
        }
        expect(await engine("destroy", "--yes", "--skip-preview")).toMatchObject({ code: 0 });
    });

    const get = async (...words: readonly string[]) =>
        JSON.parse((await project.tars("kubectl", "get", ...words, "--namespace", "team-app", "-o", "json")).stdout);

    it("comes through the loss of a zone, and goes away as its owner has to take it away", async () => {
        const scenario = ["--scenario", "zone-lost", "--json", reportFile()];
        expect(await project.tars("simulate", stack, ...scenario)).toMatchObject({ code: 0 });
        const [{ name, ok, measured }] = report().scenarios;
        expect({ name, ok, notReady: measured.notReady }).toEqual({ name: "zone-lost", ok: true, notReady: [] });
        expect(report().protected.length).toBeGreaterThanOrEqual(guarded);
        expect(report().refusedFor.length > 0).toBe(guarded > 0);
        expect(report().retained.length > 0).toBe(keeps);
    });

    it("leaves nothing running and no state", async () => {
        expect(fs.existsSync(path.join(project.state, `${stack}.simulate`))).toBe(false);
        expect(await processesAfter(project.folder, 5_000)).toEqual([]);
    });
});
