import { planArguments } from "../../components/edge/login/arguments";
import { memberOf } from "../../components/edge/login/filters";
import { loginSize } from "../../components/foundation/login";
import { dashboardsOf } from "../../components/platform/login";
import { systemLoads } from "../../components/settings/systemLoads";
import { anotherGraph } from "./anotherGraph";
import type { Graph, KubernetesObject } from "./graph";
import { inNamespace } from "./graph";
import { login, loginEdge, withDashboards } from "./loginStack";
import { parsed, settingsOf } from "./stack";

jest.setTimeout(120_000);

const domain = "tars.example.com";
const applicationHosts = [domain, `api.${domain}`];
const dashboardHosts = ["grafana", "kafka", "kibana"].map((name) => `${name}.${domain}`);

/** Production on Azure, where pods have proxies of their own and callers show tokens; dev, where nodes have them and there is no store. */
let graph: Graph;
let dev: Graph;
beforeAll(async () => {
    graph = await anotherGraph("prod-azure", withDashboards("prod-azure", domain));
    const secret = { clientSecret: { from: "secret", name: "given" } };
    const there = { issuer: "https://id.tars.local:8443", issuerRanges: ["192.168.20.8/32"] };
    const changes = { dashboards: open("tars.local"), login: { ...login, ...secret, ...there } };
    dev = await anotherGraph("dev", withDashboards("dev", "tars.local", changes));
});

/** The same dashboards for everybody who logs in. */
function open(below: string): object {
    const all = Object.entries(Object(loginEdge(below).dashboards));
    return Object.fromEntries(all.map(([name, dashboard]) => [name, { ...Object(dashboard), groups: undefined }]));
}

/** Hosts as policies write them: with a port of the gateway or without. */
const written = (hosts: readonly string[]) => hosts.flatMap((host) => [host, `${host}:80`, `${host}:443`]);

const policy = (name: string, of = graph) => of.named("AuthorizationPolicy", `tars-gateway-${name}`).inputs.spec;
const filter = (name: string, of = graph) => of.named("EnvoyFilter", `tars-gateway-dashboards-${name}`).inputs.spec;
const byGateway = [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "tars-gateway" }];

