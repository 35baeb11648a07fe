import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { commentText, putComment } from "../../cli/src/preview/comment";
import { readPreview } from "../../cli/src/preview/read";
import { previewReport } from "../../cli/src/preview/report";
import { planPreviews, stacksAmong, touchedStacks } from "../../cli/src/preview/touched";

const root = path.resolve(__dirname, "..", "..");
const stacks = ["dev", "staging"];

describe("touched stacks", () => {
    test.each([
        [["Pulumi.dev.yaml"], ["dev"]],
        [["images.staging.lock.json"], ["staging"]],
        [["components/data/redis.ts"], stacks],
        [["policy/rules/podRule.ts"], stacks],
        [["index.ts"], stacks],
        [["package.json"], stacks],
        [["package-lock.json"], stacks],
        [["Pulumi.yaml"], stacks],
        [["docs/live.md", "README.md", "policy/README.md", "tests/run.js", "simulator/fault.ts", ""], []],
        [["Pulumi.gone.yaml", "nested/Pulumi.dev.yaml", "nested/index.ts"], []],
    ])("%j touch %j", (files, touched) => {
        expect(touchedStacks(files, stacks)).toEqual(touched);
    });

    test("stacks are those with a file", () => {
        expect(stacksAmong(["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.dev.yaml", "index.ts"])).toEqual(stacks);
    });

    test("a stack without a runner is not previewed, and the reason is said", () => {
        expect(planPreviews(stacks, '{"dev":"tars-dev"}')).toEqual({
            previews: [{ stack: "dev", runner: "tars-dev" }],
            notes: [expect.stringMatching(/^staging: no preview, .*TARS_PREVIEW_RUNNERS/)],
        });
        expect(planPreviews(["dev"], "").previews).toEqual([]);
    });

    test.each(["tars-dev", "[]", "null", '{"dev":1}', '{"dev":""}'])("runners %s are refused", (runners) => {
        expect(() => planPreviews(["dev"], runners)).toThrow("TARS_PREVIEW_RUNNERS must be JSON");
    });
});

test("the comment shows rule, resource and fix of what stops the update", () => {
    const preview = fs.readFileSync(path.join(root, "tests", "cli", "preview", "violation.jsonl"), "utf8");
    const report = previewReport({ stack: "dev", preview: readPreview(preview), exitCode: 255 });
    const text = commentText({
        expected: ["dev"],
        reports: { dev: report },
        notes: [],
        commit: "abc",
        run: "https://x",
    });
    expect(text).toContain(
        "- `POD-07` medium on `kubernetes:apps/v1:Deployment redis`: `The root file system is read-only`\n" +
            "  - `spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem is false`\n" +
            "  - Fix: `set readOnlyRootFilesystem to true and mount an emptyDir where the program writes`\n",
    );
});

describe("the scripts", () => {
    let folder: string;
    beforeAll(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-previews-"));
    });
    afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

    test("touched.js needs a base, and says what no runner is named for", () => {
        const run = (...args: string[]) =>
            spawnSync(process.execPath, [path.join(root, ".ci", "touched.js"), ...args], { encoding: "utf8" });
        expect(run()).toMatchObject({ status: 3, stderr: expect.stringContaining("fix:") });
        expect(run("HEAD", "--github")).toMatchObject({ status: 0, stdout: "previews=[]\nnotes=[]\n" });
    });

    test("preview keeps pulumi's exit code, asks for masked events, and leaves a report", () => {
        const events = path.join(root, "tests", "cli", "preview", "failed.jsonl");
        const pulumi = `#!/bin/sh\necho "$@" > ${folder}/args\necho "$PULUMI_ENABLE_STREAMING_JSON_PREVIEW" >> ${folder}/args\ncat ${events}\nexit 255\n`;
        fs.writeFileSync(path.join(folder, "pulumi"), pulumi, { mode: 0o755 });
        const env = { ...process.env, PATH: `${folder}${path.delimiter}${process.env.PATH}` };
        const stack = "test-of-preview";
        const ran = spawnSync(path.join(root, ".ci", "preview"), [stack], { encoding: "utf8", env });
        fs.rmSync(path.join(root, ".tars", "preview", `${stack}.md`));
        expect(ran.status).toBe(255);
        expect(ran.stdout).toContain(`### Preview of \`${stack}\`: **failed**`);
        expect(ran.stdout).toContain("sizes.postgres.storage: must be bytes");
        const [args, streaming] = fs.readFileSync(path.join(folder, "args"), "utf8").split("\n");
        expect(args).toContain(`preview --stack ${stack} --policy-pack policy --json`);
        expect(args).not.toMatch(/show-secrets|event-log/);
        expect(streaming).toBe("true");
    });
});

