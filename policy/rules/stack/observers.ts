import { controls } from "../../controls";
import { everyPodTemplate } from "../../resources/podTemplates";
import type { Stack } from "../../resources/stack";
import type { StackReport, StackRule } from "../../rule";
import { checkDashboards, dashboardKinds } from "./dashboards";
import { failing, passing } from "./observers.samples";
import { hasDetector } from "./runtimeDetector";
import { checkTelemetry, telemetryKinds } from "./telemetry";

export const observers: StackRule = {
    id: "OBS-03",
    title: "Who may look is asked, and somebody watches what runs",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [
        everyPodTemplate,
        ...dashboardKinds,
        ...telemetryKinds,
        "cilium.io/TracingPolicy",
        "aws:guardduty/DetectorFeature",
        "azure-native:containerservice/ManagedCluster",
    ],
    controls: controls({ soc2: ["CC6.1", "CC7.2"], iso27001: ["8.16", "8.5"] }),
    why: "Dashboards and telemetry show everything that a platform does, and without a detector an intruder in a container is seen by nobody.",
    fix: "turn anonymous access off, take the administrator from a Secret, send telemetry by TLS, and run a runtime detector in production",
    link: "https://grafana.com/docs/grafana/latest/setup-grafana/configure-security/",
    samples: { passing, failing },
    check: (stack, report, { environment }) => {
        checkDashboards(stack, report);
        checkTelemetry(stack, report);
        if (environment === "production") checkDetector(stack, report);
    },
};

/** About the first workload, because what is missing has no place of its own. Files are a part of something that may have one. */
function checkDetector(stack: Stack, report: StackReport): void {
    const [workload] = stack.workloads;
    if (!workload || workload.resource.origin === "manifest" || hasDetector(stack)) return;
    report(workload, { path: "metadata", problem: "runs where no runtime detector watches" });
}
