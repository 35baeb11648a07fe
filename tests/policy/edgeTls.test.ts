import type { Resource } from "../../policy/rule";
import { kubernetesResource } from "../../policy/samples";
import { type Mapping, problemsOf, ruleOf, unknownText } from "./support";

const object = ([module, kind]: readonly [string, string], name: string, spec: Mapping, annotations: Mapping = {}) =>
    kubernetesResource(module, kind, { metadata: { name, namespace: "shop", annotations }, spec }, `${kind}-${name}`);
const host = "shop.example";
const unknown = (path: string) => `not decided: ${path} is not known before the update`;
const anyHost = (path: string) => `${path} is no host of its own, so that every name is answered`;
const noCertificate = (path: string) => `${path} has no certificate for its host`;
const said = (...resources: readonly Resource[]) => problemsOf(ruleOf("NET-01"), resources);

describe("NET-01 on an Ingress", () => {
    const ingress = (spec: Mapping, annotations: Mapping = {}) =>
        object(["networking.k8s.io/v1", "Ingress"], "shop", spec, annotations);
    const rules = [{ host, http: {} }];
    const tls = [{ hosts: [host], secretName: "shop-tls" }];

    test.each<[string, Mapping, readonly string[]]>([
        ["an empty host", { rules: [{ host: "" }], tls }, [anyHost("spec.rules[0].host")]],
        ["an unknown host", { rules: [{ host: unknownText }], tls }, [unknown("spec.rules[0].host")]],
        [
            "a certificate without a name",
            { rules, tls: [{ hosts: [host], secretName: "" }] },
            [noCertificate("spec.rules[0].host")],
        ],
        ["an unknown list of certificates", { rules, tls: unknownText }, [unknown("spec.tls")]],
        [
            "an unknown list of hosts",
            { rules, tls: [{ hosts: unknownText, secretName: "a" }] },
            [unknown("spec.tls[0].hosts")],
        ],
        [
            "an unknown host among those of a certificate",
            { rules, tls: [{ hosts: [unknownText], secretName: "a" }] },
            [unknown("spec.tls[0].hosts[0]")],
        ],
        [
            "a backend for every name",
            { defaultBackend: { service: { name: "web" } } },
            ["spec.defaultBackend answers every name, whosever it is"],
        ],
    ])("with %s", (_, spec, problems) => {
        expect(said(ingress(spec))).toEqual(problems);
    });

    test("does not decide on a redirect that is unknown", () => {
        const key = "appgw.ingress.kubernetes.io/ssl-redirect";
        const spec = { ingressClassName: "azure-application-gateway", rules, tls };
        expect(said(ingress(spec, { [key]: unknownText }))).toEqual([unknown(`metadata.annotations.${key}`)]);
    });
});

describe("NET-01 on a Gateway of Istio", () => {
    const at = "spec.servers[0]";

    test.each<[string, Mapping, readonly string[]]>([
        ["an empty host", { hosts: [""], port: { protocol: "TCP" } }, [anyHost(`${at}.hosts[0]`)]],
        ["a namespace without a host", { hosts: ["shop/"], port: { protocol: "TCP" } }, [anyHost(`${at}.hosts[0]`)]],
        ["a protocol without certificates", { hosts: [host], port: { protocol: "TCP" } }, []],
        [
            "an unknown redirect",
            { hosts: [host], port: { protocol: "HTTP" }, tls: { httpsRedirect: unknownText } },
            [unknown(`${at}.tls.httpsRedirect`)],
        ],
        ["unknown TLS", { hosts: [host], port: { protocol: "HTTPS" }, tls: unknownText }, [unknown(`${at}.tls`)]],
        [
            "a list for TLS",
            { hosts: [host], port: { protocol: "HTTPS" }, tls: [] },
            [`${at}.tls is a list where a mapping belongs`],
        ],
    ])("with %s", (_, server, problems) => {
        expect(said(object(["networking.istio.io/v1", "Gateway"], "edge", { servers: [server] }))).toEqual(problems);
    });
});

describe("NET-01 on the Gateway API", () => {
    const gateway = (name: string, ...listeners: readonly Mapping[]) =>
        object(["gateway.networking.k8s.io/v1", "Gateway"], name, { listeners });
    const route = (spec: Mapping) => object(["gateway.networking.k8s.io/v1", "HTTPRoute"], "shop", spec);
    const certificateRefs = [{ name: "shop-tls" }];
    const secure = { name: "https", protocol: "HTTPS", hostname: host, tls: { certificateRefs } };
    const plain = { name: "http", protocol: "HTTP" };
    const parentRefs = [{ name: "edge" }];
    const rules = [{ backendRefs: [{ name: "web" }] }];
    const at = "spec.listeners[0]";

    test.each<[string, Mapping, readonly string[]]>([
        ["an empty host", { hostname: "" }, [anyHost(`${at}.hostname`)]],
        ["an unknown host", { hostname: unknownText }, [unknown(`${at}.hostname`)]],
        [
            "an empty list of certificates",
            { tls: { certificateRefs: [] } },
            [noCertificate(`${at}.tls.certificateRefs`)],
        ],
        ["unknown certificates", { tls: { certificateRefs: unknownText } }, [unknown(`${at}.tls.certificateRefs`)]],
    ])("with %s", (_, change, problems) => {
        expect(said(gateway("edge", { ...secure, ...change }))).toEqual(problems);
    });

    test("with no host, behind a load balancer: its routes must name theirs", () => {
        const { hostname: _, ...nameless } = secure;
        const metadata = (serviceType: string) => ({
            name: "edge",
            namespace: "shop",
            annotations: { "networking.istio.io/service-type": serviceType },
        });
        const spec = { listeners: [nameless] };
        const of = (serviceType: string) =>
            kubernetesResource("gateway.networking.k8s.io/v1", "Gateway", { metadata: metadata(serviceType), spec });
        expect(said(of("ClusterIP"))).toEqual([]);
        expect(said(of("LoadBalancer"))).toEqual([anyHost(`${at}.hostname`)]);
        expect(said(of("ClusterIP"), route({ parentRefs, rules }))).toEqual([anyHost("spec.hostnames")]);
    });

    test.each<[string, Mapping, readonly string[]]>([
        ["no host", {}, [anyHost("spec.hostnames")]],
        ["unknown hosts", { hostnames: unknownText }, [unknown("spec.hostnames")]],
    ])("with a route of %s", (_, spec, problems) => {
        expect(said(gateway("edge", secure), route({ parentRefs, rules, ...spec }))).toEqual(problems);
    });

    test.each<[string, readonly Resource[], readonly Mapping[]]>([
        ["one gateway of several", [gateway("edge", plain), gateway("other", secure)], parentRefs],
        ["one listener of several", [gateway("edge", secure, plain)], parentRefs],
        ["one parent of several", [gateway("edge", plain)], [...parentRefs, { name: "elsewhere" }]],
    ])("with a route that %s answers in plain HTTP", (_, gateways, parents) => {
        expect(said(...gateways, route({ parentRefs: parents, hostnames: [host], rules }))).toEqual([
            "spec.rules answers plain HTTP with more than a redirect to HTTPS",
        ]);
    });
});
