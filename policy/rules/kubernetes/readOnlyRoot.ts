import { controls } from "../../controls";
import { isForWindows } from "../../resources/podTemplates";
import { containerRule, reportUnless } from "../podRule";

export const readOnlyRoot = containerRule({
    id: "POD-07",
    title: "The root file system is read-only",
    severity: "medium",
    // Not repaired: whether a program writes outside its volumes is known only to whoever knows its image.
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.8"],
        iso27001: ["8.9", "8.19"],
        cisKubernetes: ["5.7.3"],
        nsa: ["C-0017"],
    }),
    why: "An intruder who cannot write cannot install tools or change the program that runs.",
    fix: "set readOnlyRootFilesystem to true and mount an emptyDir where the program writes",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    samples: {
        passing: [
            { kind: "container", set: {} },
            { kind: "pod", set: { os: { name: "windows" }, securityContext: {}, containers: [{ name: "app" }] } },
        ],
        failing: [
            {
                sample: { kind: "container", set: { securityContext: { readOnlyRootFilesystem: false } } },
                problem: "is false",
            },
            {
                sample: { kind: "container", set: { securityContext: { readOnlyRootFilesystem: null } } },
                problem: "is not set",
            },
        ],
    },
    checkContainer: ({ value }, report, { template }) => {
        if (isForWindows(template) === false) {
            reportUnless(true, value.get("securityContext", "readOnlyRootFilesystem"), report);
        }
    },
});
