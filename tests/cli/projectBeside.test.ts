import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "../../simulator/fault";
import { statePaths } from "../../simulator/session/paths";
import { projectBeside, writeWorkspace } from "../../simulator/session/stack";
import { projectRoot, scratchFolder, thrownBy } from "./support";

const scratch = scratchFolder();
const paths = statePaths("dev", scratch.at("state"));

function folder(name: string, project: string): string {
    fs.mkdirSync(scratch.at(name));
    fs.writeFileSync(scratch.at(name, "Pulumi.yaml"), project);
    return scratch.at(name);
}

test.each([
    { what: "a folder without a project", at: () => scratch.at("nowhere"), says: "no Pulumi.yaml with a name" },
    {
        what: "a nameless project",
        at: () => folder("nameless", "runtime: nodejs\n"),
        says: "no Pulumi.yaml with a name",
    },
    { what: "a name that is a path", at: () => folder("escape", "name: ../x\n"), says: "no Pulumi.yaml with a name" },
    { what: "the platform itself", at: () => projectRoot, says: "the platform itself" },
])("$what is refused", async ({ at, says }) => {
    const error = await thrownBy(() => projectBeside(paths, at()));
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ message: expect.stringContaining(says), exitCode: 3 });
});

test("the engine runs in a folder of the run, which leads to the project's own program; the project's files stay as they are", () => {
    const example = path.join(projectRoot, "examples", "team-app");
    const before = fs.readdirSync(example);
    const project = projectBeside(paths, example);
    writeWorkspace(project, "dev");
    expect(path.dirname(project.workspace)).toBe(paths.workspace);
    const written = fs.readFileSync(path.join(project.workspace, "Pulumi.yaml"), "utf8");
    expect(written).toContain(`main: ${path.join(example, "index.ts")}`);
    expect(fs.readFileSync(path.join(project.workspace, "Pulumi.dev.yaml"), "utf8")).toContain("team-app:platform");
    expect(fs.readdirSync(example)).toEqual(before);
});
