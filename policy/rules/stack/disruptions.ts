import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import { inNamespace, type PodSet, podSetsOf, selectsNone } from "../../resources/podSets";
import { selects } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { sampleOf } from "../../samples";
import { mayBeElsewhere } from "./references";
import { type Ranges, rangesOf, scalerKinds } from "./scalers";
import { webAutoscaler, webBudget, webPods } from "./stackSamples";

/** Workloads whose pods the eviction API can count, and replace. */
const counted = new Set(["Deployment", "StatefulSet"]);

const one = webBudget({ maxUnavailable: 1 });
const three = webPods({ replicas: 3 });

export const disruptions: StackRule = {
    id: "REL-04",
    title: "Disruption budgets cover what has several pods, and let nodes be drained",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: ["policy/PodDisruptionBudget", "apps/Deployment", "apps/StatefulSet", ...scalerKinds],
    controls: controls({ soc2: ["A1.2"], iso27001: ["8.14"] }),
    why: "Without a budget a node upgrade may take all pods at once; with one that allows nothing it never ends.",
    fix: "give the pods one PodDisruptionBudget with maxUnavailable: 1",
    link: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    samples: {
        passing: [
            sampleOf(one, three),
            sampleOf(webPods()),
            sampleOf(webBudget({ minAvailable: 2 }), three),
            sampleOf(webBudget({ minAvailable: "60%" }), three),
            sampleOf(webBudget({ maxUnavailable: "10%" }), three),
            sampleOf(webBudget({ minAvailable: 1 }), webPods(), webAutoscaler({ minReplicas: 2 })),
            sampleOf(webBudget({ selector: {}, maxUnavailable: 1 }), webPods({ replicas: 3 }, {}, "StatefulSet")),
        ],
        failing: [
            { sample: sampleOf(three), problem: "has several pods but no PodDisruptionBudget" },
            {
                sample: sampleOf(webPods({ replicas: 2 }, {}, "StatefulSet")),
                problem: "has several pods but no PodDisruptionBudget",
            },
            { sample: sampleOf(webPods(), webAutoscaler()), problem: "has several pods but no PodDisruptionBudget" },
            { sample: sampleOf(webBudget({ maxUnavailable: 0 }), three), problem: "allows no disruption of 3 pods" },
            { sample: sampleOf(webBudget({ maxUnavailable: "0%" }), three), problem: "allows no disruption of 3 pods" },
            { sample: sampleOf(webBudget({ minAvailable: 3 }), three), problem: "allows no disruption of 3 pods" },
            { sample: sampleOf(webBudget({ minAvailable: "100%" }), three), problem: "allows no disruption of 3 pods" },
            { sample: sampleOf(webBudget({ minAvailable: "67%" }), three), problem: "allows no disruption of 3 pods" },
            { sample: sampleOf(webBudget({ minAvailable: 1 }), webPods()), problem: "allows no disruption of 1 pods" },
            {
                sample: sampleOf(webBudget({ minAvailable: 2 }), webPods(), webAutoscaler()),
                problem: "allows no disruption of 2 pods",
            },
            { sample: sampleOf(webBudget({}), three), problem: "says neither minAvailable nor maxUnavailable" },
            {
                sample: sampleOf(webBudget({ minAvailable: "two" }), three),
                problem: "is neither a number nor a percentage",
            },
            { sample: sampleOf(one, webBudget({ maxUnavailable: 1 }, "other"), three), problem: "has several budgets" },
            {
                sample: sampleOf(
                    webBudget({ maxUnavailable: 1, selector: { matchLabels: { app: "wbe" } } }),
                    webPods(),
                ),
                problem: "selects no pod of the stack",
            },
            {
                sample: sampleOf(webBudget({ maxUnavailable: 1, selector: undefined }), webPods()),
                problem: "selects no pod of the stack",
            },
        ],
    },
    check: (stack, report) => {
        const place = { stack, sets: podSetsOf(stack), rangeOf: rangesOf(stack) };
        const budgets = stack.of("policy/PodDisruptionBudget");
        for (const set of place.sets.filter(({ subject }) => counted.has(subject.kind.kind))) {
            checkWorkload(set, { ...place, budgets }, report);
        }
        for (const budget of budgets) checkBudget(budget, place, report);
    },
};

