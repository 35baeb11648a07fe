import { controls } from "../../controls";
import { any } from "../../reading/answers";
import { absent, undecided, type Value } from "../../reading/value";
import { isSameNamespace } from "../../resources/namespaces";
import { type PodSet, podSetsOf, selectsNone } from "../../resources/podSets";
import { everyPodTemplate } from "../../resources/podTemplates";
import { bears } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { sampleOf } from "../../samples";
import { mayBeElsewhere } from "./references";
import { webPods, webService } from "./stackSamples";

const containers = [
    { name: "web", image: "registry.example/web:1.0.0", ports: [{ name: "http", containerPort: 8080 }] },
];
const pods = webPods({}, { containers });

export const serviceTargets: StackRule = {
    id: "REL-12",
    title: "Services lead to pods that listen",
    severity: "medium",
    level: "advisory",
    scope: "stack",
    kinds: ["core/Service", everyPodTemplate],
    controls: controls({ soc2: ["A1.2"], iso27001: ["8.9"] }),
    why: "A Service without pods or with the wrong port answers nobody, and says so only when it is called.",
    fix: "let the selector name labels of a pod template, targetPort a port of its containers, and each set of pods have one Service",
    link: "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
    samples: {
        passing: [
            sampleOf(webService(), pods),
            sampleOf(webService({ ports: [{ port: 80, targetPort: 8080 }] }), pods),
            sampleOf(webService({ ports: [{ port: 8080 }] }), pods),
            // A headless Service names the pods of a set one by one, beside the one that balances over them.
            sampleOf(webService(), webService({ clusterIP: "None" }, "web-pods"), pods),
            sampleOf(webService({ selector: undefined })),
            sampleOf(webService({ type: "ExternalName", externalName: "db.example.com" })),
        ],
        failing: [
            {
                sample: sampleOf(webService({ selector: { app: "wbe" } }), pods),
                problem: "selects no pod of the stack",
            },
            {
                sample: sampleOf(webService({ ports: [{ port: 80, targetPort: "grpc" }] }), pods),
                problem: "is no port of the pods",
            },
            {
                sample: sampleOf(webService({ ports: [{ port: 80, targetPort: 9090 }] }), pods),
                problem: "is no port of the pods",
            },
            { sample: sampleOf(webService({ ports: [{ port: 80 }] }), pods), problem: "is no port of the pods" },
            {
                sample: sampleOf(webService(), webService({}, "other"), pods),
                problem: "is that of another Service too",
            },
        ],
    },
    check: (stack, report) => {
        const sets = podSetsOf(stack);
        const services = stack.of("core/Service").filter(hasSelector);
        for (const [index, service] of services.entries()) {
            const earlier = services.slice(0, index);
            checkSelector(service, { stack, sets }, report);
            for (const port of service.object.get("spec", "ports").items()) checkPort(service, port, { sets, report });
            if (earlier.some((other) => isTwin(service, other))) {
                report(service, { path: "spec.selector", problem: "is that of another Service too" });
            }
        }
    },
};

/** Whether the Service finds its pods by labels; without a selector somebody else names its addresses. */
function hasSelector({ object }: Subject): boolean {
    const spec = object.get("spec");
    return spec.get("selector").isSet && spec.get("type").text() !== "ExternalName";
}

interface Place {
    readonly stack: Stack;
    readonly sets: readonly PodSet[];
}

function checkSelector(service: Subject, place: Place, report: StackReport): void {
    const selector = service.object.get("spec", "selector");
    const none = selectsNone(place, service, ({ labels }) => bears(labels, selector));
    const unsure = none === undecided && mayBeElsewhere(service);
    if (none !== true && !unsure) return;
    const problem = unsure ? "may select no pod: the files may be a part" : "selects no pod of the stack";
    report(service, { path: selector.path, problem, undecided: unsure });
}

/** Without targetPort, `port` is meant. A number is judged only where a container says which ports it has: it need not. */
function checkPort(
    service: Subject,
    port: Value,
    { sets, report }: { readonly sets: readonly PodSet[]; readonly report: StackReport },
): void {
    const selector = service.object.get("spec", "selector");
    const namespace = namespaceOf(service);
    const stated = port.get("targetPort");
    const target = stated.isSet ? stated : port.get("port");
    const wanted = target.quantity();
    const own = sets.filter(
        (set) => isSameNamespace(set.namespace, namespace) === true && bears(set.labels, selector) === true,
    );
    if (typeof wanted !== "string" || own.length === 0) return;
    if (any(own.map((set) => listens(set, wanted))) === false) {
        report(service, { path: target.path, problem: "is no port of the pods" });
    }
}

function listens({ spec }: PodSet, wanted: string) {
    const containers = ["containers", "initContainers"].flatMap((list) => spec.get(list).items());
    const ports = containers.flatMap((container) => container.get("ports").items());
    if (ports.length === 0 && /^\d+$/.test(wanted)) return true;
    return any(
        ports.flatMap((port) => {
            const [name, number] = [port.get("name").text(), port.get("containerPort").quantity()];
            return [
                name === absent ? false : name === undecided ? undecided : name === wanted,
                number === undecided ? undecided : number === wanted,
            ];
        }),
    );
}

/** Whether two Services of one namespace select by the same labels and are of one sort, headless or not. */
function isTwin(a: Subject, b: Subject): boolean {
    if (isSameNamespace(namespaceOf(a), namespaceOf(b)) !== true) return false;
    const headless = ({ object }: Subject) => object.get("spec", "clusterIP").text() === "None";
    const [own, other] = [a.object.get("spec", "selector"), b.object.get("spec", "selector")];
    return headless(a) === headless(b) && bears(own, other) === true && bears(other, own) === true;
}
