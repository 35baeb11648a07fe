import type { FailingSample, Sample } from "../../rule";
import { cloudResource, kubernetesResource, sampleOf } from "../../samples";
import { objectOf } from "./samples";

type Mapping = Readonly<Record<string, unknown>>;

const istio = (tls: Mapping) =>
    sampleOf(
        objectOf(["networking.istio.io/v1", "Gateway"], "edge", "edge", { servers: [{ hosts: ["a.example"], tls }] }),
    );
const gateway = (tls: Mapping, gatewayClassName = "other") =>
    sampleOf(
        objectOf(["gateway.networking.k8s.io/v1", "Gateway"], "edge", "edge", {
            gatewayClassName,
            listeners: [{ tls }],
        }),
    );
const mesh = (content: string) =>
    sampleOf(
        kubernetesResource("core/v1", "ConfigMap", { metadata: { name: "istio-stable" }, data: { mesh: content } }),
    );
const chart = (meshConfig: Mapping) =>
    sampleOf(cloudResource("kubernetes:helm.sh/v4:Chart", { chart: "istiod", values: { meshConfig } }));
const listener = (inputs: Mapping) => sampleOf(cloudResource("aws:lb/listener:Listener", inputs));
const annotated = (module: string, kind: string, annotations: Mapping) =>
    sampleOf(kubernetesResource(module, kind, { metadata: { name: "edge", annotations } }));
const service = (policy: Mapping) =>
    annotated("core/v1", "Service", { "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": "arn:one", ...policy });
const ingress = (policy: Mapping) =>
    annotated("networking.k8s.io/v1", "Ingress", { "alb.ingress.kubernetes.io/certificate-arn": "arn:one", ...policy });
const applicationGateway = (sslPolicy: Mapping) =>
    sampleOf(cloudResource("azure-native:network:ApplicationGateway", { sslPolicy }));
const postgres = (parameters: Mapping) =>
    sampleOf(objectOf(["postgresql.cnpg.io/v1", "Cluster"], "db", "data", { postgresql: { parameters } }));
const kafka = (config: Mapping) =>
    sampleOf(objectOf(["kafka.strimzi.io/v1", "Kafka"], "bus", "data", { kafka: { config } }));
const elastic = (config: Mapping) =>
    sampleOf(
        objectOf(["elasticsearch.k8s.elastic.co/v1", "Elasticsearch"], "logs", "data", {
            nodeSets: [{ name: "all", config }],
        }),
    );
const server = (value: string, configurationName = "ssl_min_protocol_version") =>
    sampleOf(cloudResource("azure-native:dbforpostgresql:Configuration", { configurationName, value }));

const newest = { minProtocolVersion: "TLSV1_3" } as const;

const least = "takes less than TLS 1.3";
const weak = "has a cipher without forward secrecy or authentication";
const policy = "is no policy that offers TLS 1.3 and nothing weak";
const option = "example.org/tls-min-protocol-version";

