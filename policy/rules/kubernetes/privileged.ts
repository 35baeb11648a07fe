import { controls } from "../../controls";
import { containerRule, reportTrue } from "../podRule";

export const privileged = containerRule({
    id: "POD-01",
    title: "No container is privileged",
    severity: "critical",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1", "CC6.8"],
        iso27001: ["8.2", "8.9"],
        cisKubernetes: ["5.2.2"],
        cisAks: ["4.2.1"],
        cisEks: ["4.2.1"],
        nsa: ["C-0057"],
    }),
    why: "A privileged container has every device and capability of its node: whoever breaks into it owns the node.",
    fix: "remove privileged, or set it to false",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    samples: {
        passing: [
            { kind: "container", set: {} },
            { kind: "container", set: { securityContext: { privileged: false } } },
        ],
        failing: [
            { sample: { kind: "container", set: { securityContext: { privileged: true } } }, problem: "is true" },
        ],
    },
    checkContainer: ({ value }, report) => reportTrue([value.get("securityContext", "privileged")], report),
});
