import { controls } from "../../controls";
import { any } from "../../reading/answers";
import { undecided } from "../../reading/value";
import { holdsMaker, inNamespace, podSetsOf } from "../../resources/podSets";
import { bears } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { Context, Settings, StackReport, StackRule } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { objectsSetting } from "../listedObjects";
import { entriesOf } from "../listSetting";
import { mayBeElsewhere, resolves } from "./references";
import { countOf, type Scaler, scalerKinds, scalersNaming, scalersOf, scales } from "./scalers";
import { web, webAutoscaler, webPods, webScaledObject, webService } from "./stackSamples";

/** Services of the platform itself whose number of pods is fixed; a pack configuration that gives a list replaces them. */
const ownFixed = [
    {
        namespace: "tars",
        name: "redis",
        reason: "one server holds the cache; a second pod would be another cache, and not a part of this one",
    },
    {
        namespace: "load-balancers",
        name: "aws-load-balancer-controller",
        reason: "one of its pods works and the others wait; its Service leads to webhooks that it calls itself",
    },
    {
        namespace: "cert-manager",
        name: "cert-manager",
        reason: "one pod leads and does the work; others wait for it to fail",
    },
    {
        namespace: "cert-manager",
        name: "cert-manager-cainjector",
        reason: "one pod leads and does the work; others wait for it to fail",
    },
    {
        namespace: "cert-manager",
        name: "cert-manager-webhook",
        reason: "it is asked only when a certificate or an issuer changes; its pods are there to survive a node",
    },
    {
        namespace: "kafka",
        name: "kafka-ui",
        reason: "a few people look at it; each of its pods asks Kafka for all that it shows, and more of them would only ask more",
    },
    {
        namespace: "elasticsearch",
        name: "kibana",
        reason: "a few people look at it; what they ask, Elasticsearch answers, and more of its pods would make that no faster",
    },
    {
        namespace: "istio-ingress",
        name: "counters",
        reason: "one server counts the requests of an address; a second pod would count from the beginning",
    },
] as const;

const cache = kubernetesResource("apps/v1", "Deployment", {
    metadata: { name: "redis", namespace: "tars" },
    spec: { template: { metadata: { labels: web }, spec: {} } },
});
const cacheService = kubernetesResource("core/v1", "Service", {
    metadata: { name: "redis", namespace: "tars" },
    spec: { selector: web },
});

export const scaling: StackRule = {
    id: "REL-05",
    title: "Stateless services scale, by one scaler from two pods on",
    severity: "medium",
    level: "mandatory",
    scope: "stack",
    kinds: ["apps/Deployment", "core/Service", ...scalerKinds],
    controls: controls({ soc2: ["A1.1"], iso27001: ["8.6"] }),
    why: "A service that does not scale fails under load, and two who set the number of its pods undo each other's work.",
    fix: "give the Deployment one HorizontalPodAutoscaler or ScaledObject with a minimum of 2, and no replicas of its own; or list it under fixed in the pack configuration",
    link: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    settings: {
        fixed: objectsSetting({
            description: "Deployments whose number of pods is fixed; without it, those of the platform",
            reason: "Why more pods would be of no use",
        }),
    },
    samples: {
        passing: [
            sampleOf(webAutoscaler(), webPods(), webService()),
            sampleOf(webScaledObject(), webPods(), webService()),
            // Nobody calls it: no service.
            sampleOf(webPods({ replicas: 2 })),
            sampleOf(webPods({ replicas: 2 }, {}, "StatefulSet"), webService()),
            sampleOf(cache, cacheService),
        ],
        failing: [
            { sample: sampleOf(webPods({ replicas: 2 }), webService()), problem: "is a service without a scaler" },
            {
                sample: sampleOf(webPods(), webService(), webAutoscaler(), webScaledObject()),
                problem: "has several scalers",
            },
            {
                sample: sampleOf(webPods(), webService(), webAutoscaler(), webAutoscaler({}, "other")),
                problem: "has several scalers",
            },
            { sample: sampleOf(webAutoscaler()), problem: "names a workload that the stack does not have" },
            { sample: sampleOf(webScaledObject()), problem: "names a workload that the stack does not have" },
            {
                sample: sampleOf(webAutoscaler({ minReplicas: 1 }), webPods(), webService()),
                problem: "is less than two pods",
            },
            {
                sample: sampleOf(webAutoscaler({ minReplicas: undefined }), webPods(), webService()),
                problem: "is less than two pods",
            },
            {
                sample: sampleOf(webScaledObject({ minReplicaCount: undefined }), webPods(), webService()),
                problem: "is less than two pods",
            },
            {
                sample: sampleOf(webAutoscaler(), webPods({ replicas: 3 }), webService()),
                problem: "is set beside a scaler",
            },
        ],
    },
    check: (stack, report, context) => {
        const scalers = scalersOf(stack);
        const services = servicesOf(stack);
        for (const workload of stack.of("apps/Deployment"))
            checkWorkload(workload, { scalers, services }, report, context);
        for (const scaler of scalers) checkScaler(stack, { scaler, services }, report);
    },
};

