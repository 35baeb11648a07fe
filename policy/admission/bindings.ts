import type { AdmissionAction, AdmissionPolicy } from "./policies";

/**
 * The label of what the policies judge: namespaces with all that is in them, and objects of the cluster itself. Only the platform's own
 * bear it, so that on a cluster with other tenants nobody else's object is ever judged.
 */
export const admissionLabel = { "tars-platform/admission": "judged" } as const;

/** How strictly the API server judges: `audit` tells whoever asks, and the audit log; `deny` refuses. */
export type Enforcement = "audit" | "deny";

/** What the API server does, by how strict it is to be. Warn and Deny cannot be had together: a refusal says it already. */
export const actions = {
    audit: ["Audit", "Warn"],
    deny: ["Deny", "Audit"],
} as const satisfies Readonly<Record<Enforcement, readonly AdmissionAction[]>>;

/** The spec of the binding of a policy: without one, a policy judges nothing. A namespaceSelector alone would let all objects of the cluster in. */
export function bindingOf({ name, scope }: AdmissionPolicy, validationActions: readonly AdmissionAction[]) {
    const selector = { matchLabels: admissionLabel };
    const matchResources = scope === "cluster" ? { objectSelector: selector } : { namespaceSelector: selector };
    return { policyName: name, validationActions: [...validationActions], matchResources };
}