export const passing: readonly Sample[] = [
    istio({ mode: "SIMPLE", minProtocolVersion: "TLSV1_3", cipherSuites: ["ECDHE-RSA-AES256-GCM-SHA384"] }),
    istio({ mode: "PASSTHROUGH" }),
    istio({ mode: "ISTIO_MUTUAL" }),
    istio({ httpsRedirect: true }),
    gateway({ options: { [option]: "TLSv1.3" } }),
    gateway({ options: { "nginx.org/ssl-protocols": "TLSv1.3" } }),
    gateway({ mode: "Passthrough" }),
    gateway({}, "istio-waypoint"),
    gateway({}, "istio"),
    mesh("{ meshMTLS: { minProtocolVersion: TLSV1_3 }, tlsDefaults: { minProtocolVersion: TLSV1_3 } }"),
    chart({ meshMTLS: newest, tlsDefaults: newest }),
    listener({ protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
    listener({ protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }),
    listener({ protocol: "TCP" }),
    annotated("core/v1", "Service", {}),
    service({
        "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy":
            "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    }),
    ingress({ "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
    annotated("networking.k8s.io/v1", "Ingress", {}),
    applicationGateway({ policyType: "Predefined", policyName: "AppGwSslPolicy20220101S" }),
    applicationGateway({ policyName: "AppGwSslPolicy20220101" }),
    applicationGateway({ policyType: "CustomV2", minProtocolVersion: "TLSv1_2" }),
    applicationGateway({ policyType: "CustomV2", minProtocolVersion: "TLSv1_3" }),
    postgres({}),
    postgres({ ssl_min_protocol_version: "TLSv1.3" }),
    kafka({ "ssl.enabled.protocols": "TLSv1.3" }),
    elastic({ "xpack.security.http.ssl.supported_protocols": ["TLSv1.3"] }),
    elastic({ xpack: { security: { http: { ssl: { supported_protocols: ["TLSv1.3"] } } } } }),
    server("TLSv1.3"),
    server("on", "log_connections"),
];

export const failing: readonly FailingSample[] = [
    { sample: istio({ mode: "SIMPLE" }), problem: least },
    { sample: istio({ mode: "SIMPLE", minProtocolVersion: "TLS_AUTO" }), problem: least },
    { sample: istio({ mode: "MUTUAL", minProtocolVersion: "TLSV1_2" }), problem: least },
    { sample: istio({ minProtocolVersion: "TLSV1_3", cipherSuites: ["AES128-GCM-SHA256"] }), problem: weak },
    { sample: istio({ minProtocolVersion: "TLSV1_3", cipherSuites: ["ECDHE-RSA-AES128-SHA"] }), problem: weak },
    { sample: gateway({ options: { [option]: "TLSv1.2" } }), problem: least },
    { sample: gateway({ options: { "nginx.org/ssl-protocols": "TLSv1.2 TLSv1.3" } }), problem: least },
    { sample: gateway({}), problem: "leaves the minimum version to the implementation" },
    {
        sample: gateway(
            {
                options: { "gateway.istio.io/tls-cipher-suites": "ECDHE-RSA-AES128-GCM-SHA256,AES128-SHA" },
            },
            "istio",
        ),
        problem: weak,
    },
    {
        sample: mesh("tlsDefaults: { minProtocolVersion: TLSV1_3 }"),
        problem: "has a mesh that takes less than TLS 1.3",
    },
    { sample: chart({ tlsDefaults: newest }), problem: "has a mesh that takes less than TLS 1.3" },
    { sample: chart({ meshMTLS: newest }), problem: "has gateways that take less than TLS 1.3" },
    { sample: mesh("meshMTLS: { minProtocolVersion: TLSV1_3 }"), problem: "has gateways that take less than TLS 1.3" },
    { sample: listener({ protocol: "HTTPS" }), problem: policy },
    { sample: listener({ protocol: "TLS", sslPolicy: "ELBSecurityPolicy-TLS-1-2-2017-01" }), problem: policy },
    { sample: listener({ protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" }), problem: policy },
    { sample: listener({ protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06" }), problem: policy },
    { sample: service({}), problem: policy },
    { sample: ingress({}), problem: policy },
    { sample: sampleOf(cloudResource("azure-native:network:ApplicationGateway", {})), problem: policy },
    {
        sample: applicationGateway({ policyType: "Predefined", policyName: "AppGwSslPolicy20170401S" }),
        problem: policy,
    },
    { sample: applicationGateway({ policyType: "Custom", minProtocolVersion: "TLSv1_2" }), problem: policy },
    { sample: applicationGateway({ policyType: "CustomV2", minProtocolVersion: "TLSv1_1" }), problem: policy },
    { sample: postgres({ ssl_min_protocol_version: "TLSv1.2" }), problem: least },
    { sample: kafka({}), problem: least },
    { sample: kafka({ "ssl.enabled.protocols": "TLSv1.2,TLSv1.3" }), problem: least },
    { sample: elastic({}), problem: least },
    { sample: elastic({ "xpack.security.http.ssl.supported_protocols": ["TLSv1.3", "TLSv1.2"] }), problem: least },
    { sample: server("TLSv1.2"), problem: least },
];
