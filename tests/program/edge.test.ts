import { gateway } from "../../components/edge/identity";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace, type KubernetesObject } from "./graph";

/** Staging's stands behind a firewall: firewall.test has that one. */
const stacks = ["dev", "prod-azure", "prod-aws"] as const;
type Stack = (typeof stacks)[number];

/** The graph of each stack, captured in a program's life of its own. */
const graphs = new Map<Stack, Graph>();
beforeAll(async () => {
    for (const stack of stacks) {
        graphs.set(stack, await anotherGraph(stack));
    }
}, 300_000);

function graph(stack: Stack): Graph {
    const found = graphs.get(stack);
    if (found === undefined) throw new Error(`no graph of ${stack}`);
    return found;
}

const edge = (stack: Stack) => inNamespace(graph(stack), gateway.namespace);
const spec = (stack: Stack, kind: string, name: string): KubernetesObject["inputs"] =>
    edge(stack).named(kind, name).inputs.spec;
const options = (stack: Stack): KubernetesObject["inputs"] => {
    const { data } = edge(stack).named("ConfigMap", "tars-gateway-options").inputs;
    const parsed = Object.entries(data).map(([kind, text]) => [kind, JSON.parse(String(text))]);
    return Object.fromEntries(parsed);
};

describe.each(stacks)("the gateway of %s", (stack) => {
    test("has one plain listener, which takes routes of its own namespace only, and one with TLS for each host", () => {
        const [plain, ...secure] = spec(stack, "Gateway", "tars-gateway").listeners;
        expect(plain).toMatchObject({
            name: "http",
            port: 80,
            protocol: "HTTP",
            allowedRoutes: { namespaces: { from: "Same" } },
        });
        expect(secure).toHaveLength(2);
        for (const { port, protocol, hostname, tls, allowedRoutes } of secure) {
            expect([port, protocol, tls.mode]).toEqual([443, "HTTPS", "Terminate"]);
            expect(hostname).toMatch(/^[a-z0-9.-]+$/);
            expect(tls.certificateRefs).toEqual([{ group: "", kind: "Secret", name: "tars-tls-cert" }]);
            expect(allowedRoutes.namespaces.selector.matchLabels).toEqual({ "kubernetes.io/metadata.name": "tars" });
        }
    });

    test("answers plain HTTP with a redirect and nothing else", () => {
        const { parentRefs, hostnames, rules } = spec(stack, "HTTPRoute", "tars-gateway-redirect");
        expect(parentRefs).toEqual([expect.objectContaining({ name: "tars-gateway", sectionName: "http" })]);
        expect(hostnames).toHaveLength(2);
        expect(rules).toEqual([
            {
                filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
            },
        ]);
    });

    test("leads from every listener with TLS to the backend, within limits, and tells browsers to stay with HTTPS", () => {
        const { parentRefs, rules } = inNamespace(graph(stack), "tars").named("HTTPRoute", "tars-backend").inputs.spec;
        const { listeners } = spec(stack, "Gateway", "tars-gateway");
        const names = listeners.slice(1).map(({ name }: { name: string }) => name);
        expect(parentRefs.map(({ sectionName }: { sectionName: string }) => sectionName)).toEqual(names);
        expect(rules).toHaveLength(1);
        expect(rules[0]).toMatchObject({
            timeouts: { request: "300s" },
            filters: [
                {
                    responseHeaderModifier: {
                        set: [{ name: "Strict-Transport-Security", value: "max-age=31536000; includeSubDomains" }],
                    },
                },
            ],
        });
    });

    test("has no more labels and annotations for its parts than the Gateway API takes", () => {
        const { labels, annotations } = spec(stack, "Gateway", "tars-gateway").infrastructure;
        expect(Object.keys(labels).length).toBeLessThanOrEqual(8);
        expect(Object.keys(annotations).length).toBeLessThanOrEqual(8);
        expect(labels).not.toHaveProperty("app.kubernetes.io/managed-by");
        expect(labels).toMatchObject({ owner: "platform-team", "app.kubernetes.io/name": "tars-gateway" });
    });

    test("tells Istio by its own keys what the pods are to be like, as Pod Security and the quota ask", () => {
        const { deployment, service, serviceAccount, horizontalPodAutoscaler, podDisruptionBudget, ...unknown } =
            options(stack);
        expect(unknown).toEqual({});
        const pod = deployment.spec.template.spec;
        expect(pod.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
        expect([pod.automountServiceAccountToken, serviceAccount.automountServiceAccountToken]).toEqual([false, false]);
        expect(Object.keys(pod.containers[0].resources.limits)).toEqual(["cpu", "memory", "ephemeral-storage"]);
        for (const { emptyDir } of pod.volumes) expect(emptyDir.sizeLimit).toMatch(/^\d+Mi$/);
        expect(podDisruptionBudget.spec).toEqual({ maxUnavailable: 1 });
        const { minReplicas, maxReplicas } = horizontalPodAutoscaler.spec;
        expect(maxReplicas).toBeGreaterThan(minReplicas);
        expect(["Local", "Cluster"]).toContain(service.spec.externalTrafficPolicy);
    });

    test("comes after who may come in is settled, and before any route", () => {
        const front = edge(stack).named("Gateway", "tars-gateway");
        for (const kind of ["EnvoyFilter", "AuthorizationPolicy", "RequestAuthentication"]) {
            for (const rule of edge(stack).of(kind)) expect(graph(stack).waitsFor(front, rule)).toBe(true);
        }
        const routes = graph(stack)
            .of("HTTPRoute")
            .filter(({ inputs }) => inputs.spec.parentRefs[0].kind !== "Service");
        expect(routes.length).toBeGreaterThan(1);
        for (const route of routes) expect(graph(stack).waitsFor(route, front)).toBe(true);
    });

    test("has filters and policies that hold for its own pods alone", () => {
        const bound = ["EnvoyFilter", "AuthorizationPolicy", "RequestAuthentication"]
            .flatMap((kind) => edge(stack).of(kind))
            .filter(({ inputs }) => inputs.metadata.name.startsWith("tars-gateway-"));
        expect(bound.length).toBeGreaterThanOrEqual(4);
        for (const { inputs } of bound) {
            expect(inputs.spec.targetRefs).toEqual([
                { group: "gateway.networking.k8s.io", kind: "Gateway", name: "tars-gateway" },
            ]);
        }
    });

    test("is the one load balancer: the quota of every other namespace allows none", () => {
        const quotas = graph(stack).of("ResourceQuota");
        const allowing = quotas.filter(({ inputs }) => inputs.spec.hard["services.loadbalancers"] !== "0");
        expect(allowing.map(({ inputs }) => inputs.metadata.namespace)).toEqual([gateway.namespace]);
    });
});

describe("requests of one address", () => {
    test.each(stacks)(
        "on %s are counted by a service that is called as a member of the mesh, first of all",
        (stack) => {
            const [filter, hosts] = spec(stack, "EnvoyFilter", "tars-gateway-rate-limit").configPatches;
            expect(filter.patch.operation).toBe("INSERT_FIRST");
            const { typed_config: config } = filter.patch.value;
            expect(config.rate_limit_service.grpc_service.envoy_grpc.cluster_name).toBe(
                "outbound|8081||ratelimit.istio-ingress.svc.cluster.local",
            );
            expect(config.rate_limited_status).toEqual({ code: "TooManyRequests" });
            expect(hosts.patch.value).toEqual({ rate_limits: [{ actions: [{ remote_address: {} }] }] });
            const { data } = edge(stack).named("ConfigMap", "ratelimit-config").inputs;
            expect(JSON.parse(data["config.yaml"]).domain).toBe(config.domain);
        },
    );

    test("are read where the service looks for them, and a change of them replaces its pods", () => {
        const { template } = spec("dev", "Deployment", "ratelimit");
        const [container] = template.spec.containers;
        const env = Object.fromEntries(container.env.map(({ name, value }: Record<string, string>) => [name, value]));
        const folder = `${env.RUNTIME_ROOT}/${env.RUNTIME_SUBDIRECTORY}/config`;
        const mount = container.volumeMounts.find(({ mountPath }: { mountPath: string }) => mountPath === folder);
        const volume = template.spec.volumes.find(({ name }: { name: string }) => name === mount.name);
        expect(volume.configMap.name).toBe("ratelimit-config");
        expect(template.metadata.annotations).toHaveProperty(["tars-platform/config-checksum"]);
        expect(env.REDIS_URL).toBe("counters:6379");
    });
});

describe("the traffic of the edge", () => {
    test.each([
        ["dev", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]],
        ["prod-azure", ["0.0.0.0/0"]],
        ["prod-aws", ["10.40.0.0/16"]],
    ] as const)("on %s lets in whom the entrance names, on the ports of the gateway", (stack, clients) => {
        const { podSelector, ingress } = spec(stack, "NetworkPolicy", "tars-gateway");
        expect(podSelector.matchLabels).toEqual({ "gateway.networking.k8s.io/gateway-name": "tars-gateway" });
        expect(ingress[0]).toEqual({
            from: clients.map((cidr) => ({ ipBlock: { cidr } })),
            ports: [80, 443].map((port) => ({ protocol: "TCP", port })),
        });
    });

    test("lets the gateway out to the control plane, the backend and the rate limit, and them to nobody else", () => {
        const peers = (name: string) =>
            spec("dev", "NetworkPolicy", name).egress.flatMap(({ to }: { to: KubernetesObject["inputs"][] }) =>
                to.map(({ namespaceSelector, podSelector }) => [
                    namespaceSelector.matchLabels["kubernetes.io/metadata.name"],
                    ...Object.values(podSelector.matchLabels),
                ]),
            );
        expect(peers("tars-gateway")).toEqual([
            ["istio-system", "istiod"],
            ["tars", "tars-backend"],
            ["istio-ingress", "ratelimit"],
        ]);
        expect(peers("ratelimit")).toEqual([["istio-ingress", "counters"]]);
        expect(peers("counters")).toEqual([]);
    });

    test("is allowed in the mesh by the accounts that pods run as", () => {
        const principals = (name: string) =>
            spec("dev", "AuthorizationPolicy", name).rules[0].from[0].source.principals;
        expect(principals("ratelimit")).toEqual(["cluster.local/ns/istio-ingress/sa/tars-gateway-istio"]);
        expect(principals("counters")).toEqual(["cluster.local/ns/istio-ingress/sa/ratelimit"]);
        const accounts = edge("dev")
            .of("ServiceAccount")
            .map(({ inputs }) => inputs.metadata.name);
        expect(accounts.sort()).toEqual(["counters", "ratelimit"]);
    });
});

