import * as fs from "node:fs";
import * as path from "node:path";
import { istiodSize, meshAgents, sidecarSize } from "../../components/foundation/meshSizes";
import { usualPluginFolders } from "../../components/foundation/pluginFolders";
import { bytes, millicores } from "../../components/foundation/quantities";
import { httpServices, serviceLimits } from "../../components/foundation/serviceLimits";
import { workloadNames } from "../../components/foundation/workloads";
import { charts, istioVersion, manifests } from "../../components/kubernetes/chartTable";
import { planTraffic as controlPlaneTraffic } from "../../components/mesh/controlPlane";
import { baseValues, planControlPlane } from "../../components/mesh/controlPlaneValues";
import { demandOf, planTraffic as nodeTraffic, planCniAgent, planZtunnel } from "../../components/mesh/nodeAgents";
import { planDestination, planRoute } from "../../components/mesh/serviceRulePlans";
import { systemLoads } from "../../components/settings/systemLoads";
import { devWith, parsed, refusal, root, settingsWith } from "./stack";

const imageSources = { mirrors: {}, digests: new Map<string, string>() };
const nodes = {
    labels: { "node-type": "system" },
    tolerations: [{ key: "CriticalAddonsOnly", operator: "Equal", value: "true", effect: "NoSchedule" }],
} as const;
const valuesOf = (mode: "ambient" | "sidecar", controllers: number) =>
    planControlPlane({
        mode,
        size: istiodSize({ controllers, webhooks: controllers }),
        imageSources,
        nodes,
        authorizers: [],
    });

describe("the mode of the mesh", () => {
    const modeOf = (stack: string) => parsed(settingsWith(stack, "mesh", {})).settings.mesh.mode;

    test("is the one that is documented for each cloud's network, where nothing is said", () => {
        const modes = ["dev", "staging", "prod-aws", "prod-azure"].map((stack) => [stack, modeOf(stack)]);
        expect(Object.fromEntries(modes)).toEqual({
            dev: "ambient",
            staging: "ambient",
            "prod-aws": "ambient",
            "prod-azure": "sidecar",
        });
    });

    test("may be another that is documented, and no other", () => {
        expect(parsed(devWith("mesh.mode", "sidecar")).settings.mesh.mode).toBe("sidecar");
        expect(refusal(settingsWith("prod-azure", "mesh.mode", "ambient"))).toContain(
            "mesh.mode: is ambient, which nobody documents for the network that azure describes\n      fix: leave it out, or write sidecar",
        );
        expect(refusal(devWith("mesh.mode", "none"))).toContain('mesh.mode: must be "ambient" or "sidecar"');
    });

    test("decides what runs on every node, and what is added to each pod", () => {
        const of = (mode: string) => parsed(devWith("mesh.mode", mode)).settings;
        const agents = (mode: string) => systemLoads(of(mode)).agents.map(({ name }) => name);
        expect(agents("ambient")).toEqual(expect.arrayContaining(["istio-cni", "ztunnel"]));
        expect(agents("sidecar")).toContain("istio-cni");
        expect(agents("sidecar")).not.toContain("ztunnel");
        for (const name of workloadNames) {
            expect(of("ambient").sizes[name].sidecar).toBeUndefined();
            expect(of("sidecar").sizes[name].sidecar).toEqual(sidecarSize);
        }
    });

    test("counts against the nodes: what fits without sidecars need not fit with them", () => {
        const nodes = { count: 1, cpu: "17", memory: "64Gi", storage: "90Gi" };
        const raw = (mode: string) => ({ ...devWith("mesh.mode", mode), cluster: clusterOf(nodes) });
        expect(() => parsed(raw("ambient"))).not.toThrow();
        expect(refusal(raw("sidecar"))).toContain("tars-backend (10 + 2) x 600m");
    });
});

const clusterOf = (general: object) => ({ kind: "kubeconfig", nodes: { general } });

