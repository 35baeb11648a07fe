import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { type Container, containersOf, podTemplatesOf } from "../../resources/podTemplates";
import type { Observation, Report, ResourceRule } from "../../rule";
import { accountsIn, accountsSetting, isListed } from "../listedAccounts";
import { alive, probed, ready, withSidecar, workloadOf } from "./probes.samples";

/** What runs on and on. Jobs end, and operators complete the pods of their own objects. */
const longRunning = [
    "apps/Deployment",
    "apps/StatefulSet",
    "apps/DaemonSet",
    "apps/ReplicaSet",
    "core/ReplicationController",
    "argoproj.io/Rollout",
] as const;

/** Seconds after which the default probe (every 10 s, 3 failures) gives a program up: a start beyond that is a long one. */
const longStart = 30;

/** How often and how many times the API asks where a probe does not say: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe */
const defaults = { periodSeconds: 10, failureThreshold: 3 } as const;

const own = [
    {
        namespace: "gpu-resources",
        serviceAccount: "nvidia-device-plugin",
        reason: "NVIDIA's device plugin serves nobody but the kubelet, has no health endpoint and ends by itself when the kubelet's socket goes",
    },
    {
        namespace: "image-pull",
        serviceAccount: "image-pull",
        reason: "it sleeps, so that its node keeps an image: there is nothing to ask",
    },
] as const;

export const probes: ResourceRule = {
    id: "REL-02",
    title: "Containers say when they are alive and when they are ready",
    severity: "medium",
    level: "mandatory",
    scope: "resource",
    kinds: [...longRunning],
    controls: controls({ soc2: ["A1.2", "CC7.1"], iso27001: ["8.14"] }),
    why: "Without readiness traffic meets a program that cannot answer, without liveness a hung one stays; one probe for both kills a busy pod where it should get a rest.",
    fix: "give a livenessProbe, a readinessProbe that gives up sooner or asks something else, and for a start beyond 30 s a startupProbe",
    link: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    settings: {
        withoutProbes: accountsSetting({
            description: "Service accounts whose pods cannot be asked; without it, those of the platform",
            reason: "Why they have nothing to ask",
        }),
    },
    samples: {
        passing: [
            probed({}),
            probed({ livenessProbe: { failureThreshold: 3, periodSeconds: 20 } }),
            probed({ livenessProbe: { httpGet: { path: "/alive" }, failureThreshold: null } }),
            probed({ livenessProbe: { initialDelaySeconds: 30 } }),
            probed({ livenessProbe: { initialDelaySeconds: 120 }, startupProbe: ready }),
            withSidecar({ livenessProbe: alive, readinessProbe: ready }),
        ],
        failing: [
            { sample: probed({ livenessProbe: null }), problem: "livenessProbe is not set" },
            { sample: probed({ readinessProbe: null }), problem: "readinessProbe is not set" },
            { sample: withSidecar({ readinessProbe: ready }), problem: "initContainers[1].livenessProbe is not set" },
            { sample: workloadOf("DaemonSet", { containers: [{ name: "a" }] }), problem: "readinessProbe is not set" },
            {
                sample: probed({ livenessProbe: { failureThreshold: 3 } }),
                problem: "asks what readinessProbe asks and gives up no later",
            },
            {
                sample: probed({ livenessProbe: { initialDelaySeconds: 31 } }),
                problem: "waits for a long start without a startupProbe",
            },
            {
                sample: probed({ readinessProbe: { initialDelaySeconds: 60 } }),
                problem: "waits for a long start without a startupProbe",
            },
        ],
    },
    check: (subject, report, { settings }) => {
        for (const template of podTemplatesOf(subject)) {
            const found: Observation[] = [];
            const note: Report = (observation) => void found.push(observation);
            for (const container of containersOf(template)) if (isProbed(container)) checkProbes(container.value, note);
            // Whose pods they are matters only where something was found.
            if (found.length > 0 && !isListed(accountsIn(settings.withoutProbes ?? own), template.spec, subject))
                found.forEach(report);
        }
    },
};

/** Init containers are asked where they stay beside the others, as sidecars; the API takes no probes on an ephemeral one. */
function isProbed({ role, value }: Container): boolean {
    return role === "container" || (role === "init" && value.get("restartPolicy").text() === "Always");
}

function checkProbes(container: Value, report: Report): void {
    const [liveness, readiness] = [container.get("livenessProbe"), container.get("readinessProbe")];
    for (const probe of [liveness, readiness]) {
        if (probe.mapping() === absent) report({ path: probe.path, problem: "is not set" });
        const delay = probe.get("initialDelaySeconds").number();
        if (typeof delay === "number" && delay > longStart && !container.get("startupProbe").isSet) {
            report({ path: probe.path, problem: "waits for a long start without a startupProbe" });
        }
    }
    if (liveness.mapping() !== true || readiness.mapping() !== true || !asksTheSame(liveness, readiness)) return;
    const [dead, busy] = [patience(liveness), patience(readiness)];
    // One endpoint for both is common practice where liveness gives up later, so that a busy pod is first left alone.
    if (dead === undefined || busy === undefined || dead > busy) return;
    report({ path: liveness.path, problem: "asks what readinessProbe asks and gives up no later" });
}

const questions = [
    ["httpGet", "path"],
    ["httpGet", "port"],
    ["tcpSocket", "port"],
    ["grpc", "port"],
    ["grpc", "service"],
] as const;

/** Whether two probes ask the same question of the same port. What is not known is taken to differ. */
function asksTheSame(one: Value, other: Value): boolean {
    const answers = (probe: Value) => [
        ...questions.map(([kind, key]) => probe.quietly.get(kind, key).quantity()),
        ...(["httpGet", "tcpSocket", "grpc", "exec"] as const).map((kind) => probe.get(kind).isSet),
        ...probe.quietly
            .get("exec", "command")
            .items()
            .map((word) => word.text()),
    ];
    const [first, second] = [answers(one), answers(other)];
    return (
        first.length === second.length &&
        first.every((answer, index) => answer !== undecided && answer === second[index])
    );
}

/** Seconds of failure after which a probe gives up; undefined where that is not known, which is noted. */
function patience(probe: Value): number | undefined {
    const [period, failures] = (["periodSeconds", "failureThreshold"] as const).map((key) => {
        const read = probe.get(key).number();
        return read === absent ? defaults[key] : read;
    });
    return typeof period === "number" && typeof failures === "number" ? period * failures : undefined;
}
