import type { AdmissionAction } from "./policies";

/** The label of namespaces whose objects the policies judge; only the platform's own bear it. */
export const admissionLabel = { "tars-platform/admission": "judged" } as const;

/** The spec of the binding of a policy: without one, a policy judges nothing. */
export function bindingOf(policyName: string, actions: readonly AdmissionAction[]) {
    return {
        policyName,
        validationActions: actions,
        matchResources: { namespaceSelector: { matchLabels: admissionLabel } },
    };
}
