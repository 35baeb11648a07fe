import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import type { PodTemplate } from "../../resources/podTemplates";
import { containersOf, hasUserNamespace } from "../../resources/podTemplates";
import type { Report } from "../../rule";
import { isNodeAgent, nodeAgentsSetting } from "../nodeAgents";
import { podRule } from "../podRule";

/** Ids below this are used by people and services of common distributions; one that escapes would be somebody on the node. */
const lowestOwnId = 10_000;

export const users = podRule({
    id: "POD-04",
    title: "Users and groups are not root's",
    severity: "medium",
    level: "mandatory",
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.2"], cisKubernetes: ["5.2.7", "5.7.3"] }),
    why: "User 0 is root; group 0 owns most of an image's files; an id that also exists on the node has that account's rights there.",
    fix: `use a user of ${lowestOwnId} or above and groups other than 0`,
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    settings: nodeAgentsSetting("user"),
    samples: {
        passing: [
            { kind: "pod", set: { securityContext: { runAsNonRoot: true } } },
            {
                kind: "pod",
                set: { securityContext: { runAsUser: 10_000, runAsGroup: 1, fsGroup: 1, supplementalGroups: [1] } },
            },
            { kind: "pod", set: { hostUsers: false, securityContext: { runAsUser: 0 } } },
        ],
        failing: [
            { sample: { kind: "pod", set: { securityContext: { runAsUser: 0 } } }, problem: "is 0" },
            { sample: { kind: "container", set: { securityContext: { runAsUser: 0 } } }, problem: "is 0" },
            { sample: { kind: "pod", set: { securityContext: { runAsUser: 999 } } }, problem: "is below 10000" },
            { sample: { kind: "pod", set: { securityContext: { runAsGroup: 0 } } }, problem: "is 0" },
            { sample: { kind: "container", set: { securityContext: { runAsGroup: 0 } } }, problem: "is 0" },
            { sample: { kind: "pod", set: { securityContext: { fsGroup: 0 } } }, problem: "is 0" },
            { sample: { kind: "pod", set: { securityContext: { supplementalGroups: [1, 0] } } }, problem: "is 0" },
            {
                sample: { kind: "pod", set: { securityContext: { supplementalGroups: [1, null] } } },
                problem: "is not set, which means 0",
            },
        ],
    },
    checkPod: (template, reportAny, context) => {
        if (hasUserNamespace(template) !== false) return;
        const report: Report = (observation) => {
            if (!isNodeAgent(template, context, { allowance: "user" })) reportAny(observation);
        };
        for (const user of places(template, "runAsUser")) checkUser(user, report);
        for (const group of groups(template)) checkId(group, report);
        for (const group of template.spec.get("securityContext", "supplementalGroups").items()) {
            // A null in a list of numbers is a 0 to Kubernetes.
            if (!group.isSet) report({ path: group.path, problem: "is not set, which means 0" });
        }
    },
});

/** A setting on the pod and on each of its containers. */
function places(template: PodTemplate, key: string): readonly Value[] {
    return [template.spec, ...containersOf(template).map(({ value }) => value)].map((value) =>
        value.get("securityContext", key),
    );
}

function groups(template: PodTemplate): readonly Value[] {
    const ofPod = template.spec.get("securityContext");
    return [...places(template, "runAsGroup"), ofPod.get("fsGroup"), ...ofPod.get("supplementalGroups").items()];
}

function checkUser(user: Value, report: Report): void {
    const id = checkId(user, report);
    if (typeof id === "number" && id > 0 && id < lowestOwnId) {
        report({ path: user.path, problem: `is below ${lowestOwnId}`, advisory: true });
    }
}

function checkId(value: Value, report: Report): ReturnType<Value["number"]> {
    const id = value.number();
    if (id === 0) report({ path: value.path, problem: "is 0" });
    return id;
}
