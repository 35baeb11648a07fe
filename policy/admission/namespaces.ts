import { namespaceLabels, pinnedVersion, podSecurityLabel, unrestrictedNamespaces } from "../facts/namespaces";
import { type AdmissionCheck, allOf, anyOf, hasForm, quoted, type Variable } from "./check";

/** What the checks about namespaces are written with. */
export const namespaceVariables: readonly Variable[] = [
    { name: "labels", expression: "object.metadata.?labels.orValue({})" },
];

const label = (key: string) => `variables.labels[?${quoted(key)}].orValue('')`;

const isListed = anyOf(
    unrestrictedNamespaces.map(({ namespace, level }) =>
        allOf([`object.metadata.name == ${quoted(namespace)}`, `${label(podSecurityLabel)} == ${quoted(level)}`]),
    ),
);

/** Rules about Namespace objects. */
export const namespaceChecks: readonly AdmissionCheck[] = [
    {
        rule: "NS-01",
        title: "Namespaces enforce Pod Security restricted, at a pinned version",
        expression: allOf([
            anyOf([`${label(podSecurityLabel)} == 'restricted'`, isListed]),
            hasForm(label(`${podSecurityLabel}-version`), pinnedVersion),
        ]),
    },
    {
        rule: "NS-07",
        title: "Namespaces say whose they are and how their data is treated",
        expression: allOf(Object.entries(namespaceLabels).map(([key, { form }]) => hasForm(label(key), form))),
    },
];
