import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, compliantDeployment, kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const chart = (name: string, values: Mapping = {}): Resource =>
    cloudResource("kubernetes:helm.sh/v4:Chart", { chart: name, values }, name.replace(/.*\//, ""));
const object = (module: string, kind: string, spec: Mapping) =>
    kubernetesResource(module, kind, { metadata: { name: "one", namespace: "monitoring" }, spec });
const collector = (exporter: Mapping) =>
    object("opentelemetry.io/v1beta1", "OpenTelemetryCollector", { config: { exporters: { otlp: exporter } } });
const monitor = (tlsConfig: Mapping) =>
    object("monitoring.coreos.com/v1", "ServiceMonitor", { endpoints: [{ tlsConfig }] });
const podMonitor = (tlsConfig: Mapping) =>
    object("monitoring.coreos.com/v1", "PodMonitor", { podMetricsEndpoints: [{ tlsConfig }] });
const prometheus = (remote: Mapping) => object("monitoring.coreos.com/v1", "Prometheus", { remoteWrite: [remote] });
const kibana = (config: Mapping) => object("kibana.k8s.elastic.co/v1", "Kibana", { config });
const elastic = (config: Mapping) =>
    object("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", { nodeSets: [{ config }] });
const ini = (text: string) =>
    kubernetesResource("core/v1", "ConfigMap", { metadata: { name: "grafana" }, data: { "grafana.ini": text } });
const running = (image: string, env: readonly Mapping[] = [], kind = "DaemonSet") =>
    object("apps/v1", kind, { template: { spec: { containers: [{ name: "one", image, env }] } } });
const grafana = (name: string, value: string) => sampleOf(running("grafana:13.2.0", [{ name, value }]), tetragon);

const tetragon = chart("tetragon");
const workload = compliantDeployment("shop");
const secret = { admin: { existingSecret: "grafana-admin" } };

const anonymous = "lets anybody in without a name";
const administrator = "leaves the administrator a password that everybody knows";
const plain = "sends telemetry in plain text";
const unverified = "takes any certificate for the right one";
const unwatched = "runs where no runtime detector watches";

export const passing: readonly Sample[] = [
    sampleOf(collector({ endpoint: "https://otel.example", tls: { insecure: false, insecure_skip_verify: false } })),
    sampleOf(workload, tetragon),
    sampleOf(workload, running("registry.example/falcosecurity/falco:0.44.1")),
    sampleOf(
        workload,
        cloudResource("aws:guardduty/detectorFeature:DetectorFeature", {
            name: "RUNTIME_MONITORING",
            status: "ENABLED",
        }),
    ),
    sampleOf(
        workload,
        cloudResource("azure-native:containerservice:ManagedCluster", {
            securityProfile: { defender: { securityMonitoring: { enabled: true } } },
        }),
    ),
    { kind: "resources", environment: "staging", resources: [workload] },
    sampleOf(chart("grafana", secret), chart("kube-prometheus-stack", { grafana: secret })),
    sampleOf(chart("kube-prometheus-stack", { grafana: { enabled: false } })),
    sampleOf(prometheus({ url: "https://metrics.example" }), monitor({}), kibana({}), elastic({})),
    sampleOf(ini("[auth.anonymous]\nenabled = false\n[users]\nenabled = true\n")),
];

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(workload), problem: unwatched },
    {
        sample: sampleOf(
            workload,
            cloudResource("aws:guardduty/detectorFeature:DetectorFeature", {
                name: "S3_DATA_EVENTS",
                status: "ENABLED",
            }),
        ),
        problem: unwatched,
    },
    { sample: grafana("GF_AUTH_ANONYMOUS_ENABLED", "true"), problem: anonymous },
    { sample: grafana("GF_SECURITY_ADMIN_PASSWORD", "admin"), problem: administrator },
    { sample: sampleOf(ini("[server]\n[auth.anonymous]\norg_name = Main\nenabled = true\n")), problem: anonymous },
    {
        sample: sampleOf(
            chart("charts/grafana", { ...secret, "grafana.ini": { "auth.anonymous": { enabled: true } } }),
        ),
        problem: anonymous,
    },
    { sample: sampleOf(chart("grafana", { adminPassword: "admin" })), problem: administrator },
    { sample: sampleOf(chart("kube-prometheus-stack")), problem: administrator },
    {
        sample: sampleOf(kibana({ "xpack.security.authc.providers.anonymous.anonymous1.order": 0 })),
        problem: anonymous,
    },
    {
        sample: sampleOf(kibana({ "xpack.security.authc.providers": { anonymous: { one: { order: 0 } } } })),
        problem: anonymous,
    },
    { sample: sampleOf(elastic({ "xpack.security.authc.anonymous.roles": "viewer" })), problem: anonymous },
    {
        sample: sampleOf(elastic({ xpack: { security: { authc: { anonymous: { roles: "viewer" } } } } })),
        problem: anonymous,
    },
    { sample: sampleOf(collector({ endpoint: "otel:4317", tls: { insecure: true } })), problem: plain },
    { sample: sampleOf(collector({ endpoint: "http://otel:4318" })), problem: plain },
    { sample: sampleOf(collector({ tls: { insecure_skip_verify: true } })), problem: unverified },
    { sample: sampleOf(prometheus({ url: "http://metrics.example" })), problem: plain },
    {
        sample: sampleOf(prometheus({ url: "https://m", tlsConfig: { insecureSkipVerify: true } })),
        problem: unverified,
    },
    { sample: sampleOf(monitor({ insecureSkipVerify: true })), problem: unverified },
    { sample: sampleOf(podMonitor({ insecureSkipVerify: true })), problem: unverified },
];
