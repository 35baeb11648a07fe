import {
    adminRoles,
    aggregation,
    escalations,
    everybody,
    podRights,
    type Right,
    readingVerbs,
    secretRights,
    sensitiveVerbs,
    waysAround,
} from "../facts/rights";
import { type AdmissionCheck, allOf, anyOf, list, quoted, type Variable } from "./check";

/** A role without rules has a null where the list would be. */
const rules = "dyn(object.rules) == null ? [] : object.rules";

/** What the checks about roles are written with. */
export const roleVariables: readonly Variable[] = [{ name: "rules", expression: rules }];

const field = (name: string) => `r.?${name}.orValue([])`;
const holds = (name: string, wanted: readonly string[]) => `${field(name)}.exists(x, x in ${list(wanted)})`;

/** Whether a role's rule, `r`, gives a right, as the API server reads it: `*` stands for everything, `*\/exec` for that of every resource. */
function gives({ group, resource, verbs }: Right): string {
    const subresource = resource?.split("/")[1];
    const resources = [
        "*",
        ...(resource === undefined ? [] : [resource]),
        ...(subresource ? [`*/${subresource}`] : []),
    ];
    return allOf([
        holds("apiGroups", ["*", group]),
        resource === undefined ? `size(${field("resources")}) > 0` : holds("resources", resources),
        holds("verbs", ["*", ...verbs]),
    ]);
}

/** True for a role of which no rule gives one of the rights. */
function givesNone(rights: readonly Right[], narrow = "false"): string {
    return `variables.rules.all(r, (${narrow}) || !(${anyOf(rights.map(gives))}))`;
}

const adds = (label: string) => `object.metadata.?labels[?${quoted(label)}].orValue('') == 'true'`;
const noVerb = (unwanted: string) => `variables.rules.all(r, !${field("verbs")}.exists(x, ${unwanted}))`;

/** True for a role that adds to those of people only what these are for. */
const addsInPlace = allOf([
    anyOf([`!(${adds(aggregation.view)})`, noVerb(`!(x in ${list(readingVerbs)})`)]),
    anyOf([`!(${anyOf(aggregation.others.map(adds))})`, noVerb(`x in ${list(sensitiveVerbs)}`)]),
]);

/** Rules about roles; `aggregates` for those of the whole cluster, which may add to others. */
export function roleChecks({ aggregates }: { readonly aggregates: boolean }): readonly AdmissionCheck[] {
    const wildcards = [
        ...["verbs", "apiGroups"].map((name) => holds(name, ["*"])),
        `${field("resources")}.exists(x, x.contains('*'))`,
        holds("nonResourceURLs", ["*", "/*"]),
    ];
    return [
        {
            rule: "RBAC-02",
            title: "Roles name what they give",
            expression: `variables.rules.all(r, !(${anyOf(wildcards)}))`,
        },
        {
            rule: "RBAC-03",
            title: "Roles read no Secrets but those they name",
            expression: givesNone(secretRights, `size(${field("resourceNames")}) > 0`),
        },
        { rule: "RBAC-04", title: "Roles neither start pods nor enter them", expression: givesNone(podRights) },
        {
            rule: "RBAC-05",
            title: "Roles let nobody take more rights than given",
            expression: allOf([givesNone(escalations), ...(aggregates ? [addsInPlace] : [])]),
        },
        {
            rule: "RBAC-07",
            title: "Roles give no way around the cluster's own checks",
            expression: givesNone(waysAround),
        },
    ];
}

/** What the checks about bindings are written with. */
export const bindingVariables: readonly Variable[] = [{ name: "subjects", expression: "object.?subjects.orValue([])" }];

/** Rules about bindings. */
export const bindingChecks: readonly AdmissionCheck[] = [
    {
        rule: "RBAC-01",
        title: "Nobody but the break-glass list is bound to cluster-admin or admin",
        expression: anyOf([
            `!(object.roleRef.name in ${list(adminRoles)})`,
            "object.roleRef.kind == 'Role'",
            "size(variables.subjects) == 0",
        ]),
    },
    {
        rule: "RBAC-06",
        title: "Bindings name who is meant",
        expression: `variables.subjects.all(s, s.kind == 'ServiceAccount' || !(s.name in ${list(Object.keys(everybody))}))`,
    },
];
