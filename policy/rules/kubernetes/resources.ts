import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { PodTemplate } from "../../resources/podTemplates";
import type { Report } from "../../rule";
import { containerRule } from "../podRule";

/** What a container must say. A limit stands in for a request that is not set, as it does in the API's own defaults. */
const demands = [
    { resource: "cpu", alternatives: ["requests", "limits"], name: "requests.cpu" },
    { resource: "memory", alternatives: ["requests", "limits"], name: "requests.memory" },
    { resource: "memory", alternatives: ["limits"], name: "limits.memory" },
] as const;

const advice = [
    { resource: "ephemeral-storage", alternatives: ["requests", "limits"], name: "requests.ephemeral-storage" },
    { resource: "ephemeral-storage", alternatives: ["limits"], name: "limits.ephemeral-storage" },
] as const;

interface Demand {
    readonly resource: string;
    readonly alternatives: readonly string[];
    readonly name: string;
}

export const resources = containerRule({
    id: "REL-01",
    title: "Containers say what they need",
    severity: "medium",
    level: "mandatory",
    controls: controls({ soc2: ["A1.1"], iso27001: ["8.6"], nsa: ["C-0270", "C-0271"] }),
    why: "Without requests the scheduler packs nodes blindly; without a memory limit one leak evicts its neighbours.",
    fix: "set resources.requests for cpu, memory and ephemeral-storage, and resources.limits for memory and ephemeral-storage",
    link: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    samples: {
        passing: [
            { kind: "container", set: {} },
            {
                kind: "container",
                set: { resources: { requests: null, limits: { cpu: 1, memory: "1Gi", "ephemeral-storage": "1Gi" } } },
            },
            {
                kind: "pod",
                set: {
                    resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
                    containers: [
                        {
                            name: "app",
                            image: "app:1.0.0",
                            resources: { limits: { "ephemeral-storage": "1Gi" } },
                        },
                    ],
                },
            },
        ],
        failing: [
            {
                sample: { kind: "container", set: { resources: null } },
                problem: "does not set requests.cpu, requests.memory, limits.memory",
            },
            {
                sample: { kind: "container", set: { resources: { limits: { memory: null } } } },
                problem: "does not set limits.memory",
            },
            {
                sample: { kind: "container", set: { resources: { requests: { cpu: "0m" } } } },
                problem: "does not set requests.cpu",
            },
            {
                sample: { kind: "container", set: { resources: { requests: { cpu: "0e3" } } } },
                problem: "does not set requests.cpu",
            },
            {
                sample: { kind: "container", set: { resources: { requests: { cpu: "-1" } } } },
                problem: "does not set requests.cpu",
            },
            {
                sample: {
                    kind: "pod",
                    set: {
                        resources: { requests: { cpu: "1", "ephemeral-storage": "1Gi" }, limits: { memory: "1Gi" } },
                        containers: [{ name: "app", image: "app:1.0.0" }],
                    },
                },
                problem: "does not set requests.ephemeral-storage, limits.ephemeral-storage",
            },
            {
                sample: {
                    kind: "container",
                    set: {
                        resources: { requests: { "ephemeral-storage": null }, limits: { "ephemeral-storage": null } },
                    },
                },
                problem: "does not set requests.ephemeral-storage, limits.ephemeral-storage",
            },
        ],
    },
    checkContainer: ({ value, role }, report, { template }) => {
        // The API takes no resources on an ephemeral container: it uses what the pod has left.
        if (role === "ephemeral") return;
        const own = value.get("resources");
        reportMissing(demands, { own, template }, (missing) => report(missing));
        reportMissing(advice, { own, template }, (missing) => report({ ...missing, advisory: true }));
    },
});

interface Place {
    readonly own: Value;
    readonly template: PodTemplate;
}

function reportMissing(wanted: readonly Demand[], place: Place, report: Report): void {
    const missing = wanted.filter((demand) => !isMet(demand, place)).map(({ name }) => name);
    if (missing.length > 0) report({ path: place.own.path, problem: `does not set ${missing.join(", ")}` });
}

/** Met by the container itself, or by resources of the whole pod, which the API has for cpu and memory. */
function isMet({ resource, alternatives }: Demand, { own, template }: Place): boolean {
    const places = resource === "ephemeral-storage" ? [own] : [own, template.spec.get("resources")];
    return places.some((place) => alternatives.some((kind) => isGiven(place.get(kind, resource))));
}

/** A quantity above zero; one that is not known, or of a wrong type and so noted, is not missing. */
function isGiven(value: Value): boolean {
    const quantity = value.quantity();
    if (quantity === undecided) return true;
    return quantity !== absent && Number.parseFloat(quantity) > 0;
}
