import { nodeAgents, tokenClients } from "../facts/accounts";
import { acceptedVolumes, allowedCapability, seccompTypes } from "../facts/pods";
import { type AdmissionCheck, allOf, anyOf, list, quoted } from "./check";
import { every, everyVolume, isOneOf, pod, security } from "./podParts";

const notZero = (owner: string, field: string) => `${security(owner, field)}.orValue(1) != 0`;
const isRootAgent = isOneOf(nodeAgents.user);
const mayAdd = isOneOf(nodeAgents.capability, ({ capability }) => [`a == ${quoted(capability)}`]);
const mayMount = isOneOf(nodeAgents.path, ({ path }) => [`v.hostPath.path == ${quoted(path)}`]);

/** What containers and pods may do, in the order of the rules' numbers. */
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
            isRootAgent,
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
            isRootAgent,
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
                    `${security("c", "capabilities")}.?add.orValue([]).all(a, a == ${quoted(allowedCapability)} || ${mayAdd})`,
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
                `${security(pod, "seccompProfile")}.?type.orValue('RuntimeDefault') in ${list(seccompTypes)}`,
                every(
                    `${security("c", "seccompProfile")}.?type.orValue(${security(pod, "seccompProfile")}.?type.orValue('')) in ${list(seccompTypes)}`,
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
        expression: everyVolume(
            anyOf([...acceptedVolumes.map((type) => `has(v.${type})`), `has(v.hostPath) && ${mayMount}`]),
        ),
    },
    {
        rule: "POD-13",
        title: "Only API clients get a service account token",
        expression: anyOf([`!${pod}.?automountServiceAccountToken.orValue(true)`, isOneOf(tokenClients)]),
    },
];
