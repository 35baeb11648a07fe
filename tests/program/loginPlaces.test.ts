import { accessMatrix, isOpen, type Path } from "../../cli/src/access/matrix";
import type { Registration } from "../../cli/src/graph";
import { judgedResources } from "../../cli/src/judgedResources";
import { platformNamespaces } from "../../components/foundation/platformNamespaces";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { anotherGraph } from "./anotherGraph";
import { behindAzureFirewall, behindFirewall } from "./firewallStack";
import type { Graph } from "./graph";
import { login, loginEdge, withDashboards } from "./loginStack";
import { settingsOf } from "./stack";

jest.setTimeout(300_000);

const terms = { ...bareTerms, ...readPackFiles(rules), environment: "production" } as const;

/** What the pack would not let through. */
function broken(all: readonly Registration[]): readonly string[] {
    const { findings } = judge(judgedResources(all), defaultConfiguration, terms);
    return findings.flatMap(({ level, rule, name }) => (level === "mandatory" ? [`${rule} ${name}`] : []));
}

const hostsBelow = (domain: string) => ["grafana", "kibana", "kafka"].map((name) => `${name}.${domain}`);
const sectionsOf = ({ inputs }: Pick<Registration, "inputs">) =>
    JSON.parse(JSON.stringify(inputs)).spec.parentRefs.map(({ sectionName }: { sectionName: string }) => sectionName);

/** The same spec with something else in it. */
function changed(all: readonly Registration[], name: string, spec: object): readonly Registration[] {
    return all.map((each) => {
        const own = Object(each.inputs).spec;
        return each.name === name ? { ...each, inputs: { ...each.inputs, spec: { ...own, ...spec } } } : each;
    });
}

describe("in production on Azure", () => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await anotherGraph("prod-azure", withDashboards("prod-azure", "tars.example.com"));
    });

    test("the pack finds nothing mandatory", () => {
        expect(broken(graph.all)).toEqual([]);
    });

    test("the pack misses a login that is not asked at each dashboard's host", () => {
        const hosts = hostsBelow("tars.example.com").slice(1);
        const operation = { hosts: hosts.flatMap((host) => [host, `${host}:443`]) };
        const holed = changed(graph.all, "dashboard-guard-login", { rules: [{ to: [{ operation }] }] });
        expect(broken(holed)).toEqual(["NET-10 dashboard-grafana"]);
    });

    test("the pack misses tokens at the application's hosts, whatever dashboards ask", () => {
        const without = graph.all.filter(({ name }) => name !== "edge-strangers");
        expect(broken(without)).toEqual(["NET-10 tars-backend"]);
    });

    test("the pack takes the login's image, and the API server of a stack that has one", async () => {
        const admission = (of: Graph) => JSON.stringify(of.of("ValidatingAdmissionPolicy").map(({ inputs }) => inputs));
        expect(admission(graph)).toContain("oauth2-proxy/oauth2-proxy(:[^/@]*)?(@.*)?$");
        expect(admission(graph)).toMatch(/oauth2-proxy[^&]+&& object\.metadata\.name == [^)]*issuer/);
        const bare = admission(await anotherGraph("prod-azure", {}));
        expect([bare.includes("cert-manager"), bare.includes("oauth2-proxy")]).toEqual([true, false]);
    });
});

describe.each(["ambient", "sidecar"])("with the mesh in %s mode", (mode) => {
    let paths: readonly Path[];
    beforeAll(async () => {
        const edge = loginEdge("tars.local", { login: { ...login, clientSecret: { from: "secret", name: "given" } } });
        const { all } = await anotherGraph("dev", {
            edge: { ...Object(settingsOf("dev").edge), ...edge },
            mesh: { mode },
        });
        paths = accessMatrix(all);
    });
    const to = (place: string, condition: (path: Path) => boolean) =>
        paths
            .filter((path) => path.to.startsWith(place) && condition(path))
            .map(({ from, to, port }) => `${from} -> ${to}:${port}`);

    test("nobody but the gateway reaches the login, by the network and by the mesh each by itself", () => {
        const only = ["istio-ingress/tars-gateway-istio -> oauth2-proxy/oauth2-proxy:4180"];
        expect(to("oauth2-proxy/", isOpen)).toEqual(only);
        expect(to("oauth2-proxy/", ({ network }) => network)).toEqual(only);
        expect(to("oauth2-proxy/", ({ mesh }) => mesh === true)).toEqual(only);
    });

    test("the login reaches nobody of the platform", () => {
        const own = paths.filter((path) => path.from.startsWith("oauth2-proxy/"));
        expect(own).not.toEqual([]);
        expect(own.filter(isOpen)).toEqual([]);
    });

    test("the application is reached as without dashboards", () => {
        const others = to("tars/tars-backend", isOpen).filter((call) => !call.startsWith("monitoring/"));
        expect(others).toEqual(["istio-ingress/tars-gateway-istio -> tars/tars-backend:8000"]);
    });
});

