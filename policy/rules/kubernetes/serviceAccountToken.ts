import { controls } from "../../controls";
import { tokenClients } from "../../facts/accounts";
import { absent } from "../../reading/value";
import type { PodTemplate } from "../../resources/podTemplates";
import { accountsIn, accountsSetting, isListed } from "../listedAccounts";
import { type PodContext, podRule, stateOf } from "../podRule";

export const serviceAccountToken = podRule({
    id: "POD-13",
    title: "Only API clients get a service account token",
    severity: "medium",
    // Not repaired: an operator without its token would start and then fail; whoever deploys it has to say which it is.
    level: "mandatory",
    controls: controls({
        soc2: ["CC6.1", "CC6.3"],
        iso27001: ["8.3", "5.15"],
        cisKubernetes: ["5.1.6"],
        cisAks: ["4.1.6"],
        cisEks: ["4.1.6"],
        nsa: ["C-0034"],
    }),
    why: "A token in a pod that never calls the Kubernetes API serves only whoever breaks into it.",
    fix: "set automountServiceAccountToken to false, or list the service account under apiClients in the pack configuration",
    link: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
    samples: {
        passing: [{ kind: "pod", set: { automountServiceAccountToken: false } }],
        failing: [
            { sample: { kind: "pod", set: { automountServiceAccountToken: true } }, problem: "is true" },
            { sample: { kind: "pod", set: { automountServiceAccountToken: null } }, problem: "is not set" },
        ],
    },
    settings: {
        apiClients: accountsSetting({
            description: "Service accounts whose pods call the Kubernetes API; without it, those of the platform",
            reason: "What the pods ask the API for",
        }),
    },
    checkPod: (template, report, context) => {
        const automount = template.spec.get("automountServiceAccountToken");
        const read = automount.boolean();
        if (read !== true && (read !== absent || isPartial(template))) return;
        if (!isApiClient(template, context)) report({ path: automount.path, problem: stateOf(read) });
    },
});

/** A Patch that says nothing of containers says nothing of the whole pod either. */
function isPartial({ complete, spec }: PodTemplate): boolean {
    return !complete && !spec.get("containers").isSet;
}

/** Whether the pod's service account is listed. Where its name or namespace is unknown, that is noted and nothing is refused. */
function isApiClient({ spec }: PodTemplate, { subject, settings }: PodContext): boolean {
    return isListed(accountsIn(settings.apiClients ?? tokenClients), spec, subject);
}