describe("previews", () => {
    test("leaves a stack that is not named to others, and ends with the failure of one that is", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-previews-"));
        fs.mkdirSync(path.join(folder, ".ci"));
        fs.copyFileSync(path.join(root, ".ci", "previews"), path.join(folder, ".ci", "previews"));
        fs.writeFileSync(path.join(folder, ".ci", "touched.js"), "console.log('dev\\nprod-aws\\nstaging')");
        const preview = '#!/bin/sh\necho "preview of $1"\n[ "$1" != staging ] || exit 255\n';
        fs.writeFileSync(path.join(folder, ".ci", "preview"), preview, { mode: 0o755 });
        const run = (...args: readonly string[]) =>
            spawnSync(path.join(folder, ".ci", "previews"), args, { encoding: "utf8" });
        expect(run("main", "staging", "prod-aws")).toMatchObject({
            status: 255,
            stdout: "dev: previewed elsewhere.\npreview of prod-aws\npreview of staging\n",
        });
        expect(run("main").stdout).toBe("preview of dev\npreview of prod-aws\npreview of staging\n");
        fs.rmSync(folder, { recursive: true });
    });
});

describe("the comment", () => {
    const given = {
        expected: ["dev"],
        reports: { dev: "### dev" },
        notes: [],
        commit: "abc",
        run: "https://x.example",
    };
    const marker = "<!-- tars-platform: previews -->";

    test("has every expected stack, every note, and says so when there is nothing", () => {
        expect(commentText(given)).toContain("### dev");
        expect(commentText({ ...given, reports: {} })).toContain("It left no report");
        expect(commentText({ ...given, expected: [] })).toContain("nothing to preview");
        expect(commentText({ ...given, notes: ["staging: no preview"] })).toContain("- staging: no preview");
    });

    test("is never longer than GitHub takes", () => {
        const text = commentText({ ...given, reports: { dev: "a line\n".repeat(20_000) } });
        expect(text.length).toBeLessThanOrEqual(65_536);
        expect(text).toContain("more than a comment holds");
        expect(text.startsWith(marker)).toBe(true);
    });

    test.each([
        [
            "its own comment on the second page",
            "github-actions[bot]",
            true,
            "edited",
            "PATCH /repos/o/r/issues/comments/7",
        ],
        ["another's comment with the marker", "mallory", true, "made", "POST /repos/o/r/issues/3/comments"],
        ["no comment and nothing to say", "mallory", false, "none", ""],
    ])("finds %s", async (_, login, make, done, call) => {
        const other = { id: 1, body: "hello", user: { login: "a" } };
        const pages = [Array.from({ length: 100 }, () => other), [{ id: 7, body: `${marker}\nold`, user: { login } }]];
        const calls: string[] = [];
        const server = createServer((request, response) => {
            const page = Number(new URL(request.url ?? "", "http://x.example").searchParams.get("page"));
            if (request.method !== "GET") calls.push(`${request.method} ${request.url}`);
            response.end(JSON.stringify(request.method === "GET" ? pages[page - 1] : {}));
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const address = server.address();
        const port = typeof address === "object" ? address?.port : undefined;
        const to = { api: `http://127.0.0.1:${port}`, repository: "o/r", number: 3, token: "t" };
        expect(await putComment(to, "text", make)).toBe(done);
        server.close();
        expect(calls.join()).toBe(call);
    });
});
