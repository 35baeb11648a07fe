import { acceptedVolumes } from "../rules/kubernetes/volumes";
import { type Allowance, ownAgents } from "../rules/nodeAgents";
import { type AdmissionCheck, allOf, anyOf, list, quoted } from "./check";

/** What the checks about pods are written with, by name; each may use those before it. */
export const podVariables: readonly { readonly name: string; readonly expression: string }[] = [
    {
        name: "pod",
        expression: [
            "object.kind == 'Pod' ? object.spec",
            "object.kind == 'PodTemplate' ? object.template.spec",
            "object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template.spec",
            "object.spec.template.spec",
        ].join(" : "),
    },
    {
        name: "containers",
        expression: ["containers", "initContainers", "ephemeralContainers"]
            .map((name) => `variables.pod.?${name}.orValue([])`)
            .join(" + "),
    },
    { name: "account", expression: "variables.pod.?serviceAccountName.orValue('default')" },
    { name: "windows", expression: "variables.pod.?os.?name.orValue('') == 'windows'" },
    { name: "ownUsers", expression: "variables.pod.?hostUsers.orValue(true) == false" },
];

const every = (expression: string) => `variables.containers.all(c, ${expression})`;
const security = (owner: string, field: string) => `${owner}.?securityContext.?${field}`;
const pod = "variables.pod";
const profiles = list(["RuntimeDefault", "Localhost"]);

/** True for a pod of an agent that is listed for what is `what`, a CEL text; for any of its listed things without. */
function isAgent(allowance: Allowance, what?: string): string {
    return anyOf(
        ownAgents(allowance).map((agent) =>
            allOf([
                `object.metadata.?namespace.orValue('') == ${quoted(String(agent.namespace))}`,
                `variables.account == ${quoted(String(agent.serviceAccount))}`,
                ...(what === undefined ? [] : [`${what} == ${quoted(String(agent.what))}`]),
            ]),
        ),
    );
}

const notZero = (owner: string, field: string) => `${security(owner, field)}.orValue(1) != 0`;

/** Rules about pods, in the order of their numbers. */
export const podChecks: readonly AdmissionCheck[] = [
    {
        rule: "POD-01",
        title: "No container is privileged",
        expression: every(`!${security("c", "privileged")}.orValue(false)`),
    },
    {
        rule: "POD-02",
        title: "No process gains more privileges than its parent",
        expression: anyOf(["variables.windows", every(`!${security("c", "allowPrivilegeEscalation")}.orValue(true)`)]),
    },
    {
        rule: "POD-03",
        title: "Containers run as another user than root",
        expression: anyOf([
            "variables.ownUsers",
            isAgent("user"),
            allOf([
                `${security(pod, "runAsNonRoot")}.orValue(true)`,
                every(`${security("c", "runAsNonRoot")}.orValue(${security(pod, "runAsNonRoot")}.orValue(false))`),
            ]),
        ]),
    },
    {
        rule: "POD-04",
        title: "Users and groups are not root's",
        expression: anyOf([
            "variables.ownUsers",
            isAgent("user"),
            allOf([
                notZero(pod, "runAsUser"),
                notZero(pod, "runAsGroup"),
                notZero(pod, "fsGroup"),
                `!(0 in ${security(pod, "supplementalGroups")}.orValue([]))`,
                every(allOf([notZero("c", "runAsUser"), notZero("c", "runAsGroup")])),
            ]),
        ]),
    },
    {
        rule: "POD-05",
        title: "Containers drop every capability",
        expression: anyOf([
            "variables.windows",
            every(
                allOf([
                    `'ALL' in ${security("c", "capabilities")}.?drop.orValue([])`,
                    `${security("c", "capabilities")}.?add.orValue([]).all(a, a == 'NET_BIND_SERVICE' || ${isAgent("capability", "a")})`,
                ]),
            ),
        ]),
    },
    {
        rule: "POD-06",
        title: "System calls are filtered",
        expression: anyOf([
            "variables.windows",
            allOf([
                `${security(pod, "seccompProfile")}.?type.orValue('RuntimeDefault') in ${profiles}`,
                every(
                    `${security("c", "seccompProfile")}.?type.orValue(${security(pod, "seccompProfile")}.?type.orValue('')) in ${profiles}`,
                ),
            ]),
        ]),
    },
    {
        rule: "POD-07",
        title: "The root file system is read-only",
        expression: anyOf(["variables.windows", every(`${security("c", "readOnlyRootFilesystem")}.orValue(false)`)]),
    },
    {
        rule: "POD-08",
        title: "Pods stay out of the node's namespaces",
        expression: allOf([
            ...["hostNetwork", "hostPID", "hostIPC"].map((name) => `!${pod}.?${name}.orValue(false)`),
            `!${security(pod, "windowsOptions")}.?hostProcess.orValue(false)`,
            every(`!${security("c", "windowsOptions")}.?hostProcess.orValue(false)`),
        ]),
    },
    {
        rule: "POD-09",
        title: "Pods mount nothing of the node",
        expression: `${pod}.?volumes.orValue([]).all(v, ${anyOf([
            ...acceptedVolumes.map((type) => `has(v.${type})`),
            `has(v.hostPath) && ${isAgent("path", "v.hostPath.path")}`,
        ])})`,
    },
];