describe("the gateway", () => {
    test("asks the login about every request to a dashboard, whatever its path, and about no other", () => {
        expect(policy("dashboards-login")).toEqual({
            targetRefs: byGateway,
            action: "CUSTOM",
            provider: { name: "oauth2-proxy" },
            rules: [{ to: [{ operation: { hosts: written(dashboardHosts), notPorts: ["80"] } }] }],
        });
    });

    test("lets in who asks for a dashboard's host, and asks there for no token and for no admin client", () => {
        const [{ to }] = policy("hosts").rules;
        expect(to[0].operation.hosts).toEqual(written([...applicationHosts, ...dashboardHosts]));
        for (const name of ["strangers", "admins"]) {
            const { rules } = policy(name);
            expect(rules).toHaveLength(2);
            for (const rule of rules) expect(rule.to[0].operation.notHosts).toEqual(written(dashboardHosts));
        }
    });

    test("names the headers and who may enter at one listener, whatever a PROXY header says of the connection's port", () => {
        const [stripping, entry] = ["own-headers", "entry"].map((name) => filter(name).configPatches[0].match);
        for (const match of [stripping, entry]) {
            expect(match).toMatchObject({ context: "GATEWAY", listener: { portNumber: 443 } });
            expect(match.listener.filterChain.filter.name).toBe("envoy.filters.network.http_connection_manager");
        }
        const [{ patch }] = filter("entry").configPatches;
        expect(JSON.stringify(patch)).not.toMatch(/destination_port|destination_ip/);
    });

    test("takes from who enters before it asks fewer", () => {
        const later = graph.named("AuthorizationPolicy", "tars-gateway-dashboards-login");
        expect(graph.waitsFor(later, graph.named("AuthorizationPolicy", "tars-gateway-hosts"))).toBe(true);
        expect(graph.waitsFor(graph.named("HTTPRoute", "dashboard-grafana"), later)).toBe(true);
    });

    test("takes the login's own headers out of every request before anything reads them", () => {
        const [{ match, patch }] = filter("own-headers").configPatches;
        expect(match).toMatchObject({ context: "GATEWAY", listener: { portNumber: 443 } });
        expect(patch.operation).toBe("INSERT_FIRST");
        const [{ remove_on_match }] = patch.value.typed_config.mutations.request_mutations;
        const taken = new RegExp(`^(?:${remove_on_match.key_matcher.safe_regex.regex})$`);
        for (const name of ["user", "email", "groups", "preferred-username", "redirect", "access-token"])
            expect(`x-auth-request-${name}`).toMatch(taken);
        expect("x_auth_request_groups").toMatch(taken);
        for (const name of ["authorization", "cookie", "x-request-id", "my-x-auth-request-user"])
            expect(name).not.toMatch(taken);
    });

    test("knows the login by what the mesh says, and takes no answer for a no", () => {
        const [istiod] = graph.of("Chart").filter(({ inputs }) => inputs.name === "istiod");
        expect(istiod?.inputs.values.meshConfig.extensionProviders).toEqual([
            {
                name: "oauth2-proxy",
                envoyExtAuthzHttp: {
                    service: "oauth2-proxy.oauth2-proxy.svc.cluster.local",
                    port: 4180,
                    timeout: "10s",
                    failOpen: false,
                    statusOnError: "503",
                    includeRequestHeadersInCheck: ["cookie", "accept", "x-request-id"],
                    headersToUpstreamOnAllow: [
                        "x-auth-request-user",
                        "x-auth-request-email",
                        "x-auth-request-preferred-username",
                        "x-auth-request-groups",
                    ],
                    headersToDownstreamOnDeny: ["content-type", "set-cookie", "cache-control"],
                },
            },
        ]);
    });

    test("takes each dashboard at a listener with a certificate of its own, so that no browser asks for it on another's connection", () => {
        const { listeners } = graph.named("Gateway", "tars-gateway").inputs.spec;
        const secure: readonly Listener[] = listeners.filter(({ tls }: Partial<Listener>) => tls !== undefined);
        const shown = secure.map(({ name, hostname, tls }) => [name, hostname, tls.certificateRefs[0]?.name]);
        expect(shown).toEqual([
            ["https-0", "tars.example.com", "tars-tls-cert"],
            ["https-1", "api.tars.example.com", "tars-tls-cert"],
            ["dashboard-grafana", "grafana.tars.example.com", "dashboard-grafana-cert"],
            ["dashboard-kafka", "kafka.tars.example.com", "dashboard-kafka-cert"],
            ["dashboard-kibana", "kibana.tars.example.com", "dashboard-kibana-cert"],
        ]);
        for (const [section, host] of shown.slice(2)) {
            const name = `dashboard-${String(host).split(".")[0]}`;
            const [parent] = graph.named("HTTPRoute", name).inputs.spec.parentRefs;
            expect(parent).toMatchObject({ name: "tars-gateway", namespace: "istio-ingress", sectionName: section });
            const certificate = graph.named("Certificate", `${name}-cert`);
            expect(certificate.inputs.spec).toMatchObject({ secretName: `${name}-cert`, dnsNames: [host] });
            expect(graph.waitsFor(graph.named("Gateway", "tars-gateway"), certificate)).toBe(true);
        }
        expect(graph.named("Certificate", "tars-tls-cert").inputs.spec.dnsNames).toEqual(applicationHosts);
    });

    test("lets nobody in before all of that is settled, and the login runs", () => {
        const gateway = graph.named("Gateway", "tars-gateway");
        const before = [
            graph.named("AuthorizationPolicy", "tars-gateway-dashboards-login"),
            ...["own-headers", "entry"].map((role) => graph.named("EnvoyFilter", `tars-gateway-dashboards-${role}`)),
            graph.named("Deployment", "oauth2-proxy"),
        ];
        for (const each of before) expect(graph.waitsFor(gateway, each)).toBe(true);
    });
});

