import { controls } from "../../controls";
import { absent } from "../../reading/value";
import type { PodTemplate } from "../../resources/podTemplates";
import { podRule } from "../podRule";

export const serviceAccountName = podRule({
    id: "POD-14",
    title: "Pods run as a service account of their own",
    severity: "medium",
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["5.16"],
        cisKubernetes: ["5.1.5"],
        cisAks: ["4.1.5"],
        cisEks: ["4.1.5"],
    }),
    why: "All pods that name no account share one: a right or an identity of a cloud that one of them gets, every other has too.",
    fix: "name a service account that only this workload uses in serviceAccountName",
    link: "https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts",
    samples: {
        passing: [
            { kind: "pod", set: { serviceAccountName: "web" } },
            { kind: "pod", set: { serviceAccountName: "default-backend" } },
        ],
        failing: [
            { sample: { kind: "pod", set: { serviceAccountName: null } }, problem: "is not set, which means default" },
            { sample: { kind: "pod", set: { serviceAccountName: "" } }, problem: "is not set, which means default" },
            { sample: { kind: "pod", set: { serviceAccountName: "default" } }, problem: "is default" },
            { sample: { kind: "pod", set: { serviceAccount: "web" } }, problem: "is deprecated" },
        ],
    },
    checkPod: (template, report) => {
        const { spec } = template;
        const [account, deprecated] = [spec.get("serviceAccountName"), spec.get("serviceAccount")];
        const name = account.text();
        if (name === "default") report({ path: account.path, problem: "is default" });
        // The API takes the deprecated field for the name where there is no other.
        if ((name === absent || name === "") && !deprecated.isSet && !isPartial(template)) {
            report({ path: account.path, problem: "is not set, which means default" });
        }
        if (typeof deprecated.text() === "string") report({ path: deprecated.path, problem: "is deprecated" });
    },
});

/** A Patch that says nothing of containers says nothing of the whole pod either. */
function isPartial({ complete, spec }: PodTemplate): boolean {
    return !complete && !spec.get("containers").isSet;
}
