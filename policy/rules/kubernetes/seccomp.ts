import { controls } from "../../controls";
import { seccompTypes } from "../../facts/pods";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import type { PodTemplate } from "../../resources/podTemplates";
import { containersOf, isForWindows, podTemplatesOf } from "../../resources/podTemplates";
import type { Report } from "../../rule";
import { podRule, shown } from "../podRule";

const accepted: ReadonlySet<unknown> = new Set(seccompTypes);

export const seccomp = podRule({
    id: "POD-06",
    title: "System calls are filtered",
    severity: "high",
    level: "remediate",
    controls: controls({
        soc2: ["CC6.8"],
        iso27001: ["8.9"],
        cisKubernetes: ["5.7.2"],
        nsa: ["C-0055"],
    }),
    why: "Most container escapes use a system call that no ordinary program needs and that the default filter blocks.",
    fix: "set securityContext.seccompProfile.type on the pod to RuntimeDefault, or to Localhost with an own profile",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    samples: {
        passing: [
            { kind: "pod", set: {} },
            {
                kind: "container",
                set: { securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "a.json" } } },
            },
            { kind: "pod", set: { os: { name: "windows" }, securityContext: {}, containers: [{ name: "app" }] } },
        ],
        failing: [
            {
                sample: { kind: "pod", set: { securityContext: { seccompProfile: { type: "Unconfined" } } } },
                problem: "is Unconfined",
            },
            {
                sample: { kind: "container", set: { securityContext: { seccompProfile: { type: "Unconfined" } } } },
                problem: "is Unconfined",
            },
            {
                sample: { kind: "container", set: { securityContext: { seccompProfile: {} } } },
                problem: "is not set",
            },
            {
                sample: { kind: "pod", set: { securityContext: { seccompProfile: null } } },
                problem: "is set neither here nor on the pod",
            },
        ],
    },
    checkPod: (template, report) => {
        if (isForWindows(template) !== false) return;
        const ofPod = profileOf(template.spec);
        // Whether the pod's own profile is known is noted only where a container inherits it.
        checkProfile(ofPod.quietly, report);
        for (const { value } of containersOf(template)) checkContainer(profileOf(value), ofPod, report);
    },
    remediate: (subject) => podTemplatesOf(subject).map(remediate).includes(true),
});

function profileOf(value: Value): Value {
    return value.get("securityContext", "seccompProfile");
}

/** Report a profile that is there and not accepted; gives the reading of the profile itself. */
function checkProfile(profile: Value, report: Report): Read<true> {
    const there = profile.mapping();
    if (there !== true) return there;
    const type = profile.get("type").text();
    if (type === undecided) return undecided;
    if (!accepted.has(type)) {
        const problem = type === absent ? "is not set" : `is ${shown(type, /^Unconfined$/)}`;
        report({ path: `${profile.path}.type`, problem });
    }
    return true;
}

function checkContainer(own: Value, ofPod: Value, report: Report): void {
    if (checkProfile(own, report) !== absent) return;
    const inherited = ofPod.mapping();
    if (inherited === absent) report({ path: own.path, problem: "is set neither here nor on the pod" });
    else if (inherited === true) ofPod.get("type").text();
}

/** The runtime's own filter, where neither the pod nor one of its containers says anything. */
function remediate(template: PodTemplate): boolean {
    const inherits = containersOf(template).some(({ value }) => profileOf(value).mapping() === absent);
    return (
        template.complete &&
        inherits &&
        isForWindows(template) === false &&
        template.spec.put(["securityContext", "seccompProfile"], { type: "RuntimeDefault" })
    );
}
