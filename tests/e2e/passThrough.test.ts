import * as fs from "node:fs";
import * as path from "node:path";
import { sharedCluster } from "../support/cluster";
import { copyProject, ended, type Project } from "../support/project";
import { processesAfter, processesOf } from "../support/traces";

jest.setTimeout(15 * 60_000);

/** One stack, in this order: what `tars pulumi` and `tars kubectl` must never do to it, its stack file and its cluster. */
describe("tars pulumi and tars kubectl", () => {
    let project: Project;
    let run: string;
    const at = (...parts: string[]): string => path.join(run, ...parts);
    const state = (): string =>
        fs.readFileSync(at("backend", ".pulumi", "stacks", "tars-platform", "dev.json"), "utf8");
    const stackFile = (): string => fs.readFileSync(path.join(project.folder, "Pulumi.dev.yaml"), "utf8");

    beforeAll(async () => {
        project = copyProject();
        run = path.join(project.state, "dev");
        expect(await project.tars("start")).toMatchObject({ code: 0 });
    });
    afterAll(() => project.remove());

    it.each([
        { line: "--color never preview --non-interactive", code: 0, says: "Policies:" },
        { line: "stack rm dev --yes --force", code: 3, says: "npx tars down --delete" },
        { line: "destroy --remove --yes", code: 3, says: "npx tars down --delete" },
        { line: "config set a b", code: 3, says: "change Pulumi.dev.yaml itself" },
        { line: "config refresh --force", code: 3, says: "change Pulumi.dev.yaml itself" },
        { line: "stack change-secrets-provider passphrase", code: 3, says: "does not work on the simulated stack" },
        { line: "config", code: 0, says: "ownership" },
        { line: "stack output", code: 0, says: "tars.local" },
        { line: "refresh --yes --non-interactive --color never", code: 0, says: "unchanged" },
        { line: "up --yes --non-interactive --config environment=dev", code: 0, says: "Policies:" },
    ])("pulumi $line ends with $code and leaves the stack file as it is", async ({ line, code, says }) => {
        const before = stackFile();
        const { stdout, stderr, ...end } = await project.tars("pulumi", ...line.split(" "));
        expect(`${stdout}${stderr}`).toContain(says);
        expect(end.code).toBe(code);
        expect(stackFile()).toBe(before);
    });

    it("asks which run is meant when several are up", async () => {
        const other = path.join(project.state, "dev.simulate");
        for (const file of ["session.json", path.join("cluster", "cluster.json")])
            fs.cpSync(at(file), path.join(other, file));
        try {
            const unnamed = await project.tars("kubectl", "get", "nodes");
            expect(unnamed.stderr).toContain("several runs are up: dev, dev.simulate");
            expect(unnamed.code).toBe(3);
            const named = await project.tars("kubectl", "--stack", "dev.simulate", "get", "nodes");
            expect(named.stdout).toContain("internal-1");
            expect(await project.tars("pulumi", "--stack", "dev", "stack", "output")).toMatchObject({ code: 0 });
        } finally {
            fs.rmSync(other, { recursive: true, force: true });
        }
        const nowhere = await project.tars("kubectl", "--stack", "dev.simulate", "get", "nodes");
        expect(nowhere.stderr).toContain("dev.simulate is not running");
        expect(nowhere.code).toBe(4);
    });

    it.each(["destroy", "refresh"])("refuses to %s on another cluster, and changes nothing", async (command) => {
        const own = fs.readFileSync(at("kubeconfig"));
        const before = managed(state());
        fs.copyFileSync(sharedCluster().kubeconfig, at("kubeconfig"));
        const refused = await project.tars("pulumi", command, "--yes", "--skip-preview", "--non-interactive");
        fs.writeFileSync(at("kubeconfig"), own);
        const uid = "[0-9a-f-]{36}";
        expect(refused.stdout).toMatch(
            new RegExp(`has UID ${uid}, but ${uid} is recorded by the stack's first update`),
        );
        expect(refused.stdout).not.toMatch(/\d+ (deleted|updated|created)/);
        expect(refused.code).toBe(1);
        expect(managed(state())).toEqual(before);
        const preview = await project.tars("pulumi", "preview", "--expect-no-changes", "--non-interactive");
        expect(preview).toMatchObject({ code: 0 });
    });

    it("leaves nothing of an update whose tars is killed, and the next start works", async () => {
        project.configure("dev", (config) => {
            config["tars-platform:tarsRag"] = { rateLimitPerMinute: 60 };
        });
        const up = project.spawn("pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
        const end = ended(up);
        await new Promise<void>((resolve) => up.stdout?.on("data", (text) => /updating/.test(text) && resolve()));
        expect(engines(project.folder)).not.toEqual([]);
        expect((await project.tars("status")).stdout).toContain("tars pulumi up");
        up.kill("SIGKILL");
        await end;
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        expect(engines(project.folder)).toEqual([]);
        const start = await project.tars("start");
        expect(start.stderr).toContain("beginning afresh: the last run was cut off within an update");
        expect(start.code).toBe(0);
        expect(await project.tars("down")).toMatchObject({ code: 0 });
        expect(await processesAfter(project.folder, 5_000)).toEqual([]);
    });
});

/** What the engine has made; it notes what it has only read anew whenever it looks, and orders and encrypts anew whenever it writes. */
function managed(state: string): readonly object[] {
    const resources: readonly { urn: string; external?: boolean; modified?: string }[] = JSON.parse(
        state.replace(/("ciphertext": *)"[^"]*"/g, '$1"hidden"'),
    ).checkpoint.latest.resources;
    const made = resources.filter(({ external }) => external !== true).map(({ modified, ...resource }) => resource);
    return made.sort((one, other) => (one.urn < other.urn ? -1 : 1));
}

/** Processes of the project other than its cluster's. */
function engines(folder: string): readonly string[] {
    return processesOf(folder).filter((line) => !line.includes(path.join(folder, ".tars", "dev", "cluster")));
}
