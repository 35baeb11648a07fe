import { controls } from "../../controls";
import { type Answer, all, any } from "../../reading/answers";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { isSameNamespace } from "../../resources/namespaces";
import { inNamespace, podSetsOf } from "../../resources/podSets";
import { everyPodTemplate } from "../../resources/podTemplates";
import { selectsAll } from "../../resources/selectors";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { sandbox } from "./sandboxes.samples";

/** On a Namespace: whether code that nobody has read runs there. */
const mark = "tars-platform/sandbox";

/** Names that say the same of themselves, where the label is not there. */
const telling = /(^|-)(sandbox(es)?|agents?)(-|$)/;

/** Runtimes with a kernel of their own: gVisor and Kata, as their projects and AKS (pod sandboxing) name handlers and classes. */
const hardened = /^(gvisor|runsc|kata|kata-[a-z0-9-]+)$/;

const ceilings = ["limits.cpu", "limits.memory", "pods"] as const;

export const sandboxes: StackRule = {
    id: "NS-08",
    title: "Sandboxes have a kernel, paths and ceilings of their own",
    severity: "medium",
    level: "mandatory",
    scope: "stack",
    kinds: ["core/Namespace", "core/ResourceQuota", "networking.k8s.io/NetworkPolicy", everyPodTemplate],
    controls: controls({ soc2: ["CC6.1", "CC6.8"], iso27001: ["8.22"], cisAks: ["5.6.1"] }),
    why: "Agents run code that nobody has read: the node's kernel, the network and the cluster's capacity are all that it can reach.",
    fix: "give the pods a runtimeClassName of gVisor or Kata, the namespace a default-deny for egress with single paths, and a ResourceQuota with limits.cpu, limits.memory and pods",
    link: "https://kubernetes.io/docs/concepts/containers/runtime-class/",
    samples: {
        passing: [
            sandbox({}),
            sandbox({ runtimeClass: "isolated", handler: "runsc" }),
            // No sandbox: nothing is asked.
            sandbox({ name: "shop", runtimeClass: undefined, egress: undefined, hard: {} }),
            sandbox({ name: "datadog-agent", mark: "false", runtimeClass: undefined, egress: undefined, hard: {} }),
        ],
        failing: [
            { sample: sandbox({ runtimeClass: undefined }), problem: "is not set, in a sandbox" },
            { sample: sandbox({ runtimeClass: "nvidia" }), problem: "is no hardened runtime, in a sandbox" },
            {
                sample: sandbox({ runtimeClass: "isolated", handler: "runc" }),
                problem: "is no hardened runtime, in a sandbox",
            },
            { sample: sandbox({ egress: undefined }), problem: "is a sandbox without a default-deny for Egress" },
            {
                sample: sandbox({ egress: [{ ports: [{ port: 443 }] }] }),
                problem: "lets the pods of a sandbox out to everybody",
            },
            ...["0.0.0.0/0", "0.0.0.0/1"].map((cidr) => ({
                sample: sandbox({ egress: [{ to: [{ ipBlock: { cidr } }] }] }),
                problem: "lets the pods of a sandbox out to everybody",
            })),
            {
                sample: sandbox({ hard: { pods: "4" } }),
                problem: "is a sandbox without limits.cpu, limits.memory in its quota",
            },
            {
                sample: sandbox({ name: "shop", mark: "true", hard: {} }),
                problem: "is a sandbox without limits.cpu, limits.memory, pods in its quota",
            },
        ],
    },
    check: (stack, report) => {
        for (const namespace of stack.of("core/Namespace")) {
            const name = nameOf(namespace);
            if (typeof name !== "string" || !isSandbox(namespace, name)) continue;
            checkRuntimes(stack, name, report);
            checkEgress(stack, { namespace, name }, report);
            checkCeilings(stack, { namespace, name }, report);
        }
    },
};

function isSandbox({ object }: Subject, name: string): boolean {
    const stated = object.get("metadata", "labels", mark).text();
    return typeof stated === "string" ? stated === "true" : telling.test(name);
}

function checkRuntimes(stack: Stack, name: string, report: StackReport): void {
    for (const { subject, spec } of inNamespace(podSetsOf(stack), name)) {
        const runtime = spec.get("runtimeClassName");
        const stated = runtime.text();
        if (stated === undecided) continue;
        if (stated === absent) report(subject, { path: runtime.path, problem: "is not set, in a sandbox" });
        else if (!isHardened(stack, stated)) {
            report(subject, { path: runtime.path, problem: "is no hardened runtime, in a sandbox" });
        }
    }
}

/** By its own handler where the stack has the RuntimeClass, else by the names that go round. */
function isHardened(stack: Stack, name: string): boolean {
    const own = stack.of("node.k8s.io/RuntimeClass").find((each) => nameOf(each) === name);
    const handler: Read<string> = own ? own.object.get("handler").text() : name;
    return typeof handler !== "string" || hardened.test(handler);
}

interface Place {
    readonly namespace: Subject;
    readonly name: string;
}

function checkEgress(stack: Stack, { namespace, name }: Place, report: StackReport): void {
    const policies = stack
        .of("networking.k8s.io/NetworkPolicy")
        .filter((policy) => isSameNamespace(namespaceOf(policy), name) !== false);
    reportUnmet(any(policies.map(closesEgress)), "a default-deny for Egress", (observation) =>
        report(namespace, observation),
    );
    for (const policy of policies) {
        for (const rule of policy.object.get("spec", "egress").items()) {
            if (reachesEverybody(rule.get("to"))) {
                report(policy, { path: rule.path, problem: "lets the pods of a sandbox out to everybody" });
            }
        }
    }
}

function closesEgress({ object }: Subject): Answer {
    const types = object.get("spec", "policyTypes");
    const names = types.texts();
    const covers = types.isSet && !types.isList ? undecided : names.includes("Egress");
    return all([covers, selectsAll(object.get("spec", "podSelector"))]);
}

/** No peers are everybody, and so are blocks that hold half of the Internet. */
function reachesEverybody(peers: Value): boolean {
    if (peers.isSet && !peers.isList) return false;
    const named = peers.items();
    if (named.length === 0) return true;
    return named.some((peer) => {
        const cidr = peer.get("ipBlock", "cidr").text();
        return typeof cidr === "string" && /\/[01]$/.test(cidr);
    });
}

function checkCeilings(stack: Stack, { namespace, name }: Place, report: StackReport): void {
    const quotas = stack
        .of("core/ResourceQuota")
        .filter((quota) => isSameNamespace(namespaceOf(quota), name) !== false)
        .map((quota) => quota.object.get("spec", "hard"));
    const unknown = quotas.some((hard) => hard.mapping() === undecided);
    const missing = ceilings.filter((ceiling) => !quotas.some((hard) => hard.keys().includes(ceiling)));
    if (missing.length === 0) return;
    const words = `${missing.join(", ")} in its quota`;
    reportUnmet(unknown ? undecided : false, words, (observation) => report(namespace, observation));
}

function reportUnmet(
    met: Answer,
    what: string,
    report: (observation: { path: string; problem: string; undecided: boolean }) => void,
): void {
    if (met === true) return;
    const unsure = met === undecided;
    report({
        path: "metadata.name",
        problem: `${unsure ? "may be" : "is"} a sandbox without ${what}`,
        undecided: unsure,
    });
}
