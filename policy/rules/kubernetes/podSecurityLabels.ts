import { controls } from "../../controls";
import {
    podSecurityLabel as label,
    unrestrictedNamespaces as ownNamespaces,
    pinnedVersion,
} from "../../facts/namespaces";
import { absent, undecided, type Value } from "../../reading/value";
import { nameOf, type Subject } from "../../resources/subject";
import type { Context, ResourceRule, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { entriesOf, listSetting, someText } from "../listSetting";
import { shown } from "../podRule";

const levels = ["privileged", "baseline"] as const;

const isPinned = new RegExp(pinnedVersion);

function namespace(name: string, labels: Readonly<Record<string, string>>): Sample {
    return sampleOf(kubernetesResource("core/v1", "Namespace", { metadata: { name, labels } }));
}

const version = { [`${label}-version`]: "v1.32" };

export const podSecurityLabels: ResourceRule = {
    id: "NS-01",
    title: "Namespaces enforce Pod Security restricted, at a pinned version",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: ["core/Namespace"],
    controls: controls({ soc2: ["CC6.1", "CC6.8"], iso27001: ["8.9", "8.22"], cisKubernetes: ["5.2.1"] }),
    why: "The label is what stops a pod that nobody judged before; an unpinned version changes what it stops with each cluster upgrade.",
    fix: "set the labels pod-security.kubernetes.io/enforce to restricted and enforce-version to a version such as v1.32, or list the namespace under unrestricted in the pack configuration",
    link: "https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces",
    settings: {
        unrestricted: listSetting({
            description: "Namespaces whose pods cannot be restricted; without it, those of the platform",
            entry: { namespace: someText, level: { type: "string", enum: levels } },
            reason: "What its pods must do",
            optional: {
                expires: {
                    type: "string",
                    pattern: "^\\d{4}-\\d{2}-\\d{2}$",
                    description:
                        "the last day that it holds, such as 2026-12-31; without it, as long as the reason does",
                },
            },
        }),
    },
    samples: {
        passing: [
            namespace("shop", { [label]: "restricted", ...version }),
            namespace("gpu-resources", { [label]: "privileged", ...version }),
        ],
        failing: [
            { sample: namespace("shop", version), problem: `${label} is not set` },
            { sample: namespace("shop", { [label]: "baseline", ...version }), problem: `${label} is baseline` },
            { sample: namespace("shop", { [label]: "privileged", ...version }), problem: `${label} is privileged` },
            {
                sample: namespace("gpu-resources", { [label]: "baseline", ...version }),
                problem: `${label} is baseline`,
            },
            { sample: namespace("shop", { [label]: "restricted" }), problem: "is not set, which means the latest" },
            {
                sample: namespace("shop", { [label]: "restricted", [`${label}-version`]: "latest" }),
                problem: "is no pinned version",
            },
        ],
    },
    check: (subject, report, context) => {
        const labels = subject.object.get("metadata", "labels");
        const [enforce, pinned] = [labels.get(label), labels.get(`${label}-version`)];
        const level = enforce.text();
        const state = level === absent ? "is not set" : `is ${shown(String(level), /^(privileged|baseline)$/)}`;
        if (level !== undecided && level !== "restricted" && !leavesOpen(subject, enforce)) {
            if (!isUnrestricted(subject, level, context)) report({ path: enforce.path, problem: state });
        }
        const stated = pinned.text();
        if (stated === undecided || leavesOpen(subject, pinned)) return;
        if (stated === absent) report({ path: pinned.path, problem: "is not set, which means the latest" });
        else if (!isPinned.test(stated)) report({ path: pinned.path, problem: "is no pinned version" });
    },
};

/** What a Patch does not state, the namespace that it patches may. */
function leavesOpen({ kind }: Subject, value: Value): boolean {
    return kind.twin === "patch" && !value.isSet;
}

/** Whether a namespace is listed for its level. One whose name is not known may be, which is noted while one of that level is listed. */
function isUnrestricted(subject: Subject, level: unknown, { settings, exceptions }: Context): boolean {
    const valid = entriesOf(settings.unrestricted ?? ownNamespaces).filter((entry) => {
        const expires = entry.get("expires").text();
        const holds = typeof expires !== "string" || expires >= exceptions.terms.today;
        return holds && entry.get("level").text() === level;
    });
    if (valid.length === 0) return false;
    const name = nameOf(subject);
    return name === undecided || valid.some((entry) => entry.get("namespace").text() === name);
}
