import type { AdmissionCheck } from "./check";
import { podChecks, podVariables } from "./pods";

/** What the API server does with an object that a policy refuses. */
export type AdmissionAction = "Audit" | "Warn" | "Deny";

/** An object that the platform installs: `ValidatingAdmissionPolicy` or its binding, of admissionregistration.k8s.io/v1. */
export interface AdmissionPolicy {
    readonly name: string;
    readonly spec: {
        readonly failurePolicy: "Fail";
        readonly matchConstraints: { readonly resourceRules: readonly ResourceRule[] };
        readonly variables: readonly { readonly name: string; readonly expression: string }[];
        readonly validations: readonly Validation[];
    };
}

interface ResourceRule {
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly operations: readonly ("CREATE" | "UPDATE")[];
    readonly resources: readonly string[];
}

interface Validation {
    readonly expression: string;
    readonly message: string;
    readonly reason: "Forbidden";
}

/** The rules of the pack that can be judged by one object alone, as policies of the API server; one policy for each sort of object. */
export function admissionPolicies(): readonly AdmissionPolicy[] {
    return [
        policy("tars-pods", podChecks, {
            variables: podVariables,
            resources: [
                matching("", ["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"]),
                matching("apps", ["deployments", "statefulsets", "daemonsets", "replicasets"]),
                matching("batch", ["jobs", "cronjobs"]),
            ],
        }),
    ];
}

interface Scope {
    readonly variables: AdmissionPolicy["spec"]["variables"];
    readonly resources: readonly ResourceRule[];
}

function policy(name: string, checks: readonly AdmissionCheck[], { variables, resources }: Scope): AdmissionPolicy {
    const validations = checks.map(({ rule, title, expression }): Validation => {
        return { expression, message: `${rule}: ${title}`, reason: "Forbidden" };
    });
    return {
        name,
        spec: { failurePolicy: "Fail", matchConstraints: { resourceRules: resources }, variables, validations },
    };
}

function matching(group: string, resources: readonly string[]): ResourceRule {
    return { apiGroups: [group], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources };
}
