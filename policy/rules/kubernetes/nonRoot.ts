import { controls } from "../../controls";
import { absent, undecided } from "../../reading/value";
import type { Container, PodTemplate } from "../../resources/podTemplates";
import { containersOf, hasUserNamespace } from "../../resources/podTemplates";
import type { Report } from "../../rule";
import { isNodeAgent, nodeAgentsSetting } from "../nodeAgents";
import { podRule } from "../podRule";

export const nonRoot = podRule({
    id: "POD-03",
    title: "Containers run as another user than root",
    severity: "high",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["8.2", "8.9"],
        cisKubernetes: ["5.2.7"],
        nsa: ["C-0013"],
    }),
    why: "Root in a container is root on the node as soon as the container's walls have one hole.",
    fix: "set securityContext.runAsNonRoot to true on the pod, and nowhere to false",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    settings: nodeAgentsSetting("user"),
    samples: {
        passing: [
            { kind: "pod", set: {} },
            { kind: "pod", set: { hostUsers: false, securityContext: { runAsNonRoot: null } } },
            {
                kind: "pod",
                set: {
                    securityContext: { runAsNonRoot: null },
                    containers: [{ name: "app", securityContext: { runAsNonRoot: true } }],
                },
            },
        ],
        failing: [
            { sample: { kind: "pod", set: { securityContext: { runAsNonRoot: false } } }, problem: "is false" },
            {
                sample: { kind: "container", set: { securityContext: { runAsNonRoot: false } } },
                problem: "is false",
            },
            {
                sample: { kind: "pod", set: { securityContext: { runAsNonRoot: null } } },
                problem: "is set neither here nor on the pod",
            },
        ],
    },
    checkPod: (template, reportAny, context) => {
        if (hasUserNamespace(template) !== false) return;
        const report: Report = (observation) => {
            if (!isNodeAgent(template, context, { allowance: "user" })) reportAny(observation);
        };
        const ofPod = template.spec.get("securityContext", "runAsNonRoot");
        if (ofPod.quietly.boolean() === false) report({ path: ofPod.path, problem: "is false" });
        for (const container of containersOf(template)) checkContainer(container, template, report);
    },
});

function checkContainer({ value }: Container, template: PodTemplate, report: Report): void {
    const own = value.get("securityContext", "runAsNonRoot");
    const read = own.boolean();
    if (read === false) report({ path: own.path, problem: "is false" });
    if (read !== absent) return;
    // Only now does the pod's own value matter, and with it whether it is known.
    const inherited = template.spec.get("securityContext", "runAsNonRoot").boolean();
    if (inherited !== true && inherited !== undecided) {
        report({ path: own.path, problem: "is set neither here nor on the pod" });
    }
}
