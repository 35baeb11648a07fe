import { controls } from "../../controls";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { type PodTemplate, podTemplatesOf } from "../../resources/podTemplates";
import { type LabelOf, labelsAt, selects } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { autoscalers, replicasOf, replicated } from "./replicas";
import { antiAffinity, constraint, own, spreadPods, zone } from "./spread.samples";

const host = "kubernetes.io/hostname";

// Of the whole stack: an autoscaler decides the number of a Deployment that states none.
export const spread: StackRule = {
    id: "REL-06",
    title: "Several pods of a workload stand apart",
    severity: "medium",
    level: "mandatory",
    scope: "stack",
    kinds: [...replicated, ...autoscalers],
    controls: controls({ soc2: ["A1.2"], iso27001: ["8.14"] }),
    why: "Replicas that all stand in one zone, or on one node, are lost together; a constraint whose selector misses its own pods spreads nothing.",
    fix: "add a topologySpreadConstraint for topology.kubernetes.io/zone, or a podAntiAffinity, whose labelSelector selects the pods themselves",
    link: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    samples: {
        passing: [
            spreadPods(2, constraint()),
            spreadPods(2, constraint({ labelSelector: { matchExpressions: [{ key: "tier", operator: "Exists" }] } })),
            spreadPods(2, antiAffinity({ topologyKey: host, labelSelector: own })),
            spreadPods(2, antiAffinity({ topologyKey: zone, labelSelector: own }, "preferred")),
            spreadPods(1, {}),
        ],
        failing: [
            { sample: spreadPods(2, {}), problem: "keeps several pods neither in different zones nor apart" },
            {
                sample: spreadPods(2, constraint({ topologyKey: host })),
                problem: "keeps several pods neither in different zones nor apart",
            },
            {
                sample: spreadPods(
                    2,
                    antiAffinity({ topologyKey: zone, labelSelector: { matchLabels: { app: "db" } } }),
                ),
                problem: "keeps several pods neither in different zones nor apart",
            },
            {
                sample: spreadPods(2, constraint({ labelSelector: { matchLabels: { app: "db" } } })),
                problem: "topologySpreadConstraints[0].labelSelector does not select the pods themselves",
            },
            {
                sample: spreadPods(2, constraint({ labelSelector: undefined })),
                problem: "topologySpreadConstraints[0].labelSelector does not select the pods themselves",
            },
        ],
    },
    check: (stack, report) => {
        for (const workload of stack.of(...replicated)) {
            const many = isMany(stack, workload);
            if (many === false) continue;
            for (const pods of podTemplatesOf(workload)) checkPods({ workload, isSure: many === true }, pods, report);
        }
    },
};

/** Whether there may be several pods; `undecided` where files leave the number to somebody else. */
function isMany(stack: Stack, workload: Subject): Read<boolean> {
    const { most, least } = replicasOf(stack, workload);
    if (most.count === undecided) return false;
    if (most.count === absent) return undecided;
    return most.count > 1 || (typeof least.count === "number" && least.count > 1);
}

interface Spread {
    readonly workload: Subject;
    /** Whether there surely are several pods. */
    readonly isSure: boolean;
}

function checkPods({ workload, isSure }: Spread, { spec }: PodTemplate, report: StackReport): void {
    const labelOf = labelsAt(workload.object.get("spec", "template", "metadata", "labels"));
    const constraints = spec.get("topologySpreadConstraints").items();
    const matches = constraints.map((each) => selectsOwn(each.get("labelSelector"), labelOf));
    constraints.forEach((each, index) => {
        if (matches[index] !== false) return;
        report(workload, { path: each.get("labelSelector").path, problem: "does not select the pods themselves" });
    });
    // One that misses its own pods is reported as that.
    if (maySpreadZones(spec) || mayStandApart(spec, labelOf)) return;
    const problem = "keeps several pods neither in different zones nor apart";
    if (isSure) report(workload, { path: spec.path, problem });
    else report(workload, { path: spec.path, problem: `${problem}, if there are several`, undecided: true });
}

function maySpreadZones(spec: Value): boolean {
    const list = spec.get("topologySpreadConstraints");
    if (list.isSet && !list.isList) return true;
    const keys = list.items().map((each) => each.get("topologyKey").text());
    return keys.includes(zone) || keys.includes(undecided);
}

/** Whether a rule, required or preferred, keeps the pods from each other's zone or node, as far as it is known. */
function mayStandApart(spec: Value, labelOf: LabelOf): boolean {
    const rules = spec.get("affinity", "podAntiAffinity");
    const required = rules.get("requiredDuringSchedulingIgnoredDuringExecution");
    const preferred = rules.get("preferredDuringSchedulingIgnoredDuringExecution");
    const terms = [...required.items(), ...preferred.items().map((each) => each.get("podAffinityTerm"))];
    const answers = terms.map((term) => mayKeepApart(term, labelOf));
    return answers.includes(true) || [required, preferred].some((list) => list.isSet && !list.isList);
}

function mayKeepApart(term: Value, labelOf: LabelOf): boolean {
    const key = term.get("topologyKey").text();
    if (key !== undecided && key !== zone && key !== host) return false;
    return selectsOwn(term.get("labelSelector"), labelOf) !== false;
}

/** A selector that is not set selects no pod here. */
function selectsOwn(selector: Value, labelOf: LabelOf): Read<boolean> {
    return selector.isSet ? selects(selector, labelOf) : false;
}
