import * as fs from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { operations, readPreview } from "../../cli/src/preview/read";
import { previewReport } from "../../cli/src/preview/report";
import { isStateful } from "../../cli/src/preview/stateful";
import { code, publicText } from "../../cli/src/preview/text";
import { rules } from "../../policy/registry";
import { projectRoot, scratchFolder, tars } from "./support";

/** What the engine printed for the dev stack on the embedded cluster, less states and most of what stays the same. */
const recorded = (name: string) => fs.readFileSync(path.join(__dirname, "preview", name), "utf8");
const scratch = scratchFolder();
const esc = String.fromCharCode(27);

/** Compares with tests/cli/preview/NAME.md, or writes it with TARS_UPDATE_GOLDEN=1. */
function expectGolden(name: string, text: string): void {
    const file = path.join(__dirname, "preview", `${name}.md`);
    if (process.env.TARS_UPDATE_GOLDEN === "1") fs.writeFileSync(file, text);
    expect(text).toBe(fs.readFileSync(file, "utf8"));
}

const change = (op: string, type: string, name: string, more: object = {}) =>
    JSON.stringify({
        resourcePreEvent: { metadata: { op, urn: `urn:pulumi:dev::tars-platform::${type}::${name}`, ...more } },
    });
const summary = (result = "succeeded", resourceChanges = {}) =>
    JSON.stringify({ summaryEvent: { result, resourceChanges } });
const report = (...lines: string[]) => previewReport({ stack: "dev", preview: readPreview(lines.join("\n")) });

test.each([
    ["same", 0],
    ["update", 0],
    ["replace", 0],
    ["delete", 0],
    ["violation", 255],
    ["failed", 255],
])("what a reviewer sees of a recorded preview: %s", (name, exitCode) => {
    const preview = readPreview(recorded(`${name}.jsonl`));
    expectGolden(name, previewReport({ stack: "dev", preview, exitCode }));
});

test("500 resources fit: deletions stay, and what is left out is counted", () => {
    const paths = Object.fromEntries(Array.from({ length: 9 }, (_, each) => [`spec.some.long.path[${each}]`, {}]));
    const lines = Array.from({ length: 500 }, (_, each) => {
        const op = each < 3 ? "delete" : "update";
        return change(op, "kubernetes:core/v1:ConfigMap", `settings-${each}`, { detailedDiff: paths });
    });
    const text = report(...lines, summary());
    expect(text.length).toBeLessThanOrEqual(30_000);
    expectGolden("large", text);
});

test("the digest says the same, but for the policy", () => {
    const digest = readPreview(recorded("update.digest.json"));
    const events = readPreview(recorded("update.jsonl"));
    expect({ ...digest, findings: [] }).toEqual({ ...events, findings: [] });
    expect(digest.findings).toBeUndefined();
    expect(previewReport({ stack: "dev", preview: digest })).toContain("not in this output");
});

test("a preview that never began is a failure with its own words, and its code", () => {
    const talk = `${esc}[31merror:${esc}[0m no stack named 'dev' found\n`;
    const text = previewReport({ stack: "dev", preview: readPreview(""), talk, exitCode: 255 });
    expectGolden("dead", text);
});

test("an engine that was cut off did not succeed, whatever it had found", () => {
    expect(report(change("create", "a:b:C", "one"))).toContain("**failed**");
    expect(report(change("create", "a:b:C", "one"), summary())).toContain("1 to create");
});

test("what is lost comes before everything else, with the object that is kept named", () => {
    const type = "kubernetes:core/v1:PersistentVolumeClaim";
    const text = report(
        change("create", "a:b:C", "new"),
        change("delete", type, "data", { old: { retainOnDelete: true } }),
        change("replace", "kubernetes:core/v1:ConfigMap", "settings", { keys: ["metadata.name"] }),
        summary(),
    );
    const order = ["[!CAUTION]", "| Delete |", "#### Delete (1)", "#### Replace (1)", "Create (1)"];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).toContain("> - Delete `kubernetes:core/v1:PersistentVolumeClaim` `data` (the object itself is kept");
    expect(text).toContain("`settings`: because of `metadata.name`");
});

test.each([
    ["kubernetes:apps/v1:StatefulSet", true],
    ["kubernetes:core/v1:Namespace", true],
    ["kubernetes:postgresql.cnpg.io/v1:Cluster", true],
    ["kubernetes:postgresql.cnpg.io/v1:Pooler", false],
    ["kubernetes:redis.redis.opstreelabs.in/v1beta2:RedisReplication", true],
    ["kubernetes:redis.redis.opstreelabs.in/v1beta2:RedisSentinel", false],
    ["kubernetes:apps/v1:Deployment", false],
    ["aws:s3/bucket:Bucket", true],
    ["aws:elasticache/replicationGroup:ReplicationGroup", true],
    ["azure-native:containerservice:ManagedCluster", true],
    ["aws:iam/role:Role", false],
])("%s is stateful: %p", (type, expected) => {
    expect(isStateful(type)).toBe(expected);
});

