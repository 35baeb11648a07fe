import { looksAt } from "./resources/dispatch";
import { everyPodTemplate } from "./resources/podTemplates";
import { quietStack, type StackIndex } from "./resources/stack";
import type { Rule } from "./rule";

/** What a rule had to judge. */
export interface Coverage {
    readonly rule: string;
    /** Objects of the kinds that the rule looks at; of a rule about pods, those that hold some. */
    readonly checked: number;
    /** Why it judged none. */
    readonly notApplicable?: string;
    /** The part of the plan that builds what the rule waits for. */
    readonly pendingPart?: number;
}

/** How many objects of a stack, or of files, a rule looks at. A custom resource may hold pods; only where it does is it counted. */
export function checkedBy(index: StackIndex): (rule: Rule) => number {
    const stack = quietStack(index.resources);
    const workloads = new Set(stack.workloads);
    const seen = stack.all.map((subject) => ({ kind: subject.kind, holdsPods: workloads.has(subject) }));
    return ({ kinds }) => {
        const others = { kinds: kinds.filter((kind) => kind !== everyPodTemplate) };
        const pods = others.kinds.length < kinds.length;
        return seen.filter(({ kind, holdsPods }) => (pods && holdsPods) || looksAt(others, kind)).length;
    };
}