describe("who may enter", () => {
    const rules = (of = graph) => {
        const [{ match, patch }] = filter("entry", of).configPatches;
        expect(match.listener.filterChain.filter.subFilter.name).toBe("envoy.filters.http.router");
        expect(patch.operation).toBe("INSERT_BEFORE");
        return patch.value.typed_config.rules;
    };

    const named = {
        or_rules: {
            rules: [
                { header: { name: "x-auth-request-user", string_match: { safe_regex: { regex: ".+" } } } },
                { url_path: { path: { prefix: "/oauth2/" } } },
            ],
        },
    };

    test("is whom the login has named, at dashboards without groups: elsewhere than where only the login answers", () => {
        const [{ and_rules }] = rules().policies.grafana.permissions;
        expect(and_rules.rules[1]).toEqual({ not_rule: named });
        expect(and_rules.rules[0].or_rules.rules.map(exactOf)).toEqual(written(["grafana.tars.example.com"]));
    });

    test("is who is in a group, at the dashboards that name some, by the headers that the login writes", () => {
        const { action, policies } = rules();
        expect(action).toBe("DENY");
        expect(Object.keys(policies).sort()).toEqual(["grafana", "kafka", "kibana"]);
        const [{ and_rules }] = policies.kibana.permissions;
        const [names, { not_rule }] = and_rules.rules;
        expect(names.or_rules.rules).toEqual(
            written(["kibana.tars.example.com"]).map((exact) => ({
                header: { name: ":authority", string_match: { exact, ignore_case: true } },
            })),
        );
        expect(not_rule.header.name).toBe("x-auth-request-groups");
        expect(not_rule.header.string_match.safe_regex.regex).toBe(memberOf(["platform", "a.b"]));
        expect(policies.kibana.principals).toEqual([{ any: true }]);
    });

    test.each([
        ["platform", true],
        ["staff,platform", true],
        ["platform,staff", true],
        ["staff,platform,others", true],
        ["a.b", true],
        ["platform-readers", false],
        ["not-platform", false],
        ["aXb", false],
        ["staff,others", false],
        ["", false],
    ])("among them somebody who is in %j: %j", (groups, isIn) => {
        // As Envoy takes it, for the whole of the header.
        expect(new RegExp(`^(?:${memberOf(["platform", "a.b"])})$`).test(groups)).toBe(isIn);
    });

    test("has a name where no dashboard has groups, too", () => {
        const { policies } = rules(dev);
        expect(Object.keys(policies).sort()).toEqual(["grafana", "kafka", "kibana"]);
        for (const { permissions } of Object.values<Outsiders>(policies))
            expect(permissions[0]?.and_rules.rules[1]).toEqual({ not_rule: named });
    });
});

describe("the route of a dashboard", () => {
    const route = (name: string, of = graph) => of.named("HTTPRoute", `dashboard-${name}`).inputs;

    test("leads to its Service, and what is the login's to the login", () => {
        const { metadata, spec } = route("grafana");
        expect(metadata.namespace).toBe("tars");
        expect(spec.hostnames).toEqual(["grafana.tars.example.com"]);
        const led = spec.rules.map((rule: Rule) => [rule.matches[0]?.path.value, rule.backendRefs[0]]);
        expect(led).toEqual([
            ["/oauth2", { group: "", kind: "Service", namespace: "oauth2-proxy", name: "oauth2-proxy", port: 4180 }],
            ["/", { group: "", kind: "Service", namespace: "monitoring", name: "grafana", port: 80 }],
        ]);
    });

    test("says what the application's says of HTTPS and time", () => {
        const [own] = graph.named("HTTPRoute", "tars-backend").inputs.spec.rules;
        for (const rule of route("kafka").spec.rules) {
            expect([rule.filters, rule.timeouts]).toEqual([own.filters, own.timeouts]);
        }
    });

    test("may lead to the login, and is not the application's", () => {
        expect(graph.named("ReferenceGrant", "oauth2-proxy").inputs.spec).toEqual({
            from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "tars" }],
            to: [{ group: "", kind: "Service", name: "oauth2-proxy" }],
        });
        expect(graph.named("HTTPRoute", "tars-backend").inputs.spec.hostnames).toEqual(applicationHosts);
    });

    test("has its host in the redirect", () => {
        const all = [...applicationHosts, ...dashboardHosts];
        expect(graph.named("HTTPRoute", "tars-gateway-redirect").inputs.spec.hostnames).toEqual(all);
    });
});

interface Outsiders {
    readonly permissions: readonly { readonly and_rules: { readonly rules: readonly object[] } }[];
}

const exactOf = ({ header }: { readonly header: { readonly string_match: { readonly exact: string } } }) =>
    header.string_match.exact;