describe("behind a firewall on AWS", () => {
    let graph: Graph;
    const domain = "aws.tars.example.com";
    beforeAll(async () => {
        graph = await anotherGraph("prod-aws", behindFirewall(loginEdge(domain)));
    });
    const of = (type: string) => graph.all.filter((each) => each.type.endsWith(`:${type}`));

    test("dashboards have records that lead to the load balancer, and are in its certificate", () => {
        const [certificate] = of("Certificate").filter(({ type }) => type.startsWith("aws:"));
        expect(Object(certificate?.inputs).subjectAlternativeNames).toEqual(expect.arrayContaining(hostsBelow(domain)));
        const names = of("Record").flatMap(({ inputs }) => (Object(inputs).type === "A" ? [Object(inputs).name] : []));
        expect(names).toEqual(expect.arrayContaining(hostsBelow(domain)));
    });

    test("people are asked at the gateway as anywhere, and the pack finds nothing mandatory", () => {
        expect(sectionsOf(graph.named("HTTPRoute", "dashboard-grafana"))).toEqual(["https-0"]);
        expect(graph.named("AuthorizationPolicy", "tars-gateway-dashboards-login").inputs.spec.action).toBe("CUSTOM");
        expect(broken(graph.all)).toEqual([]);
    });
});

test.each(["dev", "staging", "prod-azure"])("no dashboard may be in a namespace that %s makes", async (stack) => {
    const made = (await anotherGraph(stack, {})).of("Namespace").map(({ inputs }) => inputs.metadata?.name);
    expect(made).toContain("istio-ingress");
    const ours = made.filter((name) => name !== undefined && name !== "kube-system");
    expect(platformNamespaces).toEqual(expect.arrayContaining(ours));
});

describe("behind a firewall on Azure", () => {
    test("dashboards have records that lead to the application gateway, and the pack finds nothing mandatory", async () => {
        const graph = await anotherGraph("prod-azure", behindAzureFirewall(loginEdge("tars.example.com")));
        const records = graph.all.filter(({ type }) => type.endsWith("dns:RecordSet") || type.endsWith(":RecordSet"));
        const names = records.map(({ inputs }) => Object(inputs).relativeRecordSetName);
        expect(names).toEqual(expect.arrayContaining(["grafana", "kibana", "kafka"]));
        expect(broken(graph.all)).toEqual([]);
    });
});

describe("in a pair of stacks", () => {
    const { azure, edge } = settingsOf("prod-azure");
    const certificates = { issuer: "letsencryptProd", solver: "dns01", email: "platform@example.com" };
    const prover = { namespace: "cert-manager", serviceAccount: "cert-manager", permissions: ["dnsZone.prove"] };
    const { identities } = Object(azure);

    test("dashboards are this stack's alone: no record of the pair is theirs", async () => {
        const failover = { role: "primary", name: "eu.tars.example.com" };
        const changes = {
            edge: {
                ...Object(edge),
                host: "www.tars.example.com",
                certificates,
                failover,
                ...loginEdge("eu.tars.example.com"),
            },
            azure: { ...Object(azure), identities: { ...identities, "cert-manager": prover } },
        };
        const graph = await anotherGraph("prod-azure", changes);
        expect(graph.named("HTTPRoute", "dashboard-grafana").inputs.metadata.annotations).toBeUndefined();
        expect(graph.named("HTTPRoute", "tars-backend").inputs.metadata.annotations).toBeDefined();
        const aliases = graph.all.filter(({ type }) => type.endsWith(":RecordSet"));
        expect(JSON.stringify(aliases.map(({ inputs }) => inputs))).not.toMatch(/grafana|kibana|kafka/);
        const sections = ["tars-backend", "tars-backend-own", "dashboard-grafana"].map((name) =>
            sectionsOf(graph.named("HTTPRoute", name)),
        );
        expect(sections).toEqual([["https-0", "https-1"], ["https-2"], ["dashboard-grafana"]]);
        expect(broken(graph.all)).toEqual([]);
    });
});