describe("who calls", () => {
    const annotations = (stack: Stack) => spec(stack, "Gateway", "tars-gateway").infrastructure.annotations;
    const topology = (stack: Stack) => JSON.parse(annotations(stack)["proxy.istio.io/config"]).gatewayTopology;

    test("is what the load balancer of AWS writes before each connection", () => {
        expect(annotations("prod-aws")).toMatchObject({
            "service.beta.kubernetes.io/aws-load-balancer-type": "external",
            "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
            "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
            "service.beta.kubernetes.io/aws-load-balancer-proxy-protocol": "*",
        });
        expect(topology("prod-aws")).toEqual({ numTrustedProxies: 0, proxyProtocol: {} });
    });

    test("is what the packets say on Azure, which no node changes", () => {
        expect(annotations("prod-azure")).toHaveProperty(
            ["service.beta.kubernetes.io/azure-load-balancer-internal"],
            "false",
        );
        expect(options("prod-azure").service.spec.externalTrafficPolicy).toBe("Local");
        expect(topology("prod-azure")).toEqual({ numTrustedProxies: 0 });
    });
});

describe("callers", () => {
    test("in production show a token of the issuer in a header of the edge's own, but for the health", () => {
        const [rule] = spec("prod-azure", "RequestAuthentication", "tars-gateway-tokens").jwtRules;
        expect(rule).toMatchObject({
            issuer: "https://login.example.com/tars",
            audiences: ["tars"],
            fromHeaders: [{ name: "x-edge-authorization", prefix: "Bearer " }],
            forwardOriginalToken: false,
        });
        const from = [{ source: { notRequestPrincipals: ["*"] } }];
        const when = [{ key: "connection.sni", values: ["*"] }];
        expect(spec("prod-azure", "AuthorizationPolicy", "tars-gateway-strangers")).toMatchObject({
            action: "DENY",
            rules: [
                { from, to: [{ operation: { notPaths: ["/health"], ports: ["443"] } }] },
                { from, to: [{ operation: { notPaths: ["/health"] } }], when },
            ],
        });
    });

    // What stands before a connection's data is the word of whoever opened it, the port included.
    test.each(["strangers", "admins"])(
        "of whom the %s are refused whatever port they say that they came to",
        (policy) => {
            for (const stack of ["prod-aws", "prod-azure"] as const) {
                const { rules } = spec(stack, "AuthorizationPolicy", `tars-gateway-${policy}`);
                const [byPort, byName] = rules;
                expect(byName.to).toEqual([{ operation: { ...byPort.to[0].operation, ports: undefined } }]);
                expect(byName.when.at(-1)).toEqual({ key: "connection.sni", values: ["*"] });
                expect(byName.when.slice(0, -1)).toEqual(byPort.when ?? []);
            }
        },
    );

    test("delete by admin routes as admins only, by the claim of their token", () => {
        const { action, rules } = spec("prod-aws", "AuthorizationPolicy", "tars-gateway-admins");
        expect([action, rules[0].when[0].key]).toEqual(["DENY", "request.auth.claims[sub]"]);
        expect(rules[0].to[0].operation).toEqual({
            methods: ["DELETE"],
            paths: ["/admin", "/admin/*"],
            ports: ["443"],
        });
    });

    test("whom nobody names delete nothing by admin routes at all", () => {
        const [rule, named] = spec("dev", "AuthorizationPolicy", "tars-gateway-admins").rules;
        expect(rule).not.toHaveProperty("when");
        expect(named.when).toEqual([{ key: "connection.sni", values: ["*"] }]);
        expect(edge("dev").of("RequestAuthentication")).toEqual([]);
    });

    test("bring bodies that say how long they are, and are not too long", () => {
        const { configPatches } = spec("dev", "EnvoyFilter", "tars-gateway-body-limit");
        const routes = configPatches.map(({ patch }: KubernetesObject["inputs"]) => patch.value);
        expect(routes).toEqual([
            expect.objectContaining({ name: "body-too-large", direct_response: { status: 413 } }),
            expect.objectContaining({ name: "body-without-length", direct_response: { status: 411 } }),
        ]);
        expect(routes[0].match.headers[0].range_match.start).toBe(`${100 * 1024 * 1024 + 1}`);
    });
});
