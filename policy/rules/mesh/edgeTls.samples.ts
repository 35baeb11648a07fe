import type { FailingSample, Resource, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { objectOf } from "./samples";

type Mapping = Readonly<Record<string, unknown>>;

const host = "shop.example";
const rules = [{ host, http: {} }];
const tls = [{ hosts: [host], secretName: "shop-tls" }];

function ingress(spec: Mapping, annotations: Mapping = {}): Sample {
    const metadata = { name: "shop", namespace: "shop", annotations };
    return sampleOf(kubernetesResource("networking.k8s.io/v1", "Ingress", { metadata, spec }));
}

const gateway = (listener: Mapping, gatewayClassName = "istio") =>
    objectOf(["gateway.networking.k8s.io/v1", "Gateway"], "edge", "edge", { gatewayClassName, listeners: [listener] });

const secure = gateway({
    name: "https",
    port: 443,
    protocol: "HTTPS",
    hostname: host,
    tls: { certificateRefs: [{ name: "shop-tls" }] },
});
/** Called by a load balancer that ends TLS itself and names no host when it calls. */
const inner = kubernetesResource("gateway.networking.k8s.io/v1", "Gateway", {
    metadata: {
        name: "edge",
        namespace: "edge",
        annotations: { "networking.istio.io/service-type": "ClusterIP" },
    },
    spec: {
        gatewayClassName: "istio",
        listeners: [{ name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs: [{ name: "shop-tls" }] } }],
    },
});
const plain = gateway({ name: "http", port: 80, protocol: "HTTP" });

const route = (spec: Mapping): Resource =>
    objectOf(["gateway.networking.k8s.io/v1", "HTTPRoute"], "shop", "shop", {
        parentRefs: [{ name: "edge", namespace: "edge" }],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: "web", port: 80 }] }],
        ...spec,
    });

const redirect = (scheme: string) => [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme } }] }];

const istio = (server: Mapping) =>
    sampleOf(objectOf(["networking.istio.io/v1", "Gateway"], "edge", "edge", { servers: [server] }));

const noCertificate = "has no certificate for its host";
const anyHost = "is no host of its own, so that every name is answered";
const noRedirect = "does not send plain HTTP on to HTTPS";

export const passing: readonly Sample[] = [
    ingress({ ingressClassName: "nginx", rules, tls }),
    ingress({ rules, tls: [{ hosts: ["*.example"], secretName: "wild" }] }),
    ingress({ rules, tls: [{ hosts: [host] }] }, { "alb.ingress.kubernetes.io/certificate-arn": "arn:one" }),
    ingress(
        { rules, tls },
        {
            "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]',
            "alb.ingress.kubernetes.io/ssl-redirect": "443",
        },
    ),
    ingress(
        { ingressClassName: "azure-application-gateway", rules, tls },
        { "appgw.ingress.kubernetes.io/ssl-redirect": "true" },
    ),
    sampleOf(secure, route({})),
    sampleOf(inner, route({})),
    sampleOf(plain, route({ rules: redirect("https") })),
    sampleOf(gateway({ name: "tls", protocol: "TLS", hostname: host, tls: { mode: "Passthrough" } })),
    sampleOf(gateway({ name: "mesh", port: 15_008, protocol: "HBONE" }, "istio-waypoint")),
    sampleOf(plain, route({ parentRefs: [{ kind: "Service", name: "web" }], hostnames: [] })),
    sampleOf(plain, route({ parentRefs: [{ name: "edge", namespace: "edge", sectionName: "https" }] })),
    istio({ hosts: [host], port: { protocol: "HTTPS" }, tls: { mode: "SIMPLE", credentialName: "shop-tls" } }),
    istio({ hosts: [host], port: { protocol: "HTTP" }, tls: { httpsRedirect: true } }),
    istio({ hosts: [host], port: { protocol: "TLS" }, tls: { mode: "PASSTHROUGH" } }),
];

export const failing: readonly FailingSample[] = [
    { sample: ingress({ rules }), problem: noCertificate },
    { sample: ingress({ rules, tls: [{ hosts: ["other.example"], secretName: "other" }] }), problem: noCertificate },
    { sample: ingress({ rules, tls: [{ hosts: [host] }] }), problem: noCertificate },
    { sample: ingress({ rules: [{ http: {} }], tls }), problem: anyHost },
    { sample: ingress({ rules: [{ host: "*", http: {} }], tls }), problem: anyHost },
    {
        sample: ingress({ defaultBackend: { service: { name: "web" } } }),
        problem: "answers every name, whosever it is",
    },
    { sample: ingress({ rules, tls }, { "nginx.ingress.kubernetes.io/ssl-redirect": "false" }), problem: noRedirect },
    { sample: ingress({ rules, tls }, { "nginx.org/ssl-redirect": "False" }), problem: noRedirect },
    {
        sample: ingress({ rules, tls }, { "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]' }),
        problem: noRedirect,
    },
    { sample: ingress({ ingressClassName: "azure-application-gateway", rules, tls }), problem: noRedirect },
    { sample: sampleOf(gateway({ protocol: "HTTPS", hostname: host })), problem: noCertificate },
    { sample: sampleOf(gateway({ protocol: "HTTPS", tls: { certificateRefs: [{ name: "t" }] } })), problem: anyHost },
    {
        sample: sampleOf(gateway({ protocol: "TLS", hostname: "*", tls: { certificateRefs: [{ name: "t" }] } })),
        problem: anyHost,
    },
    { sample: sampleOf(secure, route({ hostnames: [] })), problem: anyHost },
    { sample: sampleOf(secure, route({ hostnames: ["*"] })), problem: anyHost },
    { sample: sampleOf(plain, route({})), problem: "answers plain HTTP with more than a redirect to HTTPS" },
    {
        sample: sampleOf(plain, route({ rules: redirect("http") })),
        problem: "answers plain HTTP with more than a redirect to HTTPS",
    },
    { sample: istio({ hosts: ["*"], port: { protocol: "HTTPS" }, tls: { credentialName: "t" } }), problem: anyHost },
    { sample: istio({ hosts: ["shop/*"], port: { protocol: "TLS" }, tls: { mode: "PASSTHROUGH" } }), problem: anyHost },
    { sample: istio({ hosts: [host], port: { protocol: "HTTPS" }, tls: { mode: "SIMPLE" } }), problem: noCertificate },
    { sample: istio({ hosts: [host], port: { protocol: "HTTPS" } }), problem: noCertificate },
    { sample: istio({ hosts: [host], port: { protocol: "HTTP" } }), problem: noRedirect },
    {
        sample: istio({ hosts: [host], port: { protocol: "HTTP" }, tls: { httpsRedirect: false } }),
        problem: noRedirect,
    },
];