interface Listener {
    readonly name: string;
    readonly hostname: string;
    readonly tls: { readonly certificateRefs: readonly { readonly name: string }[] };
}

interface Rule {
    readonly matches: readonly { readonly path: { readonly value: string } }[];
    readonly backendRefs: readonly object[];
}

const containerOf = (of: Graph) => of.named("Deployment", "oauth2-proxy").inputs.spec.template.spec.containers[0];

describe("the login", () => {
    test("is told of the issuer, and where its secrets are, and nothing that is one", () => {
        const { args } = containerOf(graph);
        expect(args).toEqual([
            "--provider=oidc",
            "--oidc-issuer-url=https://login.company.org/tars",
            "--client-id=tars-dashboards",
            "--client-secret-file=/run/secrets/client/client-secret",
            "--oidc-groups-claim=groups",
            "--scope=openid email profile",
            "--code-challenge-method=S256",
            "--insecure-oidc-skip-nonce=false",
            "--cookie-name=__Host-dashboards",
            "--cookie-secret-file=/run/secrets/session/session-key",
            "--cookie-expire=8h",
            "--cookie-samesite=lax",
            "--cookie-csrf-per-request=true",
            "--cookie-csrf-per-request-limit=5",
            "--session-cookie-minimal=true",
            "--upstream=static://200",
            "--proxy-prefix=/oauth2",
            "--set-xauthrequest=true",
            "--skip-provider-button=true",
            "--silence-ping-logging=true",
            "--footer=-",
            "--email-domain=company.org",
        ]);
    });

    test("is asked for its health below its own prefix alone: a dashboard may have a /ping too", () => {
        const { env, readinessProbe, livenessProbe } = containerOf(graph);
        const variables = Object.fromEntries(
            env.map(({ name, value }: { name: string; value: string }) => [name, value]),
        );
        for (const name of ["OAUTH2_PROXY_PING_PATH", "OAUTH2_PROXY_READY_PATH"])
            expect(variables[name]).toMatch(/^\/oauth2\//);
        for (const probe of [readinessProbe, livenessProbe])
            expect(probe.httpGet.path).toBe(variables.OAUTH2_PROXY_PING_PATH);
    });

    test("lets only members of a group log in where every dashboard is for some", () => {
        const { edge } = parsed({ ...settingsOf("prod-azure"), ...withDashboards("prod-azure", domain) }).settings;
        const all = dashboardsOf({ edge });
        const groups = (dashboards: typeof all) =>
            edge.login && planArguments(edge.login, dashboards).filter((flag) => flag.startsWith("--allowed-group"));
        expect(groups(all)).toEqual([]);
        const closed = all.filter(({ name }) => name !== "grafana");
        expect(groups(closed)).toEqual(["--allowed-group=platform", "--allowed-group=a.b"]);
    });

    test("reads both secrets as files", () => {
        const { volumes } = graph.named("Deployment", "oauth2-proxy").inputs.spec.template.spec;
        const secrets = (of: readonly { readonly secret?: { readonly secretName: string } }[]) =>
            of.flatMap(({ secret }) => secret?.secretName ?? []);
        expect(secrets(volumes)).toEqual(["oauth2-proxy-client", "oauth2-proxy-session"]);
        const own = dev.named("Deployment", "oauth2-proxy").inputs.spec.template.spec;
        expect(secrets(own.volumes)).toEqual(["given", "oauth2-proxy-session"]);
        expect(JSON.stringify(graph.named("Secret", "oauth2-proxy-session").inputs.stringData)).toContain("[secret]");
    });

    test("has the client's secret brought from the store, which lets its namespace read; elsewhere nothing", () => {
        const brought = graph.named("ExternalSecret", "oauth2-proxy-client");
        expect(brought.inputs.spec).toMatchObject({
            secretStoreRef: { kind: "ClusterSecretStore", name: "platform" },
            target: { name: "oauth2-proxy-client" },
            data: [{ secretKey: "client-secret", remoteRef: { key: "dashboards-client" } }],
        });
        expect(brought.inputs.metadata.annotations).toEqual({ "pulumi.com/waitFor": "condition=Ready" });
        const [{ namespaces }] = graph.named("ClusterSecretStore", "platform").inputs.spec.conditions;
        expect(namespaces).toEqual(["external-secrets", "tars", "oauth2-proxy"]);
        expect(graph.waitsFor(graph.named("Deployment", "oauth2-proxy"), brought)).toBe(true);
        expect(dev.of("ExternalSecret")).toEqual([]);
    });

    test("has a key of sessions of 32 bytes, made anew with its generation", () => {
        const key = graph.all.find(({ name }) => name === "secrets-session-key");
        expect(key?.inputs).toMatchObject({ keepers: { generation: "1" }, length: 43, special: false });
        // As oauth2-proxy reads it (pkg/encryption/utils.go, SecretBytes).
        expect(Buffer.from("a".repeat(43), "base64url")).toHaveLength(32);
    });

    test("runs twice, and its namespace has room for no more than it scales to", () => {
        const scalers = (of: Graph) => inNamespace(of, "oauth2-proxy").of("HorizontalPodAutoscaler");
        const bounds = (of: Graph) => scalers(of).map(({ inputs: { spec } }) => [spec.minReplicas, spec.maxReplicas]);
        expect([bounds(graph), bounds(dev)]).toEqual([[[2, 4]], [[2, 4]]]);
        const { hard } = inNamespace(graph, "oauth2-proxy").named("ResourceQuota", "quota").inputs.spec;
        expect(hard.pods).toBe("6");
    });

    test("is counted among what nodes must hold, where there is one", () => {
        const loads = (edge: object) => {
            const { settings } = parsed({ ...settingsOf("prod-azure"), ...edge });
            return systemLoads(settings).pods.filter(({ name }) => name === "oauth2-proxy");
        };
        const size = loginSize("sidecar");
        expect(size).toHaveProperty("sidecar");
        expect(loads(withDashboards("prod-azure", domain))).toEqual([
            { name: "oauth2-proxy", size, roles: ["general"] },
        ]);
        expect(loads({})).toEqual([]);
    });
});

describe("the network", () => {
    const spec = (of: Graph, namespace: string, name: string): KubernetesObject["inputs"] =>
        inNamespace(of, namespace).named("NetworkPolicy", name).inputs.spec;
    const led = (of: Graph) =>
        spec(of, "istio-ingress", "tars-gateway").egress.map(({ to, ports }: Egress) => [
            to[0]?.namespaceSelector?.matchLabels["kubernetes.io/metadata.name"],
            ports.map(({ port }) => port),
        ]);

    test("leads the gateway to the login and to the namespaces of dashboards, at the ports of their pods", () => {
        const azure = [
            ["oauth2-proxy", [4180]],
            ["monitoring", [3000, 8080]],
            ["logging", [5601]],
        ];
        expect(led(graph)).toEqual(expect.arrayContaining(azure));
        const ambient = azure.map(([namespace, ports]) => [namespace, [...(ports ?? []), 15_008]]);
        expect(led(dev)).toEqual(expect.arrayContaining(ambient));
    });

    test("leads the login to the issuer: to the Internet, or where it is said to answer", () => {
        const [toInternet] = spec(graph, "oauth2-proxy", "issuer").egress;
        expect(toInternet.to[0].ipBlock.cidr).toBe("0.0.0.0/0");
        expect(toInternet.to[0].ipBlock.except).toContain("10.0.0.0/8");
        expect(toInternet.ports).toEqual([{ protocol: "TCP", port: 443 }]);
        const [toOwn] = spec(dev, "oauth2-proxy", "issuer").egress;
        expect(toOwn.to).toEqual([{ ipBlock: { cidr: "192.168.20.8/32" } }]);
        expect(toOwn.ports.map(({ port }: { port: number }) => port)).toEqual([8443, 443]);
    });

    test("tells the proxies in pods of the issuer's hosts, which let nothing else out", () => {
        expect(graph.named("ServiceEntry", "oauth2-proxy").inputs.spec).toEqual({
            hosts: ["login.company.org"],
            exportTo: ["."],
            location: "MESH_EXTERNAL",
            resolution: "DNS",
            ports: [{ number: 443, name: "tls-443", protocol: "TLS" }],
        });
        expect(dev.of("ServiceEntry")).toEqual([]);
    });
});

interface Egress {
    readonly to: readonly { readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> } }[];
    readonly ports: readonly { readonly port: number }[];
}
