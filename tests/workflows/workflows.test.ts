import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { stacksAmong } from "../../cli/src/preview/touched";
import { pins } from "../../simulator/engine/pinned";

// The first run compiles the linter.
jest.setTimeout(5 * 60_000);

const root = path.resolve(__dirname, "..", "..");
const folder = path.join(root, ".github", "workflows");
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

interface Step {
    readonly name?: string;
    readonly if?: string;
    readonly run?: string;
    readonly uses?: string;
    readonly with?: Readonly<Record<string, string | boolean>>;
}

interface Job {
    readonly if?: string;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly outputs?: Readonly<Record<string, string>>;
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
        expect(used.filter((line) => !/uses: [\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
            [],
        );
    });

    it("may only read, and ends", () => {
        expect(workflow.permissions).toEqual({ contents: "read" });
        for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeGreaterThan(0);
    });
});

const auditor = spawnSync("zizmor", ["--version"], { encoding: "utf8" });
const audited = auditor.status === 0 ? it : it.skip;

audited(
    `workflows pass zizmor${auditor.status === 0 ? "" : ": it is not on PATH (python3 -m pip install zizmor)"}`,
    () => {
        const found = spawnSync("zizmor", ["--offline", "--quiet", "--persona=auditor", folder], { encoding: "utf8" });
        expect(found).toMatchObject({ status: 0, stdout: expect.not.stringMatching(/^(help|warning|error)\[/m) });
    },
);

describe("pull-request.yml", () => {
    const text = fs.readFileSync(path.join(folder, "pull-request.yml"), "utf8");
    const { jobs }: Workflow = parse(text);

    it("gives one job the right to write a comment, another the right to log in to clouds, and neither anything else", () => {
        const granted = Object.entries(jobs).flatMap(([name, { permissions }]) =>
            permissions ? [[name, permissions]] : [],
        );
        expect(Object.fromEntries(granted)).toEqual({
            comment: { contents: "read", "pull-requests": "write" },
            preview: { contents: "read", "id-token": "write" },
            outside: {},
        });
        expect(JSON.stringify(jobs.comment)).not.toContain("secrets.");
    });

    it("keeps credentials and the runner that has them from forks", () => {
        const holds = /secrets\.|matrix\.runner|id-token|AWS_|AZURE_/;
        const holders = Object.values(jobs).filter((job) => holds.test(JSON.stringify(job)));
        expect(holders).toEqual([jobs.preview]);
        expect(jobs.preview?.if).toContain("github.event.pull_request.head.repo.full_name == github.repository &&");
        expect(jobs.preview?.if).not.toContain("||");
        expect(text).not.toContain("pull_request_target");
    });

    it("hands on the report of every stack", () => {
        const stacks = stacksAmong(fs.readdirSync(root));
        expect(jobs.preview?.outputs).toEqual(
            Object.fromEntries(stacks.map((stack) => [stack, `\${{ steps.report.outputs.${stack} }}`])),
        );
    });

    it("logs in to the cloud of the stack's environment without a stored credential, before the preview", () => {
        const steps = jobs.preview?.steps ?? [];
        const named = steps.map(({ name = "" }) => name);
        const logins = steps.filter(({ uses = "" }) => /^(aws-actions|azure)\//.test(uses));
        expect(logins.map((step) => step.if)).toEqual(["vars.AWS_PREVIEW_ROLE != ''", "vars.AZURE_CLIENT_ID != ''"]);
        for (const login of logins) {
            expect(JSON.stringify(login.with)).not.toMatch(/secrets\.|creds|access-key/);
            expect(steps.indexOf(login)).toBeLessThan(named.indexOf("Preview"));
        }
    });

    it("uses no action but logins that the other workflows do not use, at the same commit", () => {
        const used = (file: string) =>
            [...fs.readFileSync(file, "utf8").matchAll(/uses: (.+)/g)].map(([, action]) => action);
        const others = files.filter((file) => !file.endsWith("pull-request.yml")).flatMap(used);
        const own = used(path.join(folder, "pull-request.yml")).filter((action) => !others.includes(action));
        expect(own.map((action = "") => action.replace(/@.*/, ""))).toEqual([
            "aws-actions/configure-aws-credentials",
            "azure/login",
        ]);
    });

    it("puts nothing that a pull request says into a script", () => {
        const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
        expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
    });
});

it.each(["azure-pipelines.yml", "buildspec.yml", ".github/workflows/pull-request.yml"])(
    "%s is YAML, and calls only scripts that there are",
    (name) => {
        const text = fs.readFileSync(path.join(root, name), "utf8");
        expect(parse(text)).toEqual(expect.any(Object));
        const scripts = [...text.matchAll(/(?<!\/)\.ci\/[\w.]+/g)].map(([script]) => path.join(root, script));
        for (const script of scripts) fs.accessSync(script, fs.constants.X_OK);
        const { scripts: known }: { scripts: Record<string, string> } = require("../../package.json");
        const called = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = ""]) => script);
        expect(called).toContain("test:quick");
        expect(called.filter((script) => !(script in known))).toEqual([]);
        expect(scripts.map((script) => path.basename(script))).toContain(
            name.endsWith("request.yml") ? "preview" : "previews",
        );
    },
);

it("gives each stack to a pipeline that reaches its cloud", () => {
    const named = ["azure-pipelines.yml", "buildspec.yml"].flatMap((name) => {
        const text = fs.readFileSync(path.join(root, name), "utf8");
        return /\.ci\/previews "[^"]+"(.*)/.exec(text)?.[1]?.trim().split(" ") ?? [];
    });
    expect(named.sort()).toEqual([...stacksAmong(fs.readdirSync(root))].sort());
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

it("uploads policy findings only where code scanning is paid for, with a token that can do nothing else", () => {
    const { policy }: Workflow["jobs"] = parse(fs.readFileSync(path.join(folder, "ci.yml"), "utf8")).jobs;
    expect(policy?.permissions).toEqual({ contents: "read", "security-events": "write" });
    expect(policy?.if).toMatch(/^vars\.TARS_CODE_SCANNING == 'true' && /);
    const [judged, upload] = policy?.steps.slice(-2) ?? [];
    expect(judged?.run).toContain("policy --format sarif --out policy.sarif");
    expect(upload?.with?.sarif_file).toBe("policy.sarif");
});

it.each(["live.yml", "pull-request.yml"])("installs the pinned Pulumi CLI in %s", (name) => {
    const workflow: Workflow = parse(fs.readFileSync(path.join(folder, name), "utf8"));
    expect(version(workflow, "pulumi/actions", "pulumi-version")).toBe(pins.pulumi);
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
