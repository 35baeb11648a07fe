import { judge, purposeOf } from "tars-platform-policy/judge";
import { judgedResources } from "../../cli/src/judgedResources";
import { loadConfiguration, packTerms } from "../../cli/src/policy/terms";
import { planNginxRoute } from "../../components/edge/nginx/routes";
import { nginxSize } from "../../components/foundation/nginxSize";
import { systemLoads } from "../../components/settings/systemLoads";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace, type KubernetesObject } from "./graph";
import { parsed, settingsOf, settingsWith } from "./stack";

/** No stack of the repository has NGINX; these have it in Istio's place. Production asks for tokens, which NGINX does not. */
const edges = {
    dev: { controller: "nginx", rateLimit: { requestsPerSecond: 50 } },
    "prod-aws": { ...Object(settingsOf("prod-aws").edge), authentication: undefined, controller: "nginx" },
} as const;
type Stack = keyof typeof edges;

const graphs = new Map<Stack, Graph>();
beforeAll(async () => {
    for (const stack of ["dev", "prod-aws"] as const) {
        graphs.set(stack, await anotherGraph(stack, { edge: edges[stack] }));
    }
}, 300_000);

function graph(stack: Stack): Graph {
    const found = graphs.get(stack);
    if (found === undefined) throw new Error(`no graph of ${stack}`);
    return found;
}

const front = (stack: Stack) => inNamespace(graph(stack), "istio-ingress");
const spec = (stack: Stack, kind: string, name: string): KubernetesObject["inputs"] =>
    front(stack).named(kind, name).inputs.spec;
const chartValues = (stack: Stack): KubernetesObject["inputs"] => {
    const chart = graph(stack).all.find(({ name, type }) => /helm/.test(type) && name === "nginx-gateway-fabric");
    return Object(chart?.inputs).values;
};

function mandatory(stack: Stack): readonly string[] {
    const settings = { "tars-platform:environment": settingsOf(stack).environment };
    const terms = packTerms("2026-11-22")(purposeOf(settings, "tars-platform"));
    const { findings } = judge(judgedResources(graph(stack).all), loadConfiguration(undefined), terms);
    return findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule);
}

test("a stack with NGINX breaks no mandatory rule in dev, and in production only that callers show who they are", () => {
    expect(mandatory("dev")).toEqual([]);
    expect([...new Set(mandatory("prod-aws"))]).toEqual(["NET-10"]);
});

