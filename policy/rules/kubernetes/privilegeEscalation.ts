import { controls } from "../../controls";
import { isForWindows } from "../../resources/podTemplates";
import { containerRule, reportUnless } from "../podRule";
import { hardenContainers } from "../remediation";

export const privilegeEscalation = containerRule({
    id: "POD-02",
    title: "No process gains more privileges than its parent",
    severity: "high",
    level: "remediate",
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["8.2"],
        cisKubernetes: ["5.2.6"],
        cisAks: ["4.2.5"],
        cisEks: ["4.2.5"],
        nsa: ["C-0016"],
    }),
    why: "Without no_new_privs a set-uid program in the image turns any user into root.",
    fix: "set allowPrivilegeEscalation to false",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    samples: {
        passing: [
            { kind: "container", set: {} },
            { kind: "pod", set: { os: { name: "windows" }, securityContext: {}, containers: [{ name: "app" }] } },
        ],
        failing: [
            {
                sample: { kind: "container", set: { securityContext: { allowPrivilegeEscalation: true } } },
                problem: "is true",
            },
            {
                sample: { kind: "container", set: { securityContext: { allowPrivilegeEscalation: null } } },
                problem: "is not set",
            },
        ],
    },
    checkContainer: ({ value }, report, { template }) => {
        if (isForWindows(template) === false) {
            reportUnless(false, value.get("securityContext", "allowPrivilegeEscalation"), report);
        }
    },
    // One that a program sets to true is a decision to be refused, not to be overruled.
    remediate: (subject) =>
        hardenContainers(subject, ({ value }) => value.put(["securityContext", "allowPrivilegeEscalation"], false)),
});
