import { createPrivateKey } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyProject, type Ended, ended, type Project } from "../support/project";
import { filesHolding, processesAfter } from "../support/traces";

jest.setTimeout(15 * 60_000);

interface KubernetesObject {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid?: string };
    readonly data?: Readonly<Record<string, string>>;
    readonly status?: {
        readonly phase?: string;
        readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
}

/** The object as somebody would create it once more, under another name. */
function asNew({ metadata, status: _, ...object }: KubernetesObject): object {
    const { name, namespace } = metadata;
    return { ...object, metadata: { name: `${name}-again`, namespace } };
}

/** The tests tell one story on one stack, in this order; each says what must hold at its point of it. */
describe("the dev stack on the embedded cluster", () => {
    let project: Project;
    let first: Ended;
    let firstMs: number;

    beforeAll(async () => {
        project = copyProject();
        const start = Date.now();
        first = await project.tars("start");
        firstMs = Date.now() - start;
    });
    afterAll(() => project.remove());

    const get = async (...args: readonly string[]): Promise<readonly KubernetesObject[]> => {
        const found = await project.tars("kubectl", "get", ...args, "-o", "json");
        expect(found).toMatchObject({ code: 0 });
        return JSON.parse(found.stdout).items;
    };

    it("comes up with one command", () => {
        expect(`${first.stderr}\n${first.stdout}`).toContain("kubeconfig");
        expect(first.code).toBe(0);
    });

    it("has every pod Running and Ready, or done with its work", async () => {
        const pods = await get("pods", "--all-namespaces");
        const waiting = pods.filter(
            ({ status }) =>
                status?.phase !== "Succeeded" &&
                (status?.phase !== "Running" ||
                    !status.conditions?.some(({ type, status }) => type === "Ready" && status === "True")),
        );
        expect(waiting.map(({ metadata }) => metadata.name)).toEqual([]);
        expect(pods.filter(({ metadata }) => metadata.name.startsWith("tars-backend-"))).toHaveLength(3);
    });

    it.each([
        "hpa",
        "pdb",
        "resourcequota",
        "limitrange",
        "networkpolicy",
        "httproutes.gateway.networking.k8s.io",
        "authorizationpolicies.security.istio.io",
        "destinationrules.networking.istio.io",
    ])("has its %s", async (kind) => {
        expect((await get(kind, "--namespace", "tars")).length).toBeGreaterThan(0);
    });

    it("has a gateway that is programmed, with a certificate from its own authority", async () => {
        const isTrue = (found: readonly KubernetesObject[], wanted: string) =>
            found.map(({ status }) => status?.conditions?.find(({ type }) => type === wanted)?.status);
        const gateways = await get("gateways.gateway.networking.k8s.io", "--namespace", "istio-ingress");
        expect(isTrue(gateways, "Programmed")).toEqual(["True"]);
        const certificates = await get("certificates.cert-manager.io", "--namespace", "istio-ingress");
        expect(isTrue(certificates, "Ready")).toEqual(["True"]);
    });

    it("has nothing that its admission policies warn of, and is warned of what it must not have", async () => {
        const own = (await get("deployments,statefulsets,pods", "--namespace", "tars")).map(asNew);
        expect(own.length).toBeGreaterThan(8);
        const privileged = { name: "app", image: "registry.k8s.io/pause:3.10", securityContext: { privileged: true } };
        // Pod Security refuses such a pod by itself; of a template of one it only warns.
        const labels = { app: "bad" };
        const template = { metadata: { labels }, spec: { containers: [privileged] } };
        const metadata = { name: "bad", namespace: "tars" };
        const spec = { selector: { matchLabels: labels }, template };
        const told = async (...objects: readonly object[]) => {
            const file = path.join(project.state, "tried.json");
            fs.writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
            return (await project.tars("kubectl", "create", "--dry-run=server", "-f", file)).stderr;
        };
        expect(await told(...own)).not.toContain("ValidatingAdmissionPolicy");
        const bad = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
        expect(await told(bad)).toContain("POD-01: No container is privileged");
    });

    it("shows no generated secret anywhere it writes", async () => {
        const places = ["tars", "istio-ingress"];
        const secrets = await Promise.all(places.map((namespace) => get("secrets", "--namespace", namespace)));
        const canaries = generatedValues(secrets.flat());
        expect(Object.keys(canaries).length).toBeGreaterThan(2);
        expect(Object.values(canaries).filter((value) => value.startsWith("-----BEGIN"))).toHaveLength(2);
        const outputs = await project.tars("pulumi", "stack", "output", "--json");
        const preview = await project.tars("pulumi", "preview", "--diff", "--show-sames", "--non-interactive");
        expect(preview.stdout).toContain("kubernetes:core/v1:Secret");
        const rendered = path.join(project.folder, "rendered");
        expect(await project.tars("render", "dev", "--out", rendered)).toMatchObject({ code: 0 });
        const printed = [first, outputs, preview].flatMap(({ stdout, stderr }) => [stdout, stderr]);
        fs.writeFileSync(path.join(project.state, "printed"), printed.join("\n"));
        expect(filesHolding(project.state, canaries)).toEqual([]);
        expect(filesHolding(rendered, canaries)).toEqual([]);
    });

    it("changes nothing the second time, and is quicker", async () => {
        const start = Date.now();
        const second = await project.tars("start");
        expect(second).toMatchObject({ code: 0 });
        expect(`${second.stdout}${second.stderr}`).toMatch(/no changes/i);
        expect(Date.now() - start).toBeLessThan(firstMs);
    });

    it("previews no changes", async () => {
        const preview = await project.tars("pulumi", "preview", "--expect-no-changes", "--non-interactive");
        expect(preview).toMatchObject({ code: 0 });
    });

    it("finds no drift", async () => {
        const refresh = await project.tars(
            "pulumi",
            "refresh",
            "--preview-only",
            "--expect-no-changes",
            "--non-interactive",
        );
        expect(refresh).toMatchObject({ code: 0 });
    });

    it("registers exactly what a render says", async () => {
        const state = await project.tars("pulumi", "stack", "export");
        const resources: readonly { urn: string; external?: boolean }[] = JSON.parse(state.stdout).deployment.resources;
        const rendered: readonly { urn: string }[] = JSON.parse(
            fs.readFileSync(path.join(project.folder, "rendered", "resources.json"), "utf8"),
        );
        // The engine serves Stash itself, with a provider that no program declares; and what is only read is not registered.
        // What charts and manifests hold is registered by the plugin that reads them.
        const read = /kubernetes:(helm\.sh\/v4:Chart|yaml\/v2:ConfigGroup)\$/;
        const own = resources.filter(
            ({ external, urn }) => external !== true && !urn.includes(":providers:pulumi::") && !read.test(urn),
        );
        const made = own.map(({ urn }) => urn);
        expect(made.sort()).toEqual(rendered.map(({ urn }) => urn).sort());
    });

    it("agrees with the engine about the policies", async () => {
        const offline = await project.tars("policy", "dev", "--format", "json");
        const findings: readonly { rule: string; resource: string }[] = JSON.parse(offline.stdout);
        const preview = await project.tars("pulumi", "preview", "--diff", "--non-interactive", "--color", "never");
        const told = preview.stdout.matchAll(/\[(?:advisory|mandatory)\].* ([A-Z]+-\d+) +\(\S+: (\S+)\)/g);
        const golden: readonly { type: string; urn: string }[] = JSON.parse(
            fs.readFileSync(path.join(project.folder, "rendered", "resources.json"), "utf8"),
        );
        const charts = golden.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
        const chartNames = new Set(charts.map(({ urn }) => urn.split("::").at(-1)));
        expect(findings.length).toBeGreaterThan(0);
        // What a chart is asked for with the engine does not show, and what it holds only the engine does.
        const isOfChart = (name = "") => name.includes(":") || chartNames.has(name);
        expect(
            [...told]
                .filter(([, , name]) => !isOfChart(name))
                .map(([, rule, name]) => `${rule} ${name}`)
                .sort(),
        ).toEqual(findings.map(({ rule, resource }) => `${rule} ${resource.split("::").at(-1)}`).sort());
        expect(offline.code).toBe(0);
    });

    it("updates one changed value in place", async () => {
        project.configure("dev", (config) => {
            config["tars-platform:tarsRag"] = { rateLimitPerMinute: 60 };
        });
        const preview = await project.tars("pulumi", "preview", "--json", "--non-interactive");
        const steps: readonly { op: string; urn: string }[] = JSON.parse(preview.stdout).steps;
        const changed = steps.filter(({ op }) => op !== "same" && op !== "read");
        expect(changed.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort()).toEqual([
            "update tars-backend",
            "update tars-rag-config",
        ]);
        expect(await project.tars("start")).toMatchObject({ code: 0 });
        const maps = await get("configmaps", "--namespace", "tars");
        const config = maps.find(({ metadata }) => metadata.name === "tars-config");
        expect(config?.data?.RATE_LIMIT_PER_MINUTE).toBe("60");
    });

    it("goes on from an update that is interrupted, on the same cluster and with the same data", async () => {
        project.configure("dev", (config) => {
            config["tars-platform:tarsRag"] = { rateLimitPerMinute: 90 };
        });
        const uid = async (): Promise<unknown> =>
            (await get("namespaces")).find(({ metadata }) => metadata.name === "tars")?.metadata.uid;
        const engineLog = (): string => fs.readFileSync(path.join(project.state, "dev", "engine.log"), "utf8");
        const before = await uid();
        const update = project.spawn("start");
        const end = ended(update);
        while (!fs.existsSync(path.join(project.state, "dev", "update.json"))) await sleep(20);
        while (!/^Updating \(dev\).*pulumi:pulumi:Stack/ms.test(engineLog())) await sleep(20);
        update.kill("SIGINT");
        expect(await end).toMatchObject({ code: 130 });
        expect(await uid()).toBe(before);
        const next = await project.tars("start");
        expect(next).toMatchObject({ code: 0 });
        expect(next.stderr).not.toContain("beginning afresh");
        expect(await uid()).toBe(before);
    });

    it("refuses what would lose data, all of it at once, before anything changes, and shows it where it is named", async () => {
        const lose = (migrate: readonly string[]): void =>
            project.configure("dev", (config) => {
                config["tars-platform:sizes"] = {
                    ...Object(config["tars-platform:sizes"]),
                    chromadb: { storage: "5Gi" },
                };
                config["tars-platform:data"] = { ...Object(config["tars-platform:data"]), vectors: { kind: "off" } };
                config["tars-platform:migrate"] = migrate;
            });
        const file = path.join(project.folder, "Pulumi.dev.yaml");
        const own = fs.readFileSync(file);
        lose([]);
        const refused = await project.tars("start");
        expect(refused.code).toBe(1);
        expect(refused.stderr).toContain("Pulumi.dev.yaml has 2 problems:");
        expect(refused.stderr).toContain("sizes.chromadb: would have 5Gi for data instead of 10Gi");
        expect(refused.stderr).toContain("data.vectors: would be gone");
        expect(refused.stderr).not.toMatch(/^\s+at /m);
        lose(["chromadb", "vectors"]);
        const shown = await project.tars("pulumi", "preview", "--json", "--non-interactive");
        fs.writeFileSync(file, own);
        expect(shown.code).toBe(0);
        const steps: readonly { op: string; urn: string }[] = JSON.parse(shown.stdout).steps;
        expect(steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(-2).join("::")}`)).toContainEqual(
            expect.stringMatching(/^(delete-replaced|replace) .*StatefulSet::chromadb$/),
        );
    });

    it("refuses a broken object with the server's own message, and changes nothing", async () => {
        breakEvery(project, "kubernetes:core/v1:ConfigMap", `data = { "not a key": "x" }`);
        const start = await project.tars("start");
        repair(project);
        expect(start.code).toBe(1);
        expect(start.stderr).toContain("a valid config key must consist of alphanumeric characters");
        expect(start.stderr).not.toMatch(/^\s+at /m);
        const preview = await project.tars("pulumi", "preview", "--expect-no-changes", "--non-interactive");
        expect(preview).toMatchObject({ code: 0 });
    });

    it("stops at a mandatory rule before anything changes", async () => {
        breakEvery(project, "kubernetes:apps/v1:Deployment", "spec.template.spec.hostNetwork = true");
        const start = await project.tars("start");
        repair(project);
        expect(start.code).toBe(2);
        expect(start.stderr).toContain("POD-08");
    });

    it("refuses a second start at the same time, and the first goes on", async () => {
        const running = project.spawn("start");
        const end = ended(running);
        await new Promise((resolve) => running.stderr?.once("data", resolve));
        const second = await project.tars("start");
        expect(second).toMatchObject({ code: 1 });
        expect(second.stderr).toContain(`process ${running.pid}`);
        expect(await end).toMatchObject({ code: 0 });
    });

    it("destroys to nothing", async () => {
        const destroy = await project.tars("pulumi", "destroy", "--yes", "--non-interactive");
        expect(destroy).toMatchObject({ code: 0 });
        const namespaces = await get("namespaces");
        expect(namespaces.map(({ metadata }) => metadata.name)).not.toContain("tars");
        expect(await get("persistentvolumes")).toEqual([]);
    });

    it("leaves no process after down", async () => {
        expect(await project.tars("down")).toMatchObject({ code: 0 });
        expect(await processesAfter(project.folder, 5_000)).toEqual([]);
    });
});

/** What the program generated and must not show, by `secret/key`, a private key also as PKCS #8. An address is no secret. */
function generatedValues(secrets: readonly KubernetesObject[]): Readonly<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const { metadata, data } of secrets) {
        for (const [key, encoded] of Object.entries(data ?? {})) {
            const value = Buffer.from(encoded, "base64").toString();
            if (/^(tls|ca)\.crt$/.test(key) || ["ADMIN_CLIENT_IDS", "host"].includes(key) || value.length <= 11)
                continue;
            values[`${metadata.name}/${key}`] = value;
            if (key === "tls.key") values[`${metadata.name}/${key} as PKCS #8`] = pkcs8(value);
        }
    }
    return values;
}

function pkcs8(pem: string): string {
    return createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }).toString();
}

/** Makes the copy's program set something on every resource of a type, as a mistake in a component would. */
function breakEvery(project: Project, type: string, assignment: string): void {
    const program = path.join(project.folder, "index.ts");
    const whole = fs.readFileSync(program, "utf8");
    fs.writeFileSync(path.join(project.folder, "index.whole"), whole);
    const mistake = `import * as pulumi from "@pulumi/pulumi";
pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    // What charts hold comes without its own words.
    if (type === "${type}" && props.metadata !== undefined) props.${assignment};
    return { props, opts };
});
`;
    fs.writeFileSync(program, `${mistake}${whole}`);
}

function repair(project: Project): void {
    fs.renameSync(path.join(project.folder, "index.whole"), path.join(project.folder, "index.ts"));
}
