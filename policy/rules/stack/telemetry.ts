import type { Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport } from "../../rule";

const monitors = ["monitoring.coreos.com/ServiceMonitor", "monitoring.coreos.com/PodMonitor"] as const;

export const telemetryKinds = [
    "opentelemetry.io/OpenTelemetryCollector",
    "monitoring.coreos.com/Prometheus",
    ...monitors,
] as const;

const plain = "sends telemetry in plain text";
const unverified = "takes any certificate for the right one";

/** Scrapes in plain text are the mesh's to encrypt (NET-04); what leaves by itself is judged here. */
export function checkTelemetry(stack: Stack, report: StackReport): void {
    for (const collector of stack.of("opentelemetry.io/OpenTelemetryCollector")) checkCollector(collector, report);
    for (const prometheus of stack.of("monitoring.coreos.com/Prometheus")) {
        for (const target of prometheus.object.get("spec", "remoteWrite").items()) {
            checkUrl(target.get("url"), prometheus, report);
            checkVerified(target.get("tlsConfig", "insecureSkipVerify"), prometheus, report);
        }
    }
    for (const monitor of stack.of(...monitors)) {
        const { object } = monitor;
        for (const endpoint of [
            ...object.get("spec", "endpoints").items(),
            ...object.get("spec", "podMetricsEndpoints").items(),
        ]) {
            checkVerified(endpoint.get("tlsConfig", "insecureSkipVerify"), monitor, report);
        }
    }
}

/** @see https://github.com/open-telemetry/opentelemetry-collector/blob/main/config/configtls/README.md */
function checkCollector(collector: Subject, report: StackReport): void {
    const exporters = collector.object.get("spec", "config", "exporters");
    exporters.mapping(); // notes what cannot be read
    for (const key of exporters.keys()) {
        const exporter = exporters.get(key);
        const insecure = exporter.get("tls", "insecure");
        if (insecure.boolean() === true) report(collector, { path: insecure.path, problem: plain });
        checkUrl(exporter.get("endpoint"), collector, report);
        checkVerified(exporter.get("tls", "insecure_skip_verify"), collector, report);
    }
}

function checkUrl(url: Value, subject: Subject, report: StackReport): void {
    if (/^http:\/\//i.test(String(url.text()))) report(subject, { path: url.path, problem: plain });
}

function checkVerified(skip: Value, subject: Subject, report: StackReport): void {
    if (skip.boolean() === true) report(subject, { path: skip.path, problem: unverified });
}