test("a given cluster may keep its network plugins where it likes, by whole paths", () => {
    const refused = refusal(devWith("cluster.pluginFolders.programs", "opt/cni/bin"));
    expect(refused).toContain(
        "cluster.pluginFolders.programs: must be the path of a folder on the node, from its root",
    );
    expect(() => parsed(devWith("cluster.pluginFolders.programs", "/var/lib/rancher/k3s/data/cni"))).not.toThrow();
});

describe("faults", () => {
    const fault = { kind: "delay", service: "ollama", percent: 10, seconds: 5 };

    test("need proxies that know HTTP", () => {
        expect(refusal(devWith("mesh.faults", [fault]))).toContain(
            "mesh.faults: asks for faults in HTTP calls, which only proxies in pods can put in\n      fix: set mesh.mode to sidecar, or remove it",
        );
        expect(parsed(devWith("mesh", { mode: "sidecar", faults: [fault] })).settings.mesh.faults).toEqual([fault]);
    });

    test.each([
        [[fault, fault], "mesh.faults: must not name a service twice"],
        [[{ ...fault, service: "redis" }], "mesh.faults.0.service: must be"],
        [[{ ...fault, percent: 101 }], "mesh.faults.0.percent: must be at most 100"],
        [[{ kind: "abort", service: "ollama", percent: 1, status: 200 }], "mesh.faults.0.status: must be at least 400"],
        [[{ ...fault, status: 503 }], "mesh.faults.0.status: is no setting"],
    ])("%j are refused", (faults, words) => {
        expect(refusal(devWith("mesh", { mode: "sidecar", faults }))).toContain(words);
    });

    test("stand in the route of their service, and of no other", () => {
        const limits = serviceLimits.ollama;
        expect(planRoute("ollama", limits, undefined).http[0]).not.toHaveProperty("fault");
        const slow = planRoute("ollama", limits, { kind: "delay", service: "ollama", percent: 10, seconds: 5 });
        expect(slow.http[0]).toMatchObject({ fault: { delay: { percentage: { value: 10 }, fixedDelay: "5s" } } });
        const failing = planRoute("ollama", limits, { kind: "abort", service: "ollama", percent: 1, status: 503 });
        expect(failing.http[0]).toMatchObject({ fault: { abort: { percentage: { value: 1 }, httpStatus: 503 } } });
    });
});

