import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import type { PodTemplate } from "../../resources/podTemplates";
import type { Subject } from "../../resources/subject";
import type { Report } from "../../rule";
import { podRule } from "../podRule";
import { dataPods, updated } from "./precedence.samples";

/** Seconds that the API gives a pod which says nothing; what keeps data says what it needs, and no less than this. */
const usualGrace = 30;

/**
 * Where a kind says how many pods an update may take, and whether a share of all is rounded up: that decides what a share of few pods is.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */
const strategies = {
    "apps/Deployment": { path: ["strategy"], roundsUp: false },
    "apps/StatefulSet": { path: ["updateStrategy"], roundsUp: true },
    "apps/DaemonSet": { path: ["updateStrategy"], roundsUp: true },
} as const;

export const precedence = podRule({
    id: "REL-07",
    title: "Pods have a rank, an update that leaves some of them, and time to end",
    severity: "low",
    level: "mandatory",
    controls: controls({ soc2: ["A1.2"], iso27001: ["8.14", "8.32"] }),
    why: "When nodes run short the scheduler must know what may go; an update that takes all pods at once is an outage, and a database that is cut off recovers for long.",
    fix: "name a priorityClassName, let updates take fewer pods than there are, and set terminationGracePeriodSeconds of what keeps data to 30 or more",
    link: "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    samples: {
        passing: [
            { kind: "pod", set: { priorityClassName: "system-node-critical" } },
            updated("Deployment", { replicas: 1, strategy: { type: "Recreate" } }),
            updated("Deployment", { replicas: 2, strategy: { rollingUpdate: { maxUnavailable: "99%" } } }),
            updated("Deployment", { strategy: { rollingUpdate: { maxUnavailable: 1 } } }),
            updated("StatefulSet", { replicas: 3, updateStrategy: { rollingUpdate: { maxUnavailable: "50%" } } }),
            updated("DaemonSet", { updateStrategy: { rollingUpdate: { maxUnavailable: "33%" } } }),
            dataPods(30),
        ],
        failing: [
            { sample: { kind: "pod", set: { priorityClassName: null } }, problem: "priorityClassName is not set" },
            { sample: { kind: "pod", set: { priorityClassName: "" } }, problem: "priorityClassName is not set" },
            {
                sample: updated("Deployment", { replicas: 2, strategy: { type: "Recreate" } }),
                problem: "strategy.type takes all pods down at once",
            },
            {
                sample: updated("Deployment", { strategy: { rollingUpdate: { maxUnavailable: "100%" } } }),
                problem: "strategy.rollingUpdate.maxUnavailable takes all pods down at once",
            },
            {
                sample: updated("Deployment", { replicas: 3, strategy: { rollingUpdate: { maxUnavailable: 3 } } }),
                problem: "strategy.rollingUpdate.maxUnavailable takes all pods down at once",
            },
            {
                sample: updated("StatefulSet", {
                    replicas: 2,
                    updateStrategy: { rollingUpdate: { maxUnavailable: "51%" } },
                }),
                problem: "updateStrategy.rollingUpdate.maxUnavailable takes all pods down at once",
            },
            {
                sample: updated("DaemonSet", { updateStrategy: { rollingUpdate: { maxUnavailable: "100%" } } }),
                problem: "updateStrategy.rollingUpdate.maxUnavailable takes all pods down at once",
            },
            { sample: dataPods(null), problem: "terminationGracePeriodSeconds is not set for pods that keep data" },
            { sample: dataPods(5), problem: "terminationGracePeriodSeconds is below 30 for pods that keep data" },
        ],
    },
    checkPod: (template, report, { subject }) => {
        checkRank(template, report);
        checkUpdate(subject, report);
        if (keepsData(subject)) checkGrace(template, report);
    },
});

function checkRank({ complete, spec }: PodTemplate, report: Report): void {
    const priority = spec.get("priorityClassName");
    const name = priority.text();
    // A Patch that says nothing of containers says nothing of the whole pod either.
    const isPartial = !complete && !spec.get("containers").isSet;
    if ((name === absent || name === "") && !isPartial) report({ path: priority.path, problem: "is not set" });
}

function checkUpdate({ kind, object }: Subject, report: Report): void {
    const entry = Object.entries(strategies).find(([name]) => name === groupAndKind(kind))?.[1];
    if (!entry) return;
    const spec = object.get("spec");
    const replicas = spec.get("replicas").number();
    // With one pod there is nothing that an update could leave; REL-03 asks for more.
    if (replicas === undecided || replicas === 1) return;
    const strategy = spec.get(...entry.path);
    const [type, share] = [strategy.get("type"), strategy.get("rollingUpdate", "maxUnavailable")];
    const down = "takes all pods down at once";
    if (type.text() === "Recreate") report({ path: type.path, problem: down });
    if (takesAll(share, replicas === absent ? undefined : replicas, entry.roundsUp)) {
        report({ path: share.path, problem: down });
    }
}

/** @param replicas undefined where an autoscaler, or the number of nodes, decides */
function takesAll(share: Value, replicas: number | undefined, roundsUp: boolean): boolean {
    const read = share.quantity();
    if (typeof read !== "string") return false;
    const number = Number.parseFloat(read);
    if (!read.endsWith("%")) return replicas !== undefined && number >= replicas;
    if (replicas === undefined) return number >= 100;
    const pods = (number * replicas) / 100;
    return (roundsUp ? Math.ceil(pods) : Math.floor(pods)) >= replicas;
}

function keepsData({ kind, object }: Subject): boolean {
    return groupAndKind(kind) === "apps/StatefulSet" && object.get("spec", "volumeClaimTemplates").items().length > 0;
}

function checkGrace({ spec }: PodTemplate, report: Report): void {
    const grace = spec.get("terminationGracePeriodSeconds");
    const seconds = grace.number();
    if (seconds === undecided || (seconds !== absent && seconds >= usualGrace)) return;
    const state = seconds === absent ? "is not set" : `is below ${usualGrace}`;
    report({ path: grace.path, problem: `${state} for pods that keep data` });
}
