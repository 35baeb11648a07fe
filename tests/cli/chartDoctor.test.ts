import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { charts } from "../../components/kubernetes/chartTable";

jest.setTimeout(10 * 60_000);

const command = path.resolve(__dirname, "..", "..", "cli", "bin", "tars.js");
const { version } = charts["cert-manager"];

/** As little of a chart as has something wrong: it reads one of the values that it is given, and shares the network of its node. */
const files: Readonly<Record<string, string>> = {
    "Chart.yaml": `apiVersion: v2\nname: cert-manager\nversion: ${version}\n`,
    "values.yaml": "replicaCount: 1\n",
    "templates/controller.yaml": `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cert-manager, namespace: {{ .Release.Namespace }}}
spec:
  replicas: {{ .Values.replicaCount }}
  selector: {matchLabels: {app: cert-manager}}
  template:
    metadata: {labels: {app: cert-manager}}
    spec: {hostNetwork: true, containers: [{name: controller, image: quay.io/example/controller:1.0.0}]}
`,
};

let mirror: string;
beforeAll(() => {
    mirror = fs.mkdtempSync(path.join(os.tmpdir(), "tars-charts-"));
    for (const [name, text] of Object.entries(files)) {
        const file = path.join(mirror, "cert-manager", name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text);
    }
    execFileSync("tar", ["-czf", path.join(mirror, `cert-manager-${version}.tgz`), "-C", mirror, "cert-manager"]);
});
afterAll(() => fs.rmSync(mirror, { recursive: true }));

const doctor = (...args: readonly string[]) =>
    spawnSync(process.execPath, [command, "doctor", ...args], { encoding: "utf8" });

test("what is in a chart is judged beside the stack that it is for, and what cannot be reached is listed with the reason", () => {
    const out = path.join(mirror, "charts.md");
    const ended = doctor("dev", "--charts", "--mirror", mirror, "--out", out);
    const rows = ended.stdout.split("\n").map((line) => line.trim().split(/ {2,}/));
    expect(rows).toContainEqual(["cert-manager", version, "dev", "PROBLEM", "1", "0", "privileged"]);
    expect(rows).toContainEqual(["istiod", charts.istiod.version, "dev", "unverified", "-", "-", "-"]);
    expect(rows).toContainEqual(["tetragon", charts.tetragon.version, "-", "in no stack", "-", "-", "-"]);
    const found = Object.keys(charts).length;
    const unverified = rows.filter(([, , , state]) => state === "unverified").length;
    expect(ended.stdout).toContain(
        `${found} charts: 1 rendered, ${unverified} unverified, ${found - 1 - unverified} in no stack`,
    );
    expect(ended.stderr).toMatch(/error: cert-manager \(dev\): POD-08 Deployment cert-manager: /);
    expect(ended.stderr).toMatch(/error: cert-manager \(dev\): no template reads the value webhook,/);
    expect(ended.stderr).not.toContain("reads the value replicaCount,");
    expect(ended.stderr).toMatch(/unverified: istiod \(dev\): .*istiod-/);
    expect(ended.status).toBe(2);
    expect(fs.readFileSync(out, "utf8")).toContain(
        `| cert-manager | ${version} | dev | PROBLEM | 1 | 0 | privileged |`,
    );
});

test("a mirror without charts to render is refused", () => {
    expect(doctor("--mirror", mirror)).toMatchObject({
        status: 3,
        stderr: expect.stringContaining("give --charts too"),
    });
});