describe("istiod", () => {
    test("takes nothing but TLS 1.3, lets nothing out to unknown hosts, and logs as JSON, in both modes", () => {
        for (const mode of ["ambient", "sidecar"] as const) {
            expect(valuesOf(mode, 2)).toMatchObject({
                meshConfig: {
                    meshMTLS: { minProtocolVersion: "TLSV1_3" },
                    tlsDefaults: { minProtocolVersion: "TLSV1_3" },
                    outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
                    accessLogEncoding: "JSON",
                },
                base: { validationFailurePolicy: "Fail" },
                seccompProfile: { type: "RuntimeDefault" },
            });
        }
    });

    test("knows its mode, and asks no pod for capabilities", () => {
        expect(valuesOf("ambient", 2)).toMatchObject({ profile: "ambient", env: {} });
        expect(valuesOf("sidecar", 2)).toMatchObject({
            cni: { enabled: true },
            env: { ENABLE_NATIVE_SIDECARS: "true" },
        });
        expect(valuesOf("sidecar", 2)).not.toHaveProperty("profile");
    });

    test("is there twice at least, and scaled, where controllers are; once and fixed where one is enough", () => {
        expect(valuesOf("ambient", 2)).toMatchObject({ autoscaleEnabled: true, autoscaleMin: 2, autoscaleMax: 4 });
        expect(valuesOf("ambient", 1)).toMatchObject({ autoscaleEnabled: false, replicaCount: 1 });
    });

    test("runs where the platform's own pods do", () => {
        expect(valuesOf("ambient", 2)).toMatchObject({ nodeSelector: nodes.labels, tolerations: nodes.tolerations });
    });

    test("is given images as a stack locks them", () => {
        const digest = `sha256:${"a".repeat(64)}`;
        const digests = new Map([[`registry.istio.io/release/pilot:${istioVersion}-distroless`, digest]]);
        const locked = { mirrors: {}, digests };
        const size = istiodSize({ controllers: 2, webhooks: 2 });
        const { image, global } = planControlPlane({
            mode: "ambient",
            size,
            imageSources: locked,
            nodes,
            authorizers: [],
        });
        expect(image).toBe(`registry.istio.io/release/pilot:${istioVersion}-distroless@${digest}`);
        expect(global.proxy.image).toBe(`registry.istio.io/release/proxyv2:${istioVersion}-distroless`);
    });

    test("makes pods whose scratch folders are bounded and whose tokens end within the hour", () => {
        const { sidecarInjectorWebhook, gatewayClasses } = valuesOf("sidecar", 2);
        const { spec } = JSON.parse(sidecarInjectorWebhook.templates.bounded);
        expect(sidecarInjectorWebhook.defaultTemplates).toEqual(["sidecar", "bounded"]);
        expect(gatewayClasses.istio.deployment.spec.template.spec).toEqual(spec);
        for (const { emptyDir, projected } of spec.volumes) {
            if (emptyDir) expect(bytes(emptyDir.sizeLimit)).toBeGreaterThan(0);
            else expect(projected.sources[0].serviceAccountToken.expirationSeconds).toBeLessThanOrEqual(3600);
        }
    });

    test("leaves definitions to a step of their own: the base chart makes none of those in its manifest", () => {
        expect(baseValues.base.excludedCRDs).toHaveLength(15);
        expect(manifests.istio.urls).toEqual([expect.stringContaining(`/${istioVersion}/manifests/charts/base/`)]);
        for (const chart of [charts["istio-base"], charts.istiod, charts["istio-cni"], charts.ztunnel]) {
            expect(chart.version).toBe(istioVersion);
        }
    });
});

describe("traffic of the mesh's own pods", () => {
    const cluster = { apiRanges: ["10.20.0.0/16"], monitoringNamespace: "monitoring" };
    const portsOf = (rules: readonly { readonly ports?: unknown }[] | undefined) =>
        JSON.parse(JSON.stringify(rules)).map(({ ports }: { ports: { port: number }[] }) =>
            ports.map(({ port }) => port),
        );

    test("of istiod: proxies by TLS, the API server's questions, scrapes; out to the API server alone", () => {
        const { ingress, egress } = JSON.parse(JSON.stringify(controlPlaneTraffic(cluster, "ambient")));
        expect(portsOf(ingress)).toEqual([[15_012], [15_017], [15_014]]);
        const tunnel = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } };
        expect(ingress[1].from).toEqual([{ ipBlock: { cidr: "10.20.0.0/16" } }, tunnel]);
        expect(portsOf(egress)).toEqual([[443, 6443]]);
        expect(egress[0].to).toEqual([{ ipBlock: { cidr: "10.20.0.0/16" } }]);
    });

    test("of istiod: it knows pods of the mesh by the label of its mode", () => {
        const labels = (mode: "ambient" | "sidecar") =>
            JSON.stringify(JSON.parse(JSON.stringify(controlPlaneTraffic(cluster, mode))).ingress[0].from);
        expect(labels("ambient")).toContain('"istio.io/dataplane-mode":"ambient"');
        expect(labels("sidecar")).toContain('"istio-injection":"enabled"');
    });

    test("of agents: ztunnel asks istiod, the CNI agent the API server, and nobody but scrapers comes in", () => {
        const ambient = JSON.parse(JSON.stringify(nodeTraffic(cluster, "ambient")));
        expect(Object.keys(nodeTraffic(cluster, "sidecar"))).toEqual(["istio-cni"]);
        expect(portsOf(ambient.ztunnel.egress)).toEqual([[15_012]]);
        expect(portsOf(ambient["istio-cni"].egress)).toEqual([[443, 6443]]);
        for (const { ingress } of [ambient.ztunnel, ambient["istio-cni"]]) {
            expect(JSON.stringify(ingress)).toContain('"kubernetes.io/metadata.name":"monitoring"');
            expect(ingress).toHaveLength(1);
        }
    });
});