interface Place {
    readonly stack: Stack;
    readonly sets: readonly PodSet[];
    readonly rangeOf: Ranges;
}

/** A budget without a selector has no pods, as opposed to one with an empty selector (policy/v1). */
function covers(budget: Subject, { labels }: PodSet) {
    const selector = budget.object.get("spec", "selector");
    return selector.isSet && selects(selector, labels);
}

function checkWorkload(
    set: PodSet,
    place: Place & { readonly budgets: readonly Subject[] },
    report: StackReport,
): void {
    const { subject, namespace } = set;
    const own = place.budgets.filter((budget) => inNamespace([set], namespaceOf(budget)).length > 0);
    const answers = own.map((budget) => covers(budget, set));
    const path = "metadata.name";
    // The eviction API refuses every eviction of such a pod.
    if (answers.filter((answer) => answer === true).length > 1) {
        report(subject, { path, problem: "has several budgets" });
    }
    if (answers.includes(true) || answers.includes(undecided) || namespace === undecided) return;
    const { max } = place.rangeOf(subject);
    if (max === undecided || max <= 1) return;
    // Files are a part of something larger, which may have the budget.
    const isFile = subject.resource.origin === "manifest";
    const problem = isFile
        ? "has several pods, and no PodDisruptionBudget for them is among the files"
        : "has several pods but no PodDisruptionBudget";
    report(subject, { path, problem, undecided: isFile });
}

function checkBudget(budget: Subject, place: Place, report: StackReport): void {
    const selector = budget.object.get("spec", "selector");
    const none = selectsNone(place, budget, (set) => covers(budget, set));
    const unsure = none === undecided && mayBeElsewhere(budget);
    if (none === true || unsure) {
        const problem = unsure ? "may select no pod: the files may be a part" : "selects no pod of the stack";
        report(budget, { path: selector.path, problem, undecided: unsure });
    }
    const own = inNamespace(place.sets, namespaceOf(budget)).filter((set) => covers(budget, set) === true);
    checkArithmetic(budget, podsOf(own, place.rangeOf), report);
}

/** The fewest pods that a budget is about: with more of them it allows more. Undecided where one of the numbers is. */
function podsOf(sets: readonly PodSet[], rangeOf: Ranges): number | typeof undecided {
    const counts = sets.map(({ subject }) => rangeOf(subject).min);
    const known = counts.filter((count) => count !== undecided);
    return known.length < counts.length ? undecided : known.reduce((sum, count) => sum + count, 0);
}

/**
 * As the disruption controller counts: shares of pods are rounded up, and a budget that says neither counts no pods at all.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/disruption/disruption.go (getExpectedPodCount)
 */
function checkArithmetic(budget: Subject, pods: number | typeof undecided, report: StackReport): void {
    const most = budget.object.get("spec", "maxUnavailable");
    const stated = most.isSet ? most : budget.object.get("spec", "minAvailable");
    if (!stated.isSet) {
        report(budget, { path: "spec", problem: "says neither minAvailable nor maxUnavailable" });
        return;
    }
    const share = shareOf(stated, pods);
    if (share === "of another form") {
        report(budget, { path: stated.path, problem: "is neither a number nor a percentage" });
    } else if (typeof share === "number" && typeof pods === "number" && pods > 0) {
        const allowed = stated === most ? share : pods - share;
        if (allowed <= 0) report(budget, { path: stated.path, problem: `allows no disruption of ${pods} pods` });
    }
}

/** The number of pods that a number or a percentage means. */
function shareOf(value: Value, pods: number | typeof undecided): number | undefined | "of another form" {
    const text = value.quantity();
    if (typeof text !== "string") return undefined;
    if (!/^\d+%?$/.test(text)) return "of another form";
    if (!text.endsWith("%")) return Number(text);
    return typeof pods === "number" ? Math.ceil((Number.parseInt(text, 10) / 100) * pods) : undefined;
}
