import * as fs from "node:fs";
import * as path from "node:path";
import { copyProject } from "../support/project";
import { processesAfter } from "../support/traces";

jest.setTimeout(10 * 60_000);

/** Istio's gateway is in every other test that brings a stack up. */
test("a simulated dev stack with a gateway of NGINX loses a zone, comes through, and leaves nothing behind", async () => {
    const project = copyProject();
    try {
        project.configure("dev", (config) => {
            config["tars-platform:edge"] = { controller: "nginx" };
        });
        const file = path.join(project.folder, "report.json");
        const unknown = await project.tars("simulate", "dev", "--scenario", "flood");
        expect(unknown).toMatchObject({ code: 3, stderr: expect.stringContaining("zone-lost") });
        const ended = await project.tars("simulate", "dev", "--scenario", "zone-lost", "--json", file);
        expect(ended).toMatchObject({ code: 0 });
        const report = JSON.parse(fs.readFileSync(file, "utf8"));
        expect(report).toMatchObject({ stack: "dev", protected: [], retained: [], pods: { misplaced: [] } });
        // Those of the gateway among them, which nobody but the stand-in of NGINX's control plane makes.
        expect(report.pods).toMatchObject({ ready: 37, total: 37 });
        const [{ name, ok, measured }] = report.scenarios;
        expect([name, ok]).toEqual(["zone-lost", true]);
        expect(measured).toMatchObject({ nodesLost: 1, notReady: [] });
        expect(measured.heldByDisks.length).toBeGreaterThan(0);
        expect(fs.existsSync(path.join(project.state, "dev.simulate"))).toBe(false);
        expect(await processesAfter(project.folder, 5_000)).toEqual([]);
    } finally {
        await project.remove();
    }
});
