import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { isMapping } from "../../policy/reading/value";
import { compliantPod } from "./support";

const command = path.resolve(__dirname, "..", "..", "cli", "bin", "tars.js");
const canary = "canary-77c1e0";

let folder: string;
beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "manifests-"));
    const metadata = { name: "good", namespace: "shop" };
    const template = { spec: compliantPod };
    write("good.yaml", stringify({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { colour: "blue" } }));
    write("unsigned.yaml", stringify({ apiVersion: "v1", kind: "PodTemplate", metadata: { name: "good" }, template }));
    write("nested/deep/bad.yml", bad);
    write("nested/broken.yaml", broken);
    write("nested/list.json", JSON.stringify(list));
    write("nested/values.yaml", "replicas: 3\n");
    write("nested/notes.txt", "kind: Pod\napiVersion: v1\n");
    write(".hidden/ignored.yaml", bad);
});
afterAll(() => rmSync(folder, { recursive: true }));

const bad = `# two documents, the first without a namespace
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      automountServiceAccountToken: no
      securityContext: {runAsNonRoot: yes, seccompProfile: {type: RuntimeDefault}}
      initContainers:
        - name: init
          image: busybox
          resources: {requests: {cpu: 1, memory: 1Gi, ephemeral-storage: 1Gi}, limits: {memory: 1Gi, ephemeral-storage: 1Gi}}
          env: [{name: TOKEN, value: ${canary}}]
          securityContext: &strict
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
      containers: []
--- # the second
apiVersion: v1
kind: Pod
metadata: {name: debugged, namespace: shop}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  ephemeralContainers:
    - name: shell
      image: busybox:1.37
      securityContext:
        <<: &strict {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
        privileged: true
`;

const broken = `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Values.name }}
---
apiVersion: v1
kind: "Pod
metadata: {name: swallowed}
---
apiVersion: v1
kind: Pod
metadata: {name: after}
spec: {hostNetwork: true, automountServiceAccountToken: false}
---
a: &loop
  b: *loop
---
twice: 1
twice: 2
`;

const labels = {
    owner: "team",
    environment: "dev",
    "data-class": "internal",
    "cost-centre": "cc-1",
    "app.kubernetes.io/part-of": "shop",
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "v1.32",
};

const list = {
    apiVersion: "v1",
    kind: "List",
    items: [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } },
        {
            apiVersion: "batch/v1",
            kind: "CronJob",
            metadata: { name: "nightly", namespace: "shop" },
            spec: { jobTemplate: { spec: { template: { spec: { ...compliantPod, hostPID: true } } } } },
        },
    ],
};

function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
}

interface Ran {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

function run(args: readonly string[], input = ""): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, "policy", ...args], {
        cwd: folder,
        input,
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1" },
    });
    return { code: status, stdout, stderr };
}

/** The rules that the files break on purpose; what else they break is those rules' own tests' business. */
const meant: readonly unknown[] = ["INPUT", "POD-01", "POD-08", "IMG-02", "NS-03"];

/** Findings as JSON, each in one line of the fields that name it. */
function found(ran: Ran): readonly string[] {
    const findings: unknown = JSON.parse(ran.stdout);
    if (!Array.isArray(findings)) throw new Error("no list of findings");
    return findings
        .filter(isMapping)
        .filter(({ rule }) => meant.includes(rule))
        .map(({ file, line, kind, name, namespace, rule, level }) =>
            [`${file}:${line}`, kind ?? "-", name ?? "-", namespace ?? "-", rule, level].join(" "),
        );
}

