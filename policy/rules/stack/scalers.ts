import { type Answer, all, any, isSame } from "../../reading/answers";
import { absent, type Read, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import { isSameNamespace } from "../../resources/namespaces";
import type { Stack } from "../../resources/stack";
import { nameOf, namespaceOf, type Subject } from "../../resources/subject";

/** What decides how many pods a workload has: a HorizontalPodAutoscaler, or KEDA's ScaledObject, which makes one. */
export interface Scaler {
    readonly subject: Subject;
    readonly target: Target;
    readonly min: Count;
    readonly max: Count;
}

/** The workload that a scaler names. */
export interface Target {
    readonly at: Value;
    /** `group/Kind`; undecided where it is not known. */
    readonly key: Read<string>;
    readonly name: Read<string>;
}

/** A number of pods, with what the API takes where it is not set. */
export interface Count {
    readonly at: Value;
    readonly least: number;
}

export const scalerKinds = ["autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"] as const;

/** Every scaler of a stack. */
export function scalersOf(stack: Stack): readonly Scaler[] {
    return stack.of(...scalerKinds).map((subject) => {
        const spec = subject.object.get("spec");
        const isKeda = subject.kind.kind === "ScaledObject";
        // https://keda.sh/docs/latest/reference/scaledobject-spec/ (0 and 100); autoscaling/v2: minReplicas is 1.
        return {
            subject,
            target: targetOf(spec.get("scaleTargetRef")),
            min: isKeda ? { at: spec.get("minReplicaCount"), least: 0 } : { at: spec.get("minReplicas"), least: 1 },
            max: isKeda ? { at: spec.get("maxReplicaCount"), least: 100 } : { at: spec.get("maxReplicas"), least: 1 },
        };
    });
}

/** The number that is set or taken; undecided where it is not known. */
export function countOf({ at, least }: Count): number | typeof undecided {
    const read = at.number();
    return read === absent ? least : read;
}

/** Whether a scaler names this workload. */
export function scales({ subject, target }: Scaler, workload: Subject): Answer {
    return all([
        isSame(target.key, groupAndKind(workload.kind)),
        isSame(target.name, nameOf(workload)),
        isSameNamespace(namespaceOf(subject), namespaceOf(workload)),
    ]);
}

/** The scalers that name a workload, or may. */
export function scalersNaming(scalers: readonly Scaler[], workload: Subject): readonly Scaler[] {
    return scalers.filter((scaler) => scales(scaler, workload) !== false);
}

/** How many pods a workload has at least and at most; undecided where that is not known. */
export interface Range {
    readonly min: number | typeof undecided;
    readonly max: number | typeof undecided;
}

export type Ranges = (workload: Subject) => Range;

/** The ranges of a stack's workloads, each found once however many ask. */
export function rangesOf(stack: Stack): Ranges {
    const scalers = scalersOf(stack);
    const known = new Map<Subject, Range>();
    return (workload) => {
        const range = known.get(workload) ?? rangeOf(workload, scalers);
        known.set(workload, range);
        return range;
    };
}

/** By its scaler where it has one, else by its own number, which is 1 where it is not set. */
function rangeOf(workload: Subject, scalers: readonly Scaler[]): Range {
    const naming = scalersNaming(scalers, workload);
    if (any(naming.map((scaler) => scales(scaler, workload))) === undecided) return { min: undecided, max: undecided };
    const [scaler] = naming;
    if (scaler) return { min: countOf(scaler.min), max: countOf(scaler.max) };
    const own = countOf({ at: workload.object.get("spec", "replicas"), least: 1 });
    return { min: own, max: own };
}

function targetOf(at: Value): Target {
    const kind = at.get("kind").text();
    const version = at.get("apiVersion").text();
    const name = at.get("name").text();
    if (kind === undecided || version === undecided) return { at, key: undecided, name };
    const group = version === absent ? "apps" : version.includes("/") ? version.split("/")[0] : "core";
    return { at, key: `${group}/${kind === absent ? "Deployment" : kind}`, name };
}
