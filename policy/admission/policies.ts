import { chartPods, chartRoles } from "../facts/charts";
import { type AdmissionCheck, allOf, anyOf, quoted, type Variable } from "./check";
import { imageChecks } from "./images";
import { namespaceChecks, namespaceVariables } from "./namespaces";
import { type NamedPolicy, networkChecks, networkVariables } from "./networks";
import { isOneOf, podVariables, type TemplatePath } from "./podParts";
import { surroundingChecks } from "./podSurroundings";
import { podChecks } from "./pods";
import { bindingChecks, bindingVariables, roleChecks, roleVariables } from "./rights";
import { tokenSecretCheck, tokenVolumeCheck } from "./tokens";

/** What the API server does with an object that a policy refuses. */
export type AdmissionAction = "Audit" | "Warn" | "Deny";

/** Its lists are open, as the SDK's types want them. */
interface PolicySpec {
    readonly failurePolicy: "Fail";
    readonly matchConstraints: { readonly resourceRules: ResourceRule[] };
    readonly matchConditions: Variable[];
    readonly variables: Variable[];
    readonly validations: Validation[];
}

/** A `ValidatingAdmissionPolicy` of admissionregistration.k8s.io/v1, as the platform installs it, beside what its binding needs. */
export interface AdmissionPolicy {
    readonly name: string;
    /** Whether its objects are in a namespace, or are the cluster's own. */
    readonly scope: "namespace" | "cluster";
    readonly spec: PolicySpec;
}

interface ResourceRule {
    readonly apiGroups: string[];
    readonly apiVersions: string[];
    readonly operations: ("CREATE" | "UPDATE")[];
    readonly resources: string[];
}

interface Validation {
    readonly expression: string;
    readonly message: string;
    readonly reason: "Forbidden";
}

/** What one stack trusts beside what the pack lists for the platform. */
export interface Trusted {
    /** Repositories of images, each with its registry. @default none */
    readonly repositories?: readonly string[];
    /** Network policies whose pods call the Internet. @default none */
    readonly internetCallers?: readonly NamedPolicy[];
}

const rbac = "rbac.authorization.k8s.io";

/**
 * The rules of the pack that one object alone decides, as policies of the API server. Objects of different shapes have policies of their
 * own, so that the API server can check every expression against the type of each kind it is for (`status.typeChecking`).
 */
export function admissionPolicies({
    repositories = [],
    internetCallers = [],
}: Trusted = {}): readonly AdmissionPolicy[] {
    const podPolicy = podPolicyWith(imageChecks(repositories));
    return [
        podPolicy("tars-pods", "object", [matching("", ["pods", "pods/ephemeralcontainers"])]),
        podPolicy("tars-pod-templates", "object.template", [matching("", ["podtemplates"])]),
        podPolicy("tars-workloads", "object.spec.template", [
            matching("", ["replicationcontrollers"]),
            matching("apps", ["deployments", "statefulsets", "daemonsets", "replicasets"]),
            matching("batch", ["jobs"]),
        ]),
        podPolicy("tars-cron-jobs", "object.spec.jobTemplate.spec.template", [matching("batch", ["cronjobs"])]),
        policy("tars-secrets", [tokenSecretCheck], { judged: ["?type"], resources: [matching("", ["secrets"])] }),
        policy("tars-network-policies", networkChecks, {
            judged: ["spec"],
            variables: networkVariables(internetCallers),
            resources: [matching("networking.k8s.io", ["networkpolicies"])],
        }),
        policy("tars-namespaces", namespaceChecks, {
            scope: "cluster",
            judged: ["metadata.?labels"],
            variables: namespaceVariables,
            resources: [matching("", ["namespaces"])],
        }),
        ...(["namespace", "cluster"] as const).flatMap((scope) => rightsPolicies(scope)),
    ];
}

function podPolicyWith(images: readonly AdmissionCheck[]) {
    return (name: string, template: TemplatePath, resources: readonly ResourceRule[]): AdmissionPolicy => {
        const isPod = template === "object";
        const checks = [...podChecks, ...surroundingChecks, ...images, tokenVolumeCheck(isPod)];
        return policy(name, checks.map(unlessOfChart), {
            judged: isPod ? ["spec"] : [template.slice("object.".length)],
            variables: podVariables(template),
            resources,
        });
    };
}

/** The check, but for pods of charts that leave no choice. */
function unlessOfChart(check: AdmissionCheck): AdmissionCheck {
    const listed = chartPods.filter(({ rules }) => rules.includes(check.rule));
    return listed.length === 0 ? check : { ...check, expression: anyOf([isOneOf(listed), check.expression]) };
}

const asItIs = (check: AdmissionCheck) => check;

/** The check, but for roles of charts that leave no choice. */
function unlessChartRole(check: AdmissionCheck): AdmissionCheck {
    const listed = chartRoles.filter(({ rules }) => rules.includes(check.rule));
    const isListed = listed.map(({ namespace, name }) =>
        allOf([`request.namespace == ${quoted(namespace)}`, `object.metadata.name == ${quoted(name)}`]),
    );
    return listed.length === 0 ? check : { ...check, expression: anyOf([...isListed, check.expression]) };
}

function rightsPolicies(scope: AdmissionPolicy["scope"]): readonly AdmissionPolicy[] {
    const isOfCluster = scope === "cluster";
    const prefix = isOfCluster ? "cluster" : "";
    const name = isOfCluster ? "tars-cluster" : "tars";
    return [
        policy(`${name}-roles`, roleChecks({ aggregates: isOfCluster }).map(isOfCluster ? asItIs : unlessChartRole), {
            scope,
            judged: ["rules", "metadata.?labels"],
            variables: roleVariables,
            resources: [matching(rbac, [`${prefix}roles`])],
        }),
        policy(`${name}-role-bindings`, bindingChecks, {
            scope,
            judged: ["roleRef", "?subjects"],
            variables: bindingVariables,
            resources: [matching(rbac, [`${prefix}rolebindings`])],
        }),
    ];
}

interface Reach {
    /** @default "namespace" */
    readonly scope?: AdmissionPolicy["scope"];
    /** The parts of an object that the checks look at, each below `object`. */
    readonly judged: readonly string[];
    /** @default none */
    readonly variables?: readonly Variable[];
    readonly resources: readonly ResourceRule[];
}

function policy(
    name: string,
    checks: readonly AdmissionCheck[],
    { scope = "namespace", judged, variables = [], resources }: Reach,
): AdmissionPolicy {
    const validations = checks.map(({ rule, title, expression }): Validation => {
        return { expression, message: `${rule}: ${title}`, reason: "Forbidden" };
    });
    const spec = {
        failurePolicy: "Fail" as const,
        matchConstraints: { resourceRules: [...resources] },
        matchConditions: [{ name: "says-something-new", expression: saysSomethingNew(judged) }],
        variables: [...variables],
        validations,
    } satisfies PolicySpec;
    return { name, scope, spec };
}

/**
 * An update that leaves alone what is judged passes, as with Pod Security: what was there before the policy can still be labelled,
 * scaled and, where it has finalizers, deleted.
 */
function saysSomethingNew(judged: readonly string[]): string {
    return ["request.operation == 'CREATE'", ...judged.map((part) => `object.${part} != oldObject.${part}`)].join(
        " || ",
    );
}

/** Versions are named, because the API server checks no types where any version will do; each has only this one since Kubernetes 1.25. */
function matching(group: string, resources: string[]): ResourceRule {
    return { apiGroups: [group], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources };
}
