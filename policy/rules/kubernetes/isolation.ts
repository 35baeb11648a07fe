import { controls } from "../../controls";
import { absent, undecided } from "../../reading/value";
import { containersOf, type PodTemplate } from "../../resources/podTemplates";
import type { Report, Settings } from "../../rule";
import { entriesOf } from "../listSetting";
import { podRule, reportTrue, stateOf } from "../podRule";

/** The pool of the platform where the pods of several teams meet: whoever asks for no special machine is there. */
const ownSharedPools = [{ label: "node-type", value: "general" }] as const;

export const isolation = podRule({
    id: "POD-17",
    title: "Pods keep their processes, terminals and users to themselves",
    severity: "medium",
    level: "advisory",
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.22"], cisKubernetes: ["5.7.3"] }),
    why: "What containers share, one that is broken into reaches: the memory of the other's processes, an open terminal, a user that is also one of the node.",
    fix: "remove shareProcessNamespace, stdin and tty; on nodes that several teams share, set hostUsers to false",
    link: "https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/",
    settings: {
        sharedPools: {
            type: "array",
            description: "Labels of nodes that several teams share; without it, those of the platform",
            items: {
                type: "object",
                properties: { label: { type: "string", minLength: 1 }, value: { type: "string", minLength: 1 } },
                required: ["label", "value"],
            },
        },
    },
    samples: {
        passing: [
            { kind: "pod", set: { shareProcessNamespace: false } },
            { kind: "pod", set: { nodeSelector: { "node-type": "gpu" } } },
            { kind: "pod", set: { nodeSelector: { "node-type": "general" }, hostUsers: false } },
            { kind: "container", set: { stdin: false, tty: false } },
        ],
        failing: [
            { sample: { kind: "pod", set: { shareProcessNamespace: true } }, problem: "shareProcessNamespace is true" },
            { sample: { kind: "container", set: { stdin: true } }, problem: "stdin is true" },
            { sample: { kind: "container", set: { tty: true } }, problem: "tty is true" },
            {
                sample: { kind: "pod", set: { nodeSelector: { "node-type": "general" } } },
                problem: "hostUsers is not set on nodes that several teams share",
            },
            {
                sample: { kind: "pod", set: { nodeSelector: { "node-type": "general" }, hostUsers: true } },
                problem: "hostUsers is true on nodes that several teams share",
            },
        ],
    },
    checkPod: (template, report, { settings }) => {
        reportTrue([template.spec.get("shareProcessNamespace")], report);
        for (const { value } of containersOf(template)) reportTrue([value.get("stdin"), value.get("tty")], report);
        if (isOnSharedNodes(template, settings)) reportUsers(template, report);
    },
});

function reportUsers({ spec }: PodTemplate, report: Report): void {
    const hostUsers = spec.get("hostUsers");
    const read = hostUsers.boolean();
    if (read === false || read === undecided) return;
    report({ path: hostUsers.path, problem: `${stateOf(read)} on nodes that several teams share` });
}

/** By the pod's own choice of nodes; one that makes none may run anywhere, and which nodes a cluster has nobody says here. */
function isOnSharedNodes({ spec }: PodTemplate, settings: Settings): boolean {
    return pools(settings).some(({ label, value }) => {
        const chosen = typeof label === "string" ? spec.get("nodeSelector", label).text() : absent;
        return chosen !== undecided && chosen !== absent && chosen === value;
    });
}

function pools({ sharedPools = ownSharedPools }: Settings): readonly { label: unknown; value: unknown }[] {
    return entriesOf(sharedPools).map((pool) => ({ label: pool.get("label").text(), value: pool.get("value").text() }));
}