/** Deployments whose pods a Service leads to. */
function servicesOf(stack: Stack): ReadonlySet<Subject> {
    const services = stack.of("core/Service").filter(({ object }) => object.get("spec", "selector").isSet);
    const sets = podSetsOf(stack).filter(({ subject }) => subject.kind.kind === "Deployment");
    const called = services.flatMap((service) => {
        const selector = service.object.get("spec", "selector");
        return inNamespace(sets, namespaceOf(service)).filter(({ labels }) => bears(labels, selector) === true);
    });
    return new Set(called.map(({ subject }) => subject));
}

interface Place {
    readonly scalers: readonly Scaler[];
    readonly services: ReadonlySet<Subject>;
}

function checkWorkload(
    workload: Subject,
    { scalers, services }: Place,
    report: StackReport,
    { settings }: Context,
): void {
    const naming = scalersNaming(scalers, workload);
    const isScaled = any(naming.map((scaler) => scales(scaler, workload)));
    const path = "metadata.name";
    if (naming.filter((scaler) => scales(scaler, workload) === true).length > 1) {
        report(workload, { path, problem: "has several scalers" });
    }
    const replicas = workload.object.get("spec", "replicas");
    if (isScaled === true && replicas.isSet)
        report(workload, { path: replicas.path, problem: "is set beside a scaler" });
    if (isScaled === false && services.has(workload) && !isFixed(workload, settings)) {
        report(workload, { path, problem: "is a service without a scaler" });
    }
}

interface Scaling {
    readonly scaler: Scaler;
    readonly services: ReadonlySet<Subject>;
}

function checkScaler(stack: Stack, { scaler, services }: Scaling, report: StackReport): void {
    const { subject, min } = scaler;
    checkTarget(stack, scaler, report);
    // KEDA may take a worker that nobody calls down to nothing, which is what it is for.
    const mayRest =
        subject.kind.kind === "ScaledObject" && ![...services].some((each) => scales(scaler, each) === true);
    const least = countOf(min);
    if (!mayRest && least !== undecided && least < 2)
        report(subject, { path: min.at.path, problem: "is less than two pods" });
}

function checkTarget(stack: Stack, { subject, target: { at, key, name } }: Scaler, report: StackReport): void {
    const namespace = namespaceOf(subject);
    if (typeof key !== "string" || typeof name !== "string" || holdsMaker(stack, namespace)) return;
    const found = resolves(stack, { key, name, namespace });
    if (found === true) return;
    const unsure = found === undecided || mayBeElsewhere(subject);
    const problem = `names a workload that the stack ${unsure ? "may not" : "does not"} have`;
    report(subject, { path: at.path, problem, undecided: unsure });
}

/** Whether a Deployment is listed. One whose name is not known may be, which is noted while one of its namespace is listed. */
function isFixed(workload: Subject, settings: Settings): boolean {
    const listed = entriesOf(settings.fixed ?? ownFixed);
    const namespace = namespaceOf(workload);
    const possible = listed.filter((entry) => namespace === undecided || entry.get("namespace").text() === namespace);
    if (possible.length === 0) return false;
    const name = nameOf(workload);
    return name === undecided || possible.some((entry) => entry.get("name").text() === name);
}
