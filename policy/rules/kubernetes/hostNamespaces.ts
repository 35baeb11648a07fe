import { controls } from "../../controls";
import { containersOf } from "../../resources/podTemplates";
import { podRule, reportTrue } from "../podRule";

export const hostNamespaces = podRule({
    id: "POD-08",
    title: "Pods stay out of the node's namespaces",
    severity: "critical",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1", "CC6.6"],
        iso27001: ["8.22"],
        cisKubernetes: ["5.2.3", "5.2.4", "5.2.5", "5.2.11"],
        cisAks: ["4.2.2", "4.2.3", "4.2.4"],
        cisEks: ["4.2.2", "4.2.3", "4.2.4"],
        nsa: ["C-0038", "C-0041"],
    }),
    why: "On the node's network no NetworkPolicy holds; in its process space every process and its environment can be read.",
    fix: "remove hostNetwork, hostPID, hostIPC and windowsOptions.hostProcess, or set them to false",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    samples: {
        passing: [
            { kind: "pod", set: {} },
            { kind: "pod", set: { hostNetwork: false, hostPID: false, hostIPC: false } },
        ],
        failing: [
            { sample: { kind: "pod", set: { hostNetwork: true } }, problem: "is true" },
            { sample: { kind: "pod", set: { hostPID: true } }, problem: "is true" },
            { sample: { kind: "pod", set: { hostIPC: true } }, problem: "is true" },
            {
                sample: { kind: "pod", set: { securityContext: { windowsOptions: { hostProcess: true } } } },
                problem: "is true",
            },
            {
                sample: { kind: "container", set: { securityContext: { windowsOptions: { hostProcess: true } } } },
                problem: "is true",
            },
        ],
    },
    checkPod: (template, report) => {
        const { spec } = template;
        reportTrue([spec.get("hostNetwork"), spec.get("hostPID"), spec.get("hostIPC")], report);
        const everywhere = [spec, ...containersOf(template).map(({ value }) => value)];
        reportTrue(
            everywhere.map((value) => value.get("securityContext", "windowsOptions", "hostProcess")),
            report,
        );
    },
});
