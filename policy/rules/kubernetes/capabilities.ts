import { controls } from "../../controls";
import { allowedCapability as allowed } from "../../facts/pods";
import { absent, undecided, type Value } from "../../reading/value";
import { containersOf, isForWindows } from "../../resources/podTemplates";
import type { Report } from "../../rule";
import { isNodeAgent, nodeAgentsSetting } from "../nodeAgents";
import { podRule, shown } from "../podRule";
import { hardenContainers } from "../remediation";

/** Names of Linux capabilities, capability(7). */
const capabilityName = /^(CAP_)?[A-Z][A-Z_]{2,30}$/;

export const capabilities = podRule({
    id: "POD-05",
    title: "Containers drop every capability",
    severity: "high",
    level: "remediate",
    controls: controls({
        soc2: ["CC6.1"],
        iso27001: ["8.2", "8.18"],
        cisKubernetes: ["5.2.8", "5.2.9", "5.2.10"],
        nsa: ["C-0046"],
    }),
    why: "The capabilities a runtime gives by default (NET_RAW, SETUID, CHOWN ...) are what an attacker uses next.",
    fix: `set capabilities.drop to ["ALL"] and add nothing but ${allowed}`,
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    settings: nodeAgentsSetting("capability"),
    samples: {
        passing: [
            { kind: "container", set: {} },
            {
                kind: "container",
                set: { securityContext: { capabilities: { drop: ["KILL", "ALL"], add: [allowed] } } },
            },
            { kind: "pod", set: { os: { name: "windows" }, securityContext: {}, containers: [{ name: "app" }] } },
        ],
        failing: [
            {
                sample: { kind: "container", set: { securityContext: { capabilities: null } } },
                problem: "does not name ALL",
            },
            {
                sample: { kind: "container", set: { securityContext: { capabilities: { drop: ["NET_RAW"] } } } },
                problem: "does not name ALL",
            },
            {
                sample: { kind: "container", set: { securityContext: { capabilities: { add: ["SYS_ADMIN"] } } } },
                problem: "is SYS_ADMIN",
            },
            {
                sample: { kind: "container", set: { securityContext: { capabilities: { add: [null] } } } },
                problem: "is not set",
            },
        ],
    },
    checkPod: (template, report, context) => {
        if (isForWindows(template) !== false) return;
        const isOwn = (what: string) => isNodeAgent(template, context, { allowance: "capability", what });
        for (const { value } of containersOf(template)) {
            const capabilities = value.get("securityContext", "capabilities");
            checkDrop(capabilities.get("drop"), report);
            for (const added of capabilities.get("add").items()) checkAdded(added, isOwn, report);
        }
    },
    remediate: (subject) =>
        hardenContainers(subject, ({ value }) => value.put(["securityContext", "capabilities", "drop"], ["ALL"])),
});

function checkDrop(drop: Value, report: Report): void {
    if (drop.isSet && !drop.isList) {
        drop.items(); // Notes that it is unknown or of a wrong type.
        return;
    }
    const names = drop.items().map((item) => item.quietly.text());
    if (names.includes("ALL")) return;
    const read = drop.items().map((item) => item.text());
    if (!read.includes(undecided)) report({ path: drop.path, problem: "does not name ALL" });
}

/** @param isOwn whether the pod is listed for this capability */
function checkAdded(added: Value, isOwn: (name: string) => boolean, report: Report): void {
    const name = added.text();
    // A null in a list is an empty name to Kubernetes, and Pod Security forbids it like any other.
    if (name === absent) report({ path: added.path, problem: "is not set" });
    if (typeof name === "string" && name !== allowed && !isOwn(name)) {
        report({ path: added.path, problem: `is ${shown(name, capabilityName)}` });
    }
}
