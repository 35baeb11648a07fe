import { controls } from "../../controls";
import { undecided } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { checkReceivers } from "./alertReceivers";
import { isMonitored, monitorKinds } from "./monitors";
import { failing, passing } from "./serviceAlerts.samples";

export const serviceAlerts: StackRule = {
    id: "OBS-02",
    title: "Every service is watched, and somebody hears of it",
    severity: "medium",
    level: "mandatory",
    scope: "stack",
    kinds: [
        "core/Service",
        ...monitorKinds,
        "monitoring.coreos.com/PrometheusRule",
        "monitoring.coreos.com/AlertmanagerConfig",
    ],
    controls: controls({ soc2: ["CC7.1", "CC7.2"], iso27001: ["8.16"] }),
    why: "What nobody measures fails unseen, and an alert without a receiver is a measurement that nobody reads.",
    fix: "add a ServiceMonitor or PodMonitor and an alert that names the service or its namespace, and give every route a receiver",
    link: "https://prometheus-operator.dev/docs/developer/alerting/",
    samples: { passing, failing },
    check: (stack, report) => {
        const alerts = alertsOf(stack);
        for (const service of stack.of("core/Service")) checkService(service, { stack, alerts }, report);
        for (const configuration of stack.of("monitoring.coreos.com/AlertmanagerConfig"))
            checkReceivers(configuration, report);
        checkTopics(stack, alerts, report);
    },
};

interface Watch {
    readonly stack: Stack;
    readonly alerts: Alerts;
}

/** Expressions of all alerts. */
interface Alerts {
    readonly texts: readonly string[];
    /** False where one is not known, which is noted: it may be the one that is looked for. */
    readonly areKnown: boolean;
}

function alertsOf(stack: Stack): Alerts {
    const rules = stack
        .of("monitoring.coreos.com/PrometheusRule")
        .flatMap(({ object }) => object.get("spec", "groups").items())
        .flatMap((group) => group.get("rules").items())
        .filter((rule) => rule.get("alert").isSet);
    const reads = rules.map((rule) => rule.get("expr").quantity());
    return { texts: reads.filter((read) => typeof read === "string"), areKnown: !reads.includes(undecided) };
}

/** One without a selector leads out of the cluster, where another measures. */
function checkService(service: Subject, { stack, alerts }: Watch, report: StackReport): void {
    const [name, namespace] = [nameOf(service), namespaceOf(service)];
    const selector = service.object.get("spec", "selector");
    if (typeof name !== "string" || typeof namespace !== "string" || selector.mapping() !== true) return;
    const path = "metadata.name";
    if (!isMonitored(service, stack)) report(service, { path, problem: "is a service that nothing measures" });
    if (alerts.areKnown && !alerts.texts.some((text) => mentions(text, name) || mentions(text, namespace))) {
        report(service, { path, problem: "is a service that no alert is about" });
    }
}

/** As a word: `web` is not in `webhook_latency`, and is in `job="web"` and `namespace=~"web|shop"`. */
function mentions(text: string, name: string): boolean {
    return text.split(/[^\w.-]+/).includes(name);
}

/** What has to be heard of, whatever the service, and the metrics that tell it. */
const topics = [
    {
        about: "refused or failing policies",
        metrics: /\b(kyverno_|gatekeeper_|apiserver_validating_admission_policy|apiserver_admission_webhook)/,
    },
    {
        about: "certificates that expire",
        metrics: /\b(certmanager_certificate_expiration|probe_ssl_earliest_cert_expiry)/,
    },
    {
        about: "the age of backups",
        metrics: /\b(velero_backup|cnpg_collector_last_available_backup|barman_cloud_|\w*last_(successful_)?backup)/,
    },
    { about: "traffic without mutual TLS", metrics: /\bconnection_security_policy\b/ },
] as const;

/** About the first rule, which is where the missing one belongs; a stack without any has its services reported. */
function checkTopics(stack: Stack, alerts: Alerts, report: StackReport): void {
    const [first] = stack.of("monitoring.coreos.com/PrometheusRule");
    if (!first || !alerts.areKnown || first.resource.origin === "manifest") return;
    for (const { about, metrics } of topics) {
        if (alerts.texts.some((text) => metrics.test(text))) continue;
        report(first, { path: "spec.groups", problem: `and the stack's other rules have no alert on ${about}` });
    }
}
