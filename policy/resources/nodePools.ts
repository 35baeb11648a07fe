import { absent, undecided, type Value } from "../reading/value";
import { keyOf } from "./kind";
import type { Stack } from "./stack";
import type { Subject } from "./subject";

/** Nodes that a stack makes, alike by their labels, taints and machine. */
export interface NodePool {
    readonly subject: Subject;
    readonly labels: Value;
    readonly taints: readonly Taint[];
    /** Whether its machines have GPUs; undecided where the machine is not known. */
    readonly hasGpus: boolean | typeof undecided;
}

export interface Taint {
    readonly key: string;
    readonly value: string;
    /** As Kubernetes spells it: NoSchedule, NoExecute, PreferNoSchedule. */
    readonly effect: string;
}

const pools = ["aws:eks/NodeGroup", "azure-native:containerservice/AgentPool", "karpenter.sh/NodePool"] as const;

/** Machine families with GPUs: AWS's G and P (https://aws.amazon.com/ec2/instance-types/#accelerated-computing), Azure's N. */
const gpuMachines = { aws: /^(gr?|p)\d[a-z0-9-]*\./, azure: /^Standard_N[CDGV]/i } as const;

/** How AWS spells the effects of taints (EKS API, Taint). */
const effects = new Map([
    ["NO_SCHEDULE", "NoSchedule"],
    ["NO_EXECUTE", "NoExecute"],
    ["PREFER_NO_SCHEDULE", "PreferNoSchedule"],
]);

/** The node pools of a stack on either cloud; none where its cluster is somebody else's. */
export function nodePoolsOf(stack: Stack): readonly NodePool[] {
    return stack.of(...pools).map((subject) => {
        const key = keyOf(subject.kind);
        if (key === "aws:eks/NodeGroup") return ofAws(subject);
        return key === "karpenter.sh/NodePool" ? ofKarpenter(subject) : ofAzure(subject);
    });
}

/**
 * Whether a pod may go where a taint keeps others away.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export function tolerates(spec: Value, taint: Taint): boolean {
    return spec
        .get("tolerations")
        .items()
        .some((each) => {
            const [key, operator, value, effect] = ["key", "operator", "value", "effect"].map((name) =>
                each.get(name).text(),
            );
            const ofKey = key === undecided || key === taint.key || (key === absent && operator === "Exists");
            const ofEffect = [absent, undecided, "", taint.effect].includes(effect ?? absent);
            return (
                ofKey &&
                ofEffect &&
                (operator === "Exists" ||
                    operator === undecided ||
                    value === undecided ||
                    value === taint.value ||
                    (value === absent && taint.value === ""))
            );
        });
}

function ofAws(subject: Subject): NodePool {
    const { object } = subject;
    const types = object.get("instanceTypes").texts();
    return {
        subject,
        labels: object.get("labels"),
        taints: taintsIn(object.get("taints")),
        // Without instance types the launch template names the machine.
        hasGpus: types.length === 0 ? undecided : types.some((type) => gpuMachines.aws.test(type)),
    };
}

function ofAzure(subject: Subject): NodePool {
    const { object } = subject;
    const size = object.get("vmSize").text();
    const taints = object
        .get("nodeTaints")
        .texts()
        .map((text) => {
            const [, key = "", value = "", effect = ""] = /^([^=:]+)=?([^:]*):(\w+)$/.exec(text) ?? [];
            return { key, value, effect };
        });
    return {
        subject,
        labels: object.get("nodeLabels"),
        taints,
        hasGpus: typeof size === "string" ? gpuMachines.azure.test(size) : undecided,
    };
}

/** Its machines follow from requirements that are not weighed here. */
function ofKarpenter(subject: Subject): NodePool {
    const template = subject.object.get("spec", "template");
    return {
        subject,
        labels: template.get("metadata", "labels"),
        taints: taintsIn(template.get("spec", "taints")),
        hasGpus: undecided,
    };
}

function taintsIn(list: Value): readonly Taint[] {
    return list.items().map((taint) => {
        const [key, value, effect] = ["key", "value", "effect"].map((name) => {
            const text = taint.get(name).text();
            return typeof text === "string" ? text : "";
        });
        return { key: key ?? "", value: value ?? "", effect: effects.get(effect ?? "") ?? effect ?? "" };
    });
}