test("a folder: every object of every document, however it is packed, and nothing else", () => {
    const ran = run(["--manifests", ".", "--format", "json"]);
    expect(found(ran)).toEqual([
        "nested/broken.yaml:4 - - - INPUT error",
        "nested/broken.yaml:8 - - - INPUT error",
        "nested/broken.yaml:10 Pod after - POD-08 mandatory",
        "nested/broken.yaml:15 - - - INPUT error",
        "nested/broken.yaml:19 - - - INPUT error",
        "nested/deep/bad.yml:2 Deployment web - IMG-02 mandatory",
        "nested/deep/bad.yml:21 Pod debugged shop POD-01 mandatory",
        "nested/list.json:1 Namespace shop - NS-03 mandatory",
        "nested/list.json:1 CronJob nightly shop POD-08 mandatory",
    ]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("1 document is no Kubernetes object and was not judged");
});

test("a finding has everything that a report needs, and no secret", () => {
    const ran = run(["--manifests", path.join("nested", "deep"), "--format", "json"]);
    const [finding] = JSON.parse(ran.stdout);
    expect(finding).toEqual({
        file: "nested/deep/bad.yml",
        line: 2,
        kind: "Deployment",
        name: "web",
        namespace: null,
        rule: "IMG-02",
        severity: "high",
        level: "mandatory",
        path: "spec.template.spec.initContainers[0].image",
        message: "spec.template.spec.initContainers[0].image has no tag; name an exact tag or a digest",
        fix: "name an exact tag or a digest",
        controls: expect.arrayContaining([{ framework: "ISO/IEC 27001 Annex A", version: "2022", number: "8.19" }]),
        decided: true,
    });
    expect(ran.stdout + ran.stderr + run(["--manifests", "nested"]).stdout).not.toContain(canary);
});

test.each(["text", "json", "sarif", "markdown"])(
    "%s shows no secret, of what is judged or of what cannot be read",
    (format) => {
        const unreadable = [
            `password: *${canary}`,
            `password: |${canary}`,
            `password: "\\q${canary}"`,
            `- {a: ${canary}`,
        ];
        const input = [bad, ...unreadable.map((line) => `apiVersion: v1\nkind: Secret\n${line}\n`)].join("\n---\n");
        const ran = run(["--manifests", "-", "--format", format], input);
        expect(ran.code).toBe(2);
        expect(ran.stdout).toContain("POD-01");
        expect(ran.stdout + ran.stderr).not.toContain(canary);
    },
);

test("clean files end with 0 and an empty list", () => {
    const ran = run(["--manifests", "good.yaml", "--format", "json"]);
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([0, "[]\n", ""]);
});

test("whether an image is signed is not decided where no policy is among the files", () => {
    const findings: unknown = JSON.parse(run(["--manifests", "unsigned.yaml", "--format", "json"]).stdout);
    const undecided = { level: "advisory", message: expect.stringMatching(/^not decided: /) };
    expect(findings).toMatchObject([
        { rule: "IMG-01", ...undecided },
        { rule: "IMG-04", ...undecided },
    ]);
});

test("standard input is -, and may stand beside files", () => {
    const ran = run(["--manifests", "-", "good.yaml", "--format", "json"], bad);
    expect(found(ran)).toEqual(
        [
            "-:2 Deployment web - IMG-02 mandatory",
            "-:21 Pod debugged shop POD-01 mandatory",
            "-:21 Pod debugged shop NS-03 advisory",
        ].sort(),
    );
    expect(ran.code).toBe(2);
});

test("only unreadable input ends with 3", () => {
    const ran = run(["--manifests", "-"], "a: [1, 2\n");
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("0 mandatory, 0 advisory (0 not decided), 1 unreadable");
});

test("text names file, line, object, rule and fix", () => {
    expect(run(["--manifests", "nested"]).stdout).toContain(
        "nested/deep/bad.yml:2 Deployment web\n  mandatory  IMG-02   high     spec.template.spec.initContainers[0].image has no tag; name an exact tag or a digest\n",
    );
});

test.each([
    [["--manifests", "good.yaml", "nowhere", "neither.yaml"], "no such file or folder: nowhere, neither.yaml"],
    [["--manifests", "good.yaml", "--format", "yaml"], "--format yaml is not known"],
    [["dev", "--manifests", "good.yaml"], "both a stack and --manifests are given"],
    [["--state", "state.json", "--manifests", "good.yaml"], "both --state and --manifests are given"],
    [["dev", "--environment", "staging"], "--environment is for states and manifests"],
    [["--manifests", "good.yaml", "--environment", "test"], "--environment test is not known"],
    [["--manifests", "good.yaml", "--date", "2026-02-30"], "--date 2026-02-30 is no day"],
    [["--manifests", "good.yaml", "--policy-pack-config", "none.json"], "none.json cannot be read"],
    [["--manifests", "good.yaml", "--out", "no/folder/report"], "no/folder/report cannot be written"],
])("%j is refused with one message and exit 3", (args, message) => {
    const ran = run(args);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toMatch(/^ +at /m);
    expect([ran.code, ran.stdout]).toEqual([3, ""]);
});

test("a wrong pack configuration is refused with every wrong key", () => {
    write("config.json", JSON.stringify({ "POD-1": "advisory", "POD-13": { apiClient: [] } }));
    const { code, stderr } = run(["--manifests", "good.yaml", "--policy-pack-config", "config.json"]);
    expect(code).toBe(3);
    expect(stderr).toContain("POD-1 is no rule of this pack: did you mean POD-01?");
    expect(stderr).toContain("POD-13.apiClient is no setting of POD-13: did you mean apiClients?");
});

test("tars pulumi refuses the same one before anything of the engine starts, and asks nothing of another pack's", () => {
    write("config.json", JSON.stringify({ "POD-1": "advisory", all: "of" }));
    const pulumi = (...args: readonly string[]) =>
        spawnSync(process.execPath, [command, "pulumi", "preview", ...args], {
            cwd: folder,
            encoding: "utf8",
            env: { ...process.env, NO_COLOR: "1", TARS_STATE_DIR: path.join(folder, "state") },
        });
    const refused = pulumi("--policy-pack-config=config.json");
    expect([refused.status, refused.stdout]).toEqual([3, ""]);
    expect(refused.stderr).toContain("POD-1 is no rule of this pack: did you mean POD-01?");
    expect(refused.stderr).toContain("all is no level");
    // Nothing runs here: what is wrong is then only that.
    expect(pulumi("--policy-pack", "other", "--policy-pack-config", "config.json").status).toBe(4);
    write("config.json", JSON.stringify({ "POD-07": "advisory" }));
    expect(pulumi("--policy-pack-config", "config.json").status).toBe(4);
});

test("a right one changes levels, and --out takes the report", () => {
    write("config.json", JSON.stringify({ all: "advisory", "POD-01": "disabled" }));
    const ran = run([
        "--manifests",
        "nested/deep",
        "--policy-pack-config",
        "config.json",
        "--out",
        "report",
        "--format",
        "json",
    ]);
    expect([ran.code, ran.stdout]).toEqual([0, ""]);
    const report = run(["--manifests", "nested/deep", "--policy-pack-config", "config.json", "--format", "json"]);
    expect(found(report)).toEqual([
        "nested/deep/bad.yml:2 Deployment web - IMG-02 advisory",
        "nested/deep/bad.yml:21 Pod debugged shop NS-03 advisory",
    ]);
});
