import { controls } from "../../controls";
import { all } from "../../reading/answers";
import { type Read, undecided, type Value } from "../../reading/value";
import type { Kind } from "../../resources/kind";
import { everyPodTemplate } from "../../resources/podTemplates";
import { selectsAll } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { allowAll, namespaceWithPods } from "./defaultDeny.samples";
import { letEverythingThrough } from "./openRules";

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
            {
                sample: namespaceWithPods({ deny: ["Ingress", "Egress"], rules: allowAll }),
                problem: "has pods but no default-deny for Ingress and Egress",
            },
        ],
    },
    check: (stack, report) => {
        const policies = policiesOf(stack);
        for (const [namespace, holder] of namespacesWithPods(stack))
            checkNamespace(namespace, holder, policies, report);
    },
};

interface Holder {
    /** What a finding is about: the Namespace where it is there, else the first object with pods in it. */
    readonly subject: Subject;
    readonly declared: boolean;
}

/** What one NetworkPolicy does to every pod of its namespace. */
interface Effect {
    readonly subject: Subject;
    readonly namespace: Read<string>;
    readonly denies: Readonly<Record<Direction, Read<boolean>>>;
    /** Policies add up: one that lets everything through undoes the denial of another. */
    readonly opens: Readonly<Record<Direction, Read<boolean>>>;
}

/** Every namespace with a pod template. One whose name is unknown is noted on the object that is in it. */
function namespacesWithPods(stack: Stack): ReadonlyMap<string, Holder> {
    const declared = new Map<unknown, Subject>(
        stack.of("core/Namespace").map((subject) => [nameOf({ ...subject, object: subject.object.quietly }), subject]),
    );
    const holders = new Map<string, Holder>();
    for (const subject of stack.workloads) {
        const namespace = namespaceOf(subject);
        if (typeof namespace === "symbol" || holders.has(namespace)) continue;
        const own = declared.get(namespace);
        holders.set(namespace, { subject: own ?? subject, declared: own !== undefined });
    }
    return holders;
}

function checkNamespace(namespace: string, holder: Holder, policies: readonly Effect[], report: StackReport): void {
    const { subject, declared } = holder;
    const own = policies.filter((policy) => policy.namespace === namespace || policy.namespace === undecided);
    const path = declared ? "metadata.name" : "metadata.namespace";
    const undenied = directions.filter((direction) => !own.some(({ denies }) => denies[direction] !== false));
    // A namespace that files only name may be closed elsewhere, but what is open in them is open.
    const missing = declared || subject.resource.origin !== "manifest" ? undenied : [];
    const openers = own.filter((policy) => policy.namespace === namespace && opensMore(policy, missing));
    const unsure = directions.filter((direction) => !isSurelyDenied(own, direction) && !isOpened(openers, direction));
    if (missing.length > 0) {
        report(subject, { path, problem: `has pods but no default-deny for ${missing.join(" and ")}` });
    } else if (unsure.length > 0) {
        const reason =
            undenied.length > 0 ? "its Namespace object is not among the files" : "a NetworkPolicy is not fully known";
        const problem = `may have no default-deny for ${unsure.join(" and ")}: ${reason}`;
        report(subject, { path, problem, undecided: true });
    }
    for (const opener of openers) reportOpener(opener, report);
}

/** Whether a policy opens a direction for which its namespace is not already reported. */
function opensMore({ opens }: Effect, missing: readonly Direction[]): boolean {
    return directions.some((direction) => opens[direction] === true && !missing.includes(direction));
}

function isOpened(openers: readonly Effect[], direction: Direction): boolean {
    return openers.some(({ opens }) => opens[direction] === true);
}

function reportOpener({ subject, opens }: Effect, report: StackReport): void {
    const open = directions.filter((direction) => opens[direction] === true);
    report(subject, {
        path: "spec",
        problem: `lets everything through for ${open.join(" and ")}, so that no default-deny of its namespace holds`,
        fix: "name the peers and the ports that are needed; empty selectors, 0.0.0.0/0 and ::/0 name none",
    });
}

function isSurelyDenied(policies: readonly Effect[], direction: Direction): boolean {
    const sure = policies.some(({ namespace, denies }) => namespace !== undecided && denies[direction] === true);
    return sure && policies.every(({ opens }) => opens[direction] === false);
}

/** What each NetworkPolicy of the stack does. Its unknowns matter only to its own namespace, and are reported there. */
function policiesOf(stack: Stack): readonly Effect[] {
    return stack.of("networking.k8s.io/NetworkPolicy").map((subject) => {
        const object = subject.object.quietly;
        const [ingress, egress] = [effect({ ...subject, object }, "Ingress"), effect({ ...subject, object }, "Egress")];
        return {
            subject,
            namespace: namespaceOf({ ...subject, object }),
            denies: { Ingress: ingress.denies, Egress: egress.denies },
            opens: { Ingress: ingress.opens, Egress: egress.opens },
        };
    });
}

/** A policy denies by default where it selects every pod, covers the direction, and its rules do not let everything through. */
function effect({ kind, object }: Subject, direction: Direction): { denies: Read<boolean>; opens: Read<boolean> } {
    const spec = object.get("spec");
    const rules = direction === "Ingress" ? spec.get("ingress") : spec.get("egress");
    const opens = letEverythingThrough(rules, direction === "Ingress" ? "from" : "to");
    const applies = all([says(spec, kind), selectsAll(spec.get("podSelector")), covers(spec, direction)]);
    return { denies: all([applies, opens === undecided ? undecided : !opens]), opens: all([applies, opens]) };
}

/** A Patch that leaves out whom and what a policy is about leaves it to the policy that it patches. */
function says(spec: Value, kind: Kind): boolean {
    return kind.twin !== "patch" || (spec.get("podSelector").isSet && spec.get("policyTypes").isSet);
}

/** Without policyTypes a policy covers ingress, and egress where it has egress rules. */
function covers(spec: Value, direction: Direction): Read<boolean> {
    const types = spec.get("policyTypes");
    if (!types.isSet) return direction === "Ingress" || spec.get("egress").items().length > 0;
    if (!types.isList) return undecided;
    const read = types.items().map((type) => type.text());
    return read.includes(direction) || (read.includes(undecided) ? undecided : false);
}