describe.each(["dev", "prod-aws"] as const)("the gateway of %s", (stack) => {
    test("is of NGINX's class, with a certificate and nothing below TLS 1.3 for each host", () => {
        const { gatewayClassName, infrastructure, listeners } = spec(stack, "Gateway", "tars-gateway");
        expect([gatewayClassName, infrastructure.parametersRef.kind]).toEqual(["nginx", "NginxProxy"]);
        // By this label NGINX Gateway Fabric finds its own pods.
        expect(Object.keys(infrastructure.labels)).not.toContain("app.kubernetes.io/name");
        const [plain, ...secure] = listeners;
        expect([plain.protocol, plain.tls]).toEqual(["HTTP", undefined]);
        expect(secure).toHaveLength(2);
        for (const { tls } of secure) {
            expect(tls.certificateRefs).toEqual([{ group: "", kind: "Secret", name: "tars-tls-cert" }]);
            expect(tls.options).toEqual({ "nginx.org/ssl-protocols": "TLSv1.3" });
        }
    });

    test("has nothing of Istio's gateway, and no counters", () => {
        const kinds = ["EnvoyFilter", "RequestAuthentication", "Deployment", "ConfigMap"];
        expect(kinds.flatMap((kind) => front(stack).of(kind)).map(({ name }) => name)).toEqual([]);
        const policies = graph(stack)
            .of("AuthorizationPolicy")
            .map(({ inputs }) => JSON.stringify(inputs));
        expect(policies.join()).not.toContain("tars-gateway-istio");
        expect(policies.join()).toContain("cluster.local/ns/istio-ingress/sa/tars-gateway-nginx");
    });

    test("redirects, remembers HTTPS, and limits bodies, time and requests", () => {
        const [redirect] = spec(stack, "HTTPRoute", "tars-gateway-redirect").rules;
        expect(redirect.filters[0].requestRedirect).toEqual({ scheme: "https", statusCode: 301 });
        const { rules } = inNamespace(graph(stack), "tars").named("HTTPRoute", "tars-backend").inputs.spec;
        expect(rules[1].filters[0].responseHeaderModifier.set).toEqual([
            { name: "Strict-Transport-Security", value: "max-age=31536000; includeSubDomains" },
        ]);
        expect(rules[1].timeouts).toBeUndefined();
        const target = { group: "gateway.networking.k8s.io", kind: "Gateway", name: "tars-gateway" };
        expect(spec(stack, "ClientSettingsPolicy", "tars-gateway-body-limit")).toEqual({
            targetRef: target,
            body: { maxSize: "100m" },
        });
        expect(spec(stack, "ProxySettingsPolicy", "tars-gateway-time-limit")).toEqual({
            targetRefs: [target],
            timeout: { read: "300s", send: "300s" },
        });
        const perSecond = stack === "dev" ? 50 : 100;
        const { targetRefs, rateLimit } = spec(stack, "RateLimitPolicy", "tars-gateway-rate-limit");
        expect([targetRefs, rateLimit.rejectCode]).toEqual([[target], 429]);
        expect(rateLimit.local.rules).toEqual([
            expect.objectContaining({ key: "$binary_remote_addr", rate: `${perSecond}r/s`, burst: perSecond }),
        ]);
    });

    test("calls through the mesh, which takes no callers' connections of it", () => {
        const { labels } = graph(stack).named("Namespace", "istio-ingress").inputs.metadata;
        expect(labels["istio.io/dataplane-mode"]).toBe("ambient");
        const [patch] = spec(stack, "NginxProxy", "tars-gateway-options").kubernetes.deployment.patches;
        const { metadata, spec: pod } = patch.value.spec.template;
        expect(metadata.annotations).toEqual({ "ambient.istio.io/bypass-inbound-capture": "true" });
        expect(pod.automountServiceAccountToken).toBe(false);
        for (const { emptyDir } of pod.volumes) expect(emptyDir.sizeLimit).toMatch(/^\d+[KMG]i$/);
    });

    test("is let through to the backend and the control plane, and by callers and metrics alone", () => {
        const { ingress, egress } = spec(stack, "NetworkPolicy", "tars-gateway");
        const portsOf = (rules: { ports: { port: number }[] }[]) =>
            rules.map(({ ports }) => ports.map(({ port }) => port));
        expect(portsOf(ingress)).toEqual([[80, 443], [9113]]);
        expect(portsOf(egress)).toEqual([[8443], [8000, 15_008]]);
        const { podSelector } = spec(stack, "NetworkPolicy", "tars-gateway");
        expect(podSelector.matchLabels).toEqual({ "gateway.networking.k8s.io/gateway-name": "tars-gateway" });
    });

    test("has exactly the room and the node ports that it needs", () => {
        const { hard } = spec(stack, "ResourceQuota", "quota");
        expect([hard["services.loadbalancers"], hard["services.nodeports"]]).toEqual(["1", "2"]);
        const { settings } = parsed({ ...settingsOf(stack), edge: edges[stack] }, `Pulumi.${stack}.yaml`);
        const { replicas } = settings.edgeSizes.gateway;
        // Twice the surge, and a pod for each host that is proven over HTTP.
        const proofs = stack === "dev" ? 0 : 2;
        expect(Number(hard.pods)).toBe(replicas.max + 2 + proofs);
        const names = systemLoads(settings).pods.map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(["tars-gateway", "nginx-gateway-fabric"]));
        expect(names).not.toEqual(expect.arrayContaining(["ratelimit"]));
    });
});

describe("callers' addresses", () => {
    test("are those of the packets where the cluster keeps them, and those of the PROXY protocol on AWS", () => {
        expect(spec("dev", "NginxProxy", "tars-gateway-options").rewriteClientIP).toBeUndefined();
        const { rewriteClientIP, kubernetes } = spec("prod-aws", "NginxProxy", "tars-gateway-options");
        const [{ from }] = spec("prod-aws", "NetworkPolicy", "tars-gateway").ingress;
        expect(rewriteClientIP).toEqual({
            mode: "ProxyProtocol",
            setIPRecursively: false,
            trustedAddresses: from.map(({ ipBlock }: { ipBlock: { cidr: string } }) => ({
                type: "CIDR",
                value: ipBlock.cidr,
            })),
        });
        expect(kubernetes.service).toEqual({ type: "LoadBalancer", externalTrafficPolicy: "Cluster" });
        const { annotations } = spec("prod-aws", "Gateway", "tars-gateway").infrastructure;
        expect(annotations).toHaveProperty(["service.beta.kubernetes.io/aws-load-balancer-proxy-protocol"], "*");
    });
});

