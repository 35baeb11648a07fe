import { controls } from "../../controls";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import { namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { bound, roleOnly } from "./danglingBindings.samples";
import { isDeclared, mayBeElsewhere, type Reference, resolves } from "./references";

const group = "rbac.authorization.k8s.io";

/** ClusterRoles that are there before any stack: Kubernetes' own, and those of EKS. */
const builtIn = /^(cluster-admin|admin|edit|view|(system|eks):.+)$/;

export const danglingBindings: StackRule = {
    id: "RBAC-08",
    title: "Bindings join a role and a subject that are there, and no default service account",
    severity: "medium",
    level: "mandatory",
    scope: "stack",
    kinds: [`${group}/RoleBinding`, `${group}/ClusterRoleBinding`, "core/ServiceAccount"],
    controls: controls({
        soc2: ["CC6.2", "CC6.3"],
        iso27001: ["5.18"],
        cisKubernetes: ["5.1.5"],
        cisAks: ["4.1.5"],
        cisEks: ["4.1.5"],
    }),
    why: "Every pod that names no account runs as the default one, and whoever makes an absent role or account takes the waiting rights.",
    fix: "bind a role of the stack to a service account of the stack",
    link: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#periodic-review",
    samples: {
        passing: [
            bound({}),
            bound({ role: { kind: "ClusterRole", name: "view" } }),
            bound({ subject: { kind: "Group", name: "team" } }),
            // Whose namespace is not the stack's belongs to somebody else.
            bound({ subject: { kind: "ServiceAccount", name: "collector", namespace: "monitoring" } }),
        ],
        failing: [
            {
                sample: bound({ subject: { kind: "ServiceAccount", name: "default", namespace: "shop" } }),
                problem: "is a default service account",
            },
            {
                sample: bound({ role: { kind: "Role", name: "writer" } }),
                problem: "names a role that the stack does not have",
            },
            {
                sample: bound({ role: { kind: "ClusterRole", name: "reader" } }),
                problem: "names a role that the stack does not have",
            },
            {
                sample: bound({ subject: { kind: "ServiceAccount", name: "gone", namespace: "shop" } }),
                problem: "names a service account that the stack does not have",
            },
            { sample: roleOnly(), problem: "names a service account that the stack does not have" },
        ],
    },
    check: (stack, report) => {
        for (const binding of stack.of(`${group}/RoleBinding`, `${group}/ClusterRoleBinding`)) {
            checkRole(stack, binding, report);
            for (const subject of binding.object.get("subjects").items())
                checkSubject(stack, { binding, subject }, report);
        }
    },
};

function checkRole(stack: Stack, binding: Subject, report: StackReport): void {
    const ref = binding.object.get("roleRef");
    const [kind, name] = [ref.get("kind").text(), ref.get("name").text()];
    if (kind === undecided || typeof name !== "string") return;
    if (kind !== "Role" && builtIn.test(name)) return;
    const namespace = namespaceOf(binding);
    const reference: Reference =
        kind === "Role" ? { key: `${group}/Role`, name, namespace } : { key: `${group}/ClusterRole`, name };
    reportAbsent({ stack, about: binding, at: ref.get("name"), what: "role" }, reference, report);
}

interface Bound {
    readonly binding: Subject;
    readonly subject: Value;
}

function checkSubject(stack: Stack, { binding, subject }: Bound, report: StackReport): void {
    if (subject.get("kind").text() !== "ServiceAccount") return;
    const at = subject.get("name");
    const name = at.text();
    if (name === "default") {
        report(binding, { path: at.path, problem: "is a default service account" });
        return;
    }
    const namespace = placeOf(subject, binding);
    if (typeof name !== "string" || !isDeclared(stack, namespace)) return;
    const reference: Reference = { key: "core/ServiceAccount", name, namespace };
    reportAbsent({ stack, about: binding, at, what: "service account" }, reference, report);
}

/** The API asks every service account for its namespace; where none is stated, the binding's is meant. */
function placeOf(subject: Value, binding: Subject): Read<string> {
    const stated = subject.get("namespace").text();
    return stated === absent ? namespaceOf(binding) : stated;
}

interface Place {
    readonly stack: Stack;
    readonly about: Subject;
    readonly at: Value;
    readonly what: string;
}

function reportAbsent({ stack, about, at, what }: Place, reference: Reference, report: StackReport): void {
    const found = resolves(stack, reference);
    if (found === true) return;
    const unsure = found === undecided || mayBeElsewhere(about);
    report(about, {
        path: at.path,
        problem: `names a ${what} that the stack ${unsure ? "may not" : "does not"} have`,
        undecided: unsure,
    });
}
