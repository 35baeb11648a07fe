import { controls } from "../../controls";
import { any } from "../../reading/answers";
import { undecided } from "../../reading/value";
import { isSameNamespace } from "../../resources/namespaces";
import { type PodSet, podSetsOf, selectsNone } from "../../resources/podSets";
import { everyPodTemplate } from "../../resources/podTemplates";
import { selects, selectsAll } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { sampleOf } from "../../samples";
import { unreadChart } from "../unreadChart.samples";
import { mayBeElsewhere } from "./references";
import { shopPolicy, web, webPods } from "./stackSamples";

const from = [{ podSelector: { matchLabels: { app: "gateway" } } }];
const deny = shopPolicy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, "deny");
const allow = (labels: Readonly<Record<string, string>>) =>
    shopPolicy({ podSelector: { matchLabels: labels }, ingress: [{ from }] });

export const unreachedPods: StackRule = {
    id: "NS-04",
    title: "Every pod has a network policy of its own, and every policy has pods",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: ["networking.k8s.io/NetworkPolicy", everyPodTemplate],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.22"], cisKubernetes: ["5.3.2"] }),
    why: "A policy whose selector is wrong protects nothing, and the pod that it was written for has either no path or no limit.",
    fix: "let the podSelector of a policy with ingress or egress rules name labels that the pod template has",
    link: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",
    samples: {
        passing: [
            sampleOf(allow(web), webPods(), deny),
            sampleOf(webPods(), shopPolicy({ podSelector: {}, egress: [{ to: from }] })),
            // A namespace without any policy is NS-03's.
            sampleOf(webPods()),
            sampleOf(deny),
            sampleOf(allow(web), unreadChart("shop")),
            sampleOf(allow(web), unreadChart()),
        ],
        failing: [
            { sample: sampleOf(deny, webPods()), problem: "are selected by no NetworkPolicy that allows anything" },
            {
                sample: sampleOf(shopPolicy({ podSelector: { matchLabels: web }, ingress: [], egress: [] }), webPods()),
                problem: "are selected by no NetworkPolicy that allows anything",
            },
            { sample: sampleOf(allow({ app: "wbe" }), webPods()), problem: "selects no pod of the stack" },
            { sample: sampleOf(allow(web)), problem: "selects no pod of the stack" },
            { sample: sampleOf(allow(web), unreadChart("elsewhere")), problem: "selects no pod of the stack" },
        ],
    },
    check: (stack, report) => {
        const [sets, policies] = [podSetsOf(stack), stack.of("networking.k8s.io/NetworkPolicy")];
        for (const set of sets) checkPods(set, policies, report);
        for (const policy of policies) checkPolicy(policy, { stack, sets }, report);
    },
};

function checkPods(set: PodSet, policies: readonly Subject[], report: StackReport): void {
    const own = policies.filter((policy) => isSameNamespace(namespaceOf(policy), set.namespace) !== false);
    if (own.length === 0) return;
    const selecting = own.map(
        (policy) => allows(policy) && selects(policy.object.get("spec", "podSelector"), set.labels),
    );
    if (any(selecting) !== false) return;
    const unsure = mayBeElsewhere(set.subject);
    const problem = `${unsure ? "may be" : "are"} selected by no NetworkPolicy that allows anything`;
    report(set.subject, { path: set.labels.path, problem, undecided: unsure });
}

/** Whether a policy lets anything through at all; one whose rules are not known may. */
function allows({ object }: Subject): boolean {
    return ["ingress", "egress"].some((direction) => {
        const rules = object.get("spec", direction);
        return rules.items().length > 0 || (rules.isSet && !rules.isList);
    });
}

interface Place {
    readonly stack: Stack;
    readonly sets: readonly PodSet[];
}

function checkPolicy(policy: Subject, place: Place, report: StackReport): void {
    const selector = policy.object.get("spec", "podSelector");
    if (selectsAll(selector) !== false) return;
    const none = selectsNone(place, policy, ({ labels }) => selects(selector, labels));
    const unsure = none === undecided && mayBeElsewhere(policy);
    if (none !== true && !unsure) return;
    const problem = unsure ? "may select no pod: the files may be a part" : "selects no pod of the stack";
    report(policy, { path: selector.path, problem, undecided: unsure });
}
