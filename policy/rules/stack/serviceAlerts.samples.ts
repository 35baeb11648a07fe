import type { FailingSample, Resource, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const service = kubernetesResource("core/v1", "Service", {
    metadata: { name: "web", namespace: "shop", labels: { app: "web" } },
    spec: { selector: { run: "web" } },
});

const monitoring = (kind: string, spec: Mapping, namespace = "shop"): Resource =>
    kubernetesResource("monitoring.coreos.com/v1", kind, { metadata: { name: "one", namespace }, spec });
const monitor = (spec: Mapping, namespace?: string) => monitoring("ServiceMonitor", spec, namespace);
const selected = monitor({ selector: { matchLabels: { app: "web" } } });

const common = [
    "kyverno_policy_results > 0",
    "certmanager_certificate_expiration_timestamp_seconds - time() < 604800",
    "time() - velero_backup_last_successful_timestamp > 90000",
    'istio_requests_total{connection_security_policy!="mutual_tls"} > 0',
];
const rules = (...expressions: readonly string[]) =>
    monitoring("PrometheusRule", {
        groups: [{ name: "all", rules: expressions.map((expr, index) => ({ alert: `Alert${index}`, expr })) }],
    });
const alerts = rules('up{namespace="shop",job="web"} == 0', ...common);
const without = (index: number) =>
    sampleOf(rules('up{job="web"} == 0', ...common.filter((_, at) => at !== index)), service, selected);

const routed = (spec: Mapping) =>
    kubernetesResource("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig", { metadata: { name: "shop" }, spec });
const receivers = [{ name: "on-call", webhookConfigs: [{ urlSecret: { name: "hook", key: "url" } }] }];

export const passing: readonly Sample[] = [
    sampleOf(
        selected,
        service,
        alerts,
        routed({ route: { receiver: "on-call", routes: [{ matchers: [] }] }, receivers }),
    ),
    sampleOf(monitor({ selector: {}, namespaceSelector: { any: true } }, "monitoring"), service, alerts),
    sampleOf(
        monitor(
            {
                selector: { matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] },
                namespaceSelector: { matchNames: ["shop"] },
            },
            "monitoring",
        ),
        service,
        alerts,
    ),
    sampleOf(monitoring("PodMonitor", { selector: { matchLabels: { run: "web" } } }), service, alerts),
    sampleOf(
        kubernetesResource("core/v1", "Service", {
            metadata: { name: "outside", namespace: "shop" },
            spec: { type: "ExternalName", externalName: "db.example.com" },
        }),
    ),
];

const unmeasured = "is a service that nothing measures";

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(service, alerts), problem: unmeasured },
    { sample: sampleOf(monitor({ selector: { matchLabels: { app: "api" } } }), service, alerts), problem: unmeasured },
    {
        sample: sampleOf(monitor({ selector: { matchLabels: { app: "web" } } }, "monitoring"), service, alerts),
        problem: unmeasured,
    },
    {
        sample: sampleOf(
            monitor({ selector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] } }),
            service,
            alerts,
        ),
        problem: unmeasured,
    },
    {
        sample: sampleOf(
            monitor({ selector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] } }),
            service,
            alerts,
        ),
        problem: unmeasured,
    },
    { sample: sampleOf(selected, service), problem: "is a service that no alert is about" },
    {
        sample: sampleOf(selected, service, rules("webhook_failures > 0", ...common)),
        problem: "is a service that no alert is about",
    },
    { sample: without(0), problem: "and the stack's other rules have no alert on refused or failing policies" },
    { sample: without(1), problem: "and the stack's other rules have no alert on certificates that expire" },
    { sample: without(2), problem: "and the stack's other rules have no alert on the age of backups" },
    { sample: without(3), problem: "and the stack's other rules have no alert on traffic without mutual TLS" },
    { sample: sampleOf(routed({ receivers })), problem: "is not set, so that no alert goes anywhere" },
    { sample: sampleOf(routed({ route: {}, receivers })), problem: "names no receiver of this configuration" },
    {
        sample: sampleOf(routed({ route: { receiver: "nobody" }, receivers })),
        problem: "names no receiver of this configuration",
    },
    {
        sample: sampleOf(routed({ route: { receiver: "on-call", routes: [{ receiver: "nobody" }] }, receivers })),
        problem: "names no receiver of this configuration",
    },
    {
        sample: sampleOf(routed({ route: { receiver: "null" }, receivers: [{ name: "null" }] })),
        problem: "is a receiver that tells nobody",
    },
];