describe("agents of nodes", () => {
    test("have room for one of each on every node, and for two while they are renewed", () => {
        const demand = demandOf("ambient", 10);
        expect(demand.pods).toBe(2 * (10 + 2));
        const each = meshAgents.ambient.reduce((sum, { requests }) => sum + millicores(requests.cpu), 0);
        expect(demand.requestedCpu).toBe(12 * each);
    });

    test("work where the cluster keeps its network plugins", () => {
        const folders = { configuration: "/own/net.d", programs: "/own/bin", networks: "/own/netns" };
        expect(planCniAgent("ambient", imageSources, folders)).toMatchObject({
            cniConfDir: "/own/net.d",
            cniBinDir: "/own/bin",
            cniNetnsDir: "/own/netns",
        });
    });

    test("mend pods only where these have proxies of their own", () => {
        const of = (mode: "ambient" | "sidecar") => planCniAgent(mode, imageSources, usualPluginFolders);
        expect(of("ambient")).toMatchObject({ ambient: { enabled: true }, repair: { enabled: false } });
        expect(of("sidecar")).toMatchObject({ ambient: { enabled: false }, repair: { enabled: true } });
    });
});

describe("rules of services", () => {
    test("name no TLS, which could only weaken the mesh's own", () => {
        for (const name of workloadNames) {
            expect(planDestination(name, serviceLimits[name]).trafficPolicy).not.toHaveProperty("tls");
        }
    });

    test("limit connections of all, and calls where proxies know them", () => {
        expect(planDestination("postgres", serviceLimits.postgres).trafficPolicy.connectionPool).toEqual({
            tcp: { maxConnections: 90, connectTimeout: "2s" },
        });
        for (const name of httpServices) {
            const { connectionPool } = planDestination(name, serviceLimits[name]).trafficPolicy;
            expect(connectionPool).toMatchObject({ http: { http1MaxPendingRequests: serviceLimits[name].waiting } });
        }
    });

    test("never leave a service without half of its pods", () => {
        const { outlierDetection } = planDestination("redis", serviceLimits.redis).trafficPolicy;
        expect(outlierDetection).toMatchObject({ maxEjectionPercent: 50, minHealthPercent: 50 });
    });

    test("try again only what the service cannot have seen", () => {
        const [rule] = planRoute("chromadb", serviceLimits.chromadb, undefined).http;
        expect(rule?.retries.retryOn.split(",")).toEqual(["connect-failure", "refused-stream", "reset-before-request"]);
        expect(rule?.timeout).toBe("60s");
    });
});

describe("what stands in for the charts", () => {
    const expected = (chart: string) =>
        JSON.parse(fs.readFileSync(path.join(root, "simulator", "standins", "expected", `${chart}.json`), "utf8"));
    const planned: Readonly<Record<string, readonly unknown[]>> = {
        "istio-base": [baseValues],
        istiod: [valuesOf("ambient", 2), valuesOf("ambient", 1), valuesOf("sidecar", 2)],
        "istio-cni": [
            planCniAgent("ambient", imageSources, usualPluginFolders),
            planCniAgent("sidecar", imageSources, usualPluginFolders),
        ],
        ztunnel: [planZtunnel(imageSources)],
    };

    test.each(Object.keys(planned))(
        "%s was compared with the true one under the values that the program gives",
        (chart) => {
            const { cases } = expected(chart);
            expect(cases.map(({ values }: { values: unknown }) => values)).toEqual(planned[chart]);
        },
    );
});
