import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { pins } from "../../simulator/engine/pinned";

// The first run compiles the linter.
jest.setTimeout(5 * 60_000);

const root = path.resolve(__dirname, "..", "..");
const folder = path.join(root, ".github", "workflows");
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

interface Step {
    readonly uses?: string;
    readonly with?: Readonly<Record<string, string | boolean>>;
}

interface Job {
    readonly steps: readonly Step[];
    readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
    readonly "timeout-minutes"?: number;
}

interface Workflow {
    readonly permissions?: Readonly<Record<string, string>>;
    readonly jobs: Readonly<Record<string, Job>>;
}

const files = fs.readdirSync(folder).map((name) => path.join(folder, name));

describe.each(files.map((file) => [path.basename(file), file] as const))("%s", (_, file) => {
    const text = fs.readFileSync(file, "utf8");
    const workflow: Workflow = parse(text);

    it("passes actionlint", () => {
        expect(lint(file)).toBe("");
    });

    it("pins every action to a commit and names its version", () => {
        const used = text.split("\n").filter((line) => /\buses:/.test(line));
        expect(used.filter((line) => !/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    });

    it("may only read, and ends", () => {
        expect(workflow.permissions).toEqual({ contents: "read" });
        for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeGreaterThan(0);
    });
});

it("has a linter that finds a mistake", () => {
    const job = ["on: push", "jobs:", "  a:", "    needs: absent", "    runs-on: ubuntu-24.04"];
    const broken = [...job, "    steps:", "      - run: echo", ""].join("\n");
    expect(lint("-", broken)).toContain("absent");
});

it("runs the README's test command on the oldest Node and on a current one", () => {
    const ci: Workflow = parse(fs.readFileSync(path.join(folder, "ci.yml"), "utf8"));
    expect(ci.jobs.test?.strategy?.matrix.node).toEqual([String(pins.node.minimum), "24"]);
    expect(version(ci, "actions/setup-go", "go-version")).toBe(pins.go.minimum);
});

it("installs the pinned Pulumi CLI for the live suite", () => {
    const live: Workflow = parse(fs.readFileSync(path.join(folder, "live.yml"), "utf8"));
    expect(version(live, "pulumi/actions", "pulumi-version")).toBe(pins.pulumi);
});

function version({ jobs }: Workflow, action: string, input: string): string | boolean | undefined {
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    return steps.find(({ uses }) => uses?.startsWith(`${action}@`))?.with?.[input];
}

/** What actionlint has to say; shellcheck and pyflakes are left out so that every machine says the same. */
function lint(file: string, input?: string): string {
    const args = ["run", actionlint, "-no-color", "-shellcheck=", "-pyflakes=", file];
    const found = spawnSync("go", args, { cwd: root, encoding: "utf8", ...(input === undefined ? {} : { input }) });
    if (found.error) throw found.error;
    return found.status === 0 ? "" : `${found.stdout}${found.stderr}`;
}
