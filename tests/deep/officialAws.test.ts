import * as fs from "node:fs";
import * as path from "node:path";
import { officialDirectory } from "../conformance/plugins";
import { copyProject } from "../support/project";

jest.setTimeout(40 * 60_000);

const official = officialDirectory();
const reason = "not here: set TARS_OFFICIAL_PLUGINS to a folder with Pulumi's own eks and kubernetes plugins";
const here = official === undefined ? describe.skip : describe;

here(`prod-aws with the official eks and kubernetes plugins${official === undefined ? ` (${reason})` : ""}`, () => {
    it("is the same: everything there, a second preview empty, a protected end", async () => {
        const project = copyProject();
        try {
            const file = path.join(project.folder, "report.json");
            const args = ["--plugins", official ?? "", "--json", file];
            const ended = await project.tars("simulate", "prod-aws", ...args);
            expect(ended.code === 0 ? "" : ended.stderr).toBe("");
            const report = JSON.parse(fs.readFileSync(file, "utf8"));
            const golden = fs.readdirSync(goldenFolder).flatMap((name) => rowsOf(path.join(goldenFolder, name)));
            // The component's children are its plugin's; the captured graph holds the component itself.
            expect(report.resources).toBeGreaterThan(golden.length);
            expect(report.pods).toMatchObject({ misplaced: [] });
            expect(report.retained.length).toBeGreaterThan(0);
        } finally {
            await project.remove();
        }
    });
});

const goldenFolder = path.join(__dirname, "..", "golden", "prod-aws");
const rowsOf = (file: string): readonly unknown[] => JSON.parse(fs.readFileSync(file, "utf8"));