test.each(["prod-aws", "prod-azure"])("what %s protects and keeps is stateful, or a part of what is", (stack) => {
    const parts =
        /:(Subnet|LifecyclePolicy|Alias|RoleAssignment|UserAssignedIdentity|\w*Bucket\w+|Blob(Service|Container)\w+|ManagementPolicy|Subnet|kubernetes|ConfigGroup)$/;
    const folder = path.join(projectRoot, "tests", "golden", stack);
    const kept = fs
        .readdirSync(folder)
        .flatMap((file): readonly Kept[] => JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")))
        .filter(({ options }) => options?.protect ?? options?.retainOnDelete);
    expect(kept.length).toBeGreaterThan(8);
    expect(kept.filter(({ type }) => !isStateful(type) && !parts.test(type)).map(({ type }) => type)).toEqual([]);
});

interface Kept {
    readonly type: string;
    readonly options?: { readonly protect?: true; readonly retainOnDelete?: true };
}

test.each([
    ["postgres://tars:hunter2@db:5432/x", "postgres://[secret]@db:5432/x"],
    ["password=hunter2, user=a", "password=[secret], user=a"],
    ['"clientSecret": "hunter2"', '"clientSecret": [secret]'],
    ["Authorization: Bearer hunter2hunter2", "Authorization: Bearer [secret]"],
    ["-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----", "[secret]"],
    [`${esc}[1mbold${esc}[0m <{%fg 1%}>red<{%reset%}>`, "bold red"],
    [`${esc}]8;;https://x.example${esc}\\link${esc}]8;;${esc}\\`, "link"],
])("%j is shown as %j", (text, shown) => {
    expect(publicText(text)).toBe(shown);
});

test("a type that ends in Password is a name and no secret", () => {
    const type = "random:index/randomPassword:RandomPassword";
    expect(report(change("replace", type, "database", { keys: ["keepers"] }), summary())).toContain(
        `- \`${type}\` \`database\`: because of \`keepers\``,
    );
});

test("a secret in a message of the engine or of a rule is not shown", () => {
    const said = "cannot reach postgres://tars:hunter2@db with token=hunter2";
    const events = [
        { diagnosticEvent: { severity: "error", message: said } },
        { diagnosticEvent: { severity: "warning", message: said } },
        { policyEvent: { policyName: "A-1", enforcementLevel: "mandatory", message: said } },
    ];
    const text = report(...events.map((event) => JSON.stringify(event)), summary("failed"));
    expect(text.match(/\[secret\]@db/g)).toHaveLength(3);
    expect(text).not.toContain("hunter2");
});

test("names and messages are no Markdown and mention nobody", () => {
    expect(code("`@team` | <b>\n# x")).toBe("`'@team' | <b> # x`");
    const error = JSON.stringify({ diagnosticEvent: { severity: "error", message: "a\n```\n@team <!-- x -->" } });
    expect(report(error, summary("failed"))).toContain("```text\na\n'''\n@team <!-- x -->\n```");
});

test("no value of any state reaches the report, and it is never too long", () => {
    const word = fc.string({ minLength: 1, maxLength: 400 });
    const values = { old: { inputs: { password: "canary-1" } }, new: { outputs: { plain: "canary-2" } } };
    const one = fc
        .record({ op: fc.constantFrom(...operations), name: word, path: word })
        .map(({ op, name, path: at }) =>
            change(op, "kubernetes:apps/v1:StatefulSet", name, { diffs: [at], ...values }),
        );
    const debug = { diagnosticEvent: { severity: "debug", message: "canary-3" } };
    const half = JSON.stringify(debug).slice(0, -3);
    const message = word.map((said) => JSON.stringify({ diagnosticEvent: { severity: "error", message: said } }));
    fc.assert(
        fc.property(fc.array(fc.oneof(one, message), { maxLength: 300 }), (lines) => {
            const text = report(...lines, JSON.stringify(debug), summary(), half);
            expect(report(...lines, half)).not.toContain("canary");
            expect(text.length).toBeLessThanOrEqual(30_000);
            expect(text).not.toContain("canary");
        }),
        { numRuns: 50 },
    );
});

test("tars report writes it, and ends with 0 for a failed preview too", () => {
    fs.writeFileSync(scratch.at("events"), recorded("failed.jsonl"));
    const where = ["--preview", scratch.at("events"), "--out", scratch.at("report.md")];
    const ran = tars(["report", "--stack", "dev", "--exit-code", "255", ...where]);
    expect(ran).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(fs.readFileSync(scratch.at("report.md"), "utf8")).toBe(recorded("failed.md"));
});

describe("a mandatory finding", () => {
    const urn = "urn:pulumi:dev::tars-platform::tars:x:Y$kubernetes:apps/v1:Deployment::web";
    const finding = (message: string, policyName = "POD-08") =>
        JSON.stringify({
            policyEvent: { resourceUrn: urn, message, policyName, enforcementLevel: "mandatory", severity: "high" },
        });
    const shown = (message: string, policyName?: string) =>
        report(finding(message, policyName), summary())
            .split("\n")
            .filter((line) => /^( {2})?- /.test(line));

    test("shows rule, resource and fix, whatever the length of what is wrong", () => {
        const { fix = "" } = rules.find(({ id }) => id === "POD-08") ?? {};
        expect(shown(`Title\nspec.${"x".repeat(600)} is true; ${fix}\n`)).toEqual([
            "- `POD-08` high on `kubernetes:apps/v1:Deployment web`: `Title`",
            expect.stringMatching(/^ {2}- `spec\.x{390,}…`$/),
            `  - Fix: \`${fix}\``,
        ]);
    });

    test("of another fix than the rule's own, or of another pack, loses nothing", () => {
        expect(shown("Title\nspec is wrong; do this; or that").slice(1)).toEqual([
            "  - `spec is wrong`",
            "  - Fix: `do this; or that`",
        ]);
        expect(shown("no buckets", "their-rule")).toEqual([
            "- `their-rule` high on `kubernetes:apps/v1:Deployment web`: `no buckets`",
        ]);
    });

    test("keeps what looks like a secret to itself", () => {
        expect(shown("Title\npassword: hunter2 is wrong; set token=abcdefgh away").join()).not.toMatch(
            /hunter2|abcdefgh/,
        );
    });
});
