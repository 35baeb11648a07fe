import { controls } from "../../controls";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import { everyPodTemplate, mayHoldPods, podTemplatesOf } from "../../resources/podTemplates";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { namespaceWithPods } from "./defaultDeny.samples";

const directions = ["Ingress", "Egress"] as const;
type Direction = (typeof directions)[number];

export const defaultDeny: StackRule = {
    id: "NS-03",
    title: "Namespaces with pods deny all traffic by default",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: ["core/Namespace", "networking.k8s.io/NetworkPolicy", everyPodTemplate],
    controls: controls({
        soc2: ["CC6.6", "CC6.7"],
        iso27001: ["8.20", "8.22"],
        cisKubernetes: ["5.3.2"],
        cisAks: ["4.4.2"],
        cisEks: ["4.3.2"],
        nsa: ["C-0030", "C-0054"],
    }),
    why: "Without it every pod of the cluster reaches every other, and a stolen secret leaves by any port.",
    fix: "add a NetworkPolicy with an empty podSelector and policyTypes Ingress and Egress to the namespace, then allow single paths",
    link: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
    samples: {
        passing: [
            namespaceWithPods({ deny: ["Ingress", "Egress"] }),
            namespaceWithPods({ deny: ["Ingress", "Egress"], pods: false }),
            namespaceWithPods({ deny: [], pods: false }),
        ],
        failing: [
            { sample: namespaceWithPods({ deny: [] }), problem: "has pods but no default-deny for Ingress and Egress" },
            { sample: namespaceWithPods({ deny: ["Ingress"] }), problem: "has pods but no default-deny for Egress" },
            { sample: namespaceWithPods({ deny: ["Egress"] }), problem: "has pods but no default-deny for Ingress" },
            {
                sample: namespaceWithPods({ deny: ["Ingress", "Egress"], selects: { matchLabels: { app: "web" } } }),
                problem: "has pods but no default-deny for Ingress and Egress",
            },
            {
                sample: namespaceWithPods({ deny: ["Ingress", "Egress"], rules: { ingress: [{}] } }),
                problem: "has pods but no default-deny for Ingress",
            },
        ],
    },
    check: (subjects, report) => {
        const policies = policiesOf(subjects);
        for (const [namespace, holder] of namespacesWithPods(subjects))
            checkNamespace(namespace, holder, policies, report);
    },
};

interface Holder {
    /** What a finding is about: the Namespace where it is there, else the first object with pods in it. */
    readonly subject: Subject;
    readonly declared: boolean;
}

interface Denial {
    readonly namespace: Read<string>;
    readonly denies: Readonly<Record<Direction, Read<boolean>>>;
}

/** Every namespace with a pod template. One whose name is unknown is noted on the object that is in it. */
function namespacesWithPods(subjects: readonly Subject[]): ReadonlyMap<string, Holder> {
    const declared = new Map<unknown, Subject>(
        subjects
            .filter(({ kind }) => groupAndKind(kind) === "core/Namespace")
            .map((subject) => [nameOf({ ...subject, object: subject.object.quietly }), subject]),
    );
    const holders = new Map<string, Holder>();
    for (const subject of subjects.filter(({ kind }) => mayHoldPods(kind))) {
        if (podTemplatesOf(subject).length === 0) continue;
        const namespace = namespaceOf(subject);
        if (typeof namespace === "symbol" || holders.has(namespace)) continue;
        const own = declared.get(namespace);
        holders.set(namespace, { subject: own ?? subject, declared: own !== undefined });
    }
    return holders;
}

function checkNamespace(
    namespace: string,
    { subject, declared }: Holder,
    policies: readonly Denial[],
    report: StackReport,
): void {
    const own = policies.filter((policy) => policy.namespace === namespace || policy.namespace === undecided);
    const path = declared ? "metadata.name" : "metadata.namespace";
    const open = directions.filter((direction) => !own.some(({ denies }) => denies[direction] !== false));
    const unsure = directions.filter((direction) => !own.some((policy) => surelyDenies(policy, direction)));
    if (open.length > 0 && (declared || subject.resource.origin !== "manifest")) {
        report(subject, { path, problem: `has pods but no default-deny for ${open.join(" and ")}` });
    } else if (unsure.length > 0) {
        const reason =
            open.length > 0 ? "its Namespace object is not among the files" : "a NetworkPolicy is not fully known";
        const problem = `may have no default-deny for ${unsure.join(" and ")}: ${reason}`;
        report(subject, { path, problem, undecided: true });
    }
}

function surelyDenies({ namespace, denies }: Denial, direction: Direction): boolean {
    return namespace !== undecided && denies[direction] === true;
}

/** What each NetworkPolicy of the stack denies by default. Its unknowns matter only to its own namespace, and are reported there. */
function policiesOf(subjects: readonly Subject[]): readonly Denial[] {
    return subjects
        .filter(({ kind }) => groupAndKind(kind) === "networking.k8s.io/NetworkPolicy")
        .map((subject) => {
            const quiet = { ...subject, object: subject.object.quietly };
            const spec = quiet.object.get("spec");
            return {
                namespace: namespaceOf(quiet),
                denies: { Ingress: denies(spec, "Ingress"), Egress: denies(spec, "Egress") },
            };
        });
}

/** A policy denies by default where it selects every pod, covers the direction, and no rule of it lets everything through. */
function denies(spec: Value, direction: Direction): Read<boolean> {
    return all([selectsEveryPod(spec.get("podSelector")), covers(spec, direction), closes(spec, direction)]);
}

function selectsEveryPod(selector: Value): Read<boolean> {
    const [labels, expressions] = [selector.get("matchLabels"), selector.get("matchExpressions")];
    if (labels.mapping() === undecided || selector.mapping() === undecided) return undecided;
    if (expressions.isSet && !expressions.isList) return undecided;
    return labels.keys().length === 0 && expressions.items().length === 0;
}

/** Without policyTypes a policy covers ingress, and egress where it has egress rules. */
function covers(spec: Value, direction: Direction): Read<boolean> {
    const types = spec.get("policyTypes");
    if (!types.isSet) return direction === "Ingress" || spec.get("egress").items().length > 0;
    if (!types.isList) return undecided;
    const read = types.items().map((type) => type.text());
    return read.includes(direction) || (read.includes(undecided) ? undecided : false);
}

function closes(spec: Value, direction: Direction): Read<boolean> {
    const rules = spec.get(direction === "Ingress" ? "ingress" : "egress");
    if (rules.isSet && !rules.isList) return undecided;
    return all(rules.items().map((rule) => restricts(rule, direction === "Ingress" ? "from" : "to")));
}

/** A rule without peers and without ports lets everything through. */
function restricts(rule: Value, peers: "from" | "to"): Read<boolean> {
    const parts = [rule.get(peers), rule.get("ports")];
    if (parts.some((part) => part.items().length > 0)) return true;
    return parts.some((part) => part.isSet && !part.isList) ? undecided : false;
}

/** False as soon as one is false, else undecided as soon as one is. */
function all(answers: readonly Read<boolean>[]): Read<boolean> {
    if (answers.includes(false)) return false;
    return answers.includes(undecided) || answers.includes(absent) ? undecided : true;
}
