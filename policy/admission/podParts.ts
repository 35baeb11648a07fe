import { allOf, anyOf, quoted, type Variable } from "./check";

/** Where an object of one shape keeps its pod template, in CEL; `object` for a pod itself. */
export type TemplatePath =
    | "object"
    | "object.template"
    | "object.spec.template"
    | "object.spec.jobTemplate.spec.template";

/** What the checks about pods are written with; each may use those before it. */
export function podVariables(template: TemplatePath): readonly Variable[] {
    return [
        { name: "pod", expression: `${template}.spec` },
        { name: "annotations", expression: `${template}.?metadata.?annotations.orValue({})` },
        {
            name: "containers",
            // Ephemeral containers are of a type of their own, with the same fields.
            expression: [
                "variables.pod.containers",
                "variables.pod.?initContainers.orValue([])",
                "variables.pod.?ephemeralContainers.orValue([]).map(c, dyn(c))",
            ].join(" + "),
        },
        { name: "volumes", expression: "variables.pod.?volumes.orValue([])" },
        { name: "account", expression: "variables.pod.?serviceAccountName.orValue('default')" },
        { name: "windows", expression: "variables.pod.?os.?name.orValue('') == 'windows'" },
        { name: "ownUsers", expression: "variables.pod.?hostUsers.orValue(true) == false" },
    ];
}

export const pod = "variables.pod";

/** True when it is for every container, `c`. */
export const every = (expression: string) => `variables.containers.all(c, ${expression})`;

/** True when it is for every volume, `v`. */
export const everyVolume = (expression: string) => `variables.volumes.all(v, ${expression})`;

/** A field of the security context of a pod or container. */
export const security = (owner: string, field: string) => `${owner}.?securityContext.?${field}`;

interface Account {
    readonly namespace: string;
    readonly serviceAccount: string;
}

/** True for a pod of one of the accounts, and of none other. */
export function isOneOf<Listed extends Account>(
    accounts: readonly Listed[],
    more: (account: Listed) => readonly string[] = () => [],
): string {
    return anyOf(
        accounts.map((account) =>
            allOf([
                `request.namespace == ${quoted(account.namespace)}`,
                `variables.account == ${quoted(account.serviceAccount)}`,
                ...more(account),
            ]),
        ),
    );
}