describe("the control plane", () => {
    test("watches the namespaces of the gateway and the backend alone, makes no certificates and tells nobody", () => {
        const { nginxGateway, certGenerator } = chartValues("dev");
        expect(nginxGateway.watchNamespaces).toEqual(["istio-ingress", "tars"]);
        expect(nginxGateway.productTelemetry).toEqual({ enable: false });
        expect(certGenerator).toEqual({
            enable: false,
            serverTLSSecretName: "server-tls",
            agentTLSSecretName: "agent-tls",
        });
    });

    test("has its certificates from cert-manager before it starts", () => {
        const all = graph("dev");
        const chart = all.all.find(({ name, type }) => /helm/.test(type) && name === "nginx-gateway-fabric");
        const certificates = inNamespace(all, "nginx-gateway").of("Certificate");
        const leaves = certificates.filter(({ inputs }) => !inputs.spec.isCA);
        expect(leaves.map(({ inputs }) => [inputs.spec.secretName, inputs.spec.dnsNames])).toEqual(
            expect.arrayContaining([
                ["server-tls", ["nginx-gateway-fabric.nginx-gateway.svc"]],
                ["agent-tls", ["*.cluster.local"]],
            ]),
        );
        for (const certificate of certificates) expect(chart && all.waitsFor(chart, certificate)).toBe(true);
    });

    test("is there before its Gateway, and every limit too", () => {
        const all = graph("dev");
        const gateway = front("dev").named("Gateway", "tars-gateway");
        const limits = ["NginxProxy", "ClientSettingsPolicy", "ProxySettingsPolicy", "RateLimitPolicy"];
        const before = [
            ...limits.flatMap((kind) => all.of(kind)),
            ...all.all.filter(({ name }) => name === "nginx-gateway-fabric"),
        ];
        expect(before.length).toBeGreaterThan(4);
        for (const each of before) expect([each.name, all.waitsFor(gateway, each)]).toEqual([each.name, true]);
    });

    test("has a disruption budget where it is more than one", () => {
        const budgets = (stack: Stack) => inNamespace(graph(stack), "nginx-gateway").of("PodDisruptionBudget").length;
        expect([budgets("dev"), budgets("prod-aws")]).toEqual([0, 1]);
    });
});

test("a stack that changes its controller takes the old Gateway away before it makes the new one", async () => {
    const istio = inNamespace(await anotherGraph("dev"), "istio-ingress").named("Gateway", "tars-gateway");
    const nginx = front("dev").named("Gateway", "tars-gateway");
    expect(nginx.urn).toBe(istio.urn);
    expect([istio, nginx].map(({ options }) => options?.deleteBeforeReplace)).toEqual([true, true]);
}, 100_000);

test("nobody deletes by admin routes, and what else is asked of them comes through", () => {
    const route = planNginxRoute({ hosts: ["a.example"], backend: { name: "web", port: 80 }, hstsSeconds: 1 });
    const [refused, led] = route.rules;
    expect(refused).toEqual({ matches: [{ path: { type: "PathPrefix", value: "/admin" }, method: "DELETE" }] });
    expect(led).toMatchObject({ matches: expect.arrayContaining([{ path: { type: "PathPrefix", value: "/admin" } }]) });
});

test.each([
    ["100Mi", "100m"],
    ["1Gi", "1g"],
    ["1536Ki", "1536k"],
    ["9999Mi", "9999m"],
    ["10000Mi", undefined],
    ["10240Mi", "10g"],
    ["1000", undefined],
    ["0", undefined],
])("%s is %s to NGINX", (amount, written) => {
    expect(nginxSize(amount)).toBe(written);
});

test("another controller changes nothing but the edge and who the backend lets in", () => {
    const settings = settingsWith("dev", "edge.controller", "istio");
    expect(parsed(settings).settings).toEqual(parsed(settingsOf("dev")).settings);
});
