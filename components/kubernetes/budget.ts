import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type { ChildOptions } from "../foundation/component";
import type { Labels } from "../foundation/labels";
import type { Inside } from "./trafficPolicies";

export interface BudgetPlan extends Inside {
    /** Name of the object, which is that of the program. */
    readonly of: string;
    /** Fewest pods that the program has. */
    readonly pods: number;
    readonly podLabels: Labels;
}

/** Lets one pod of an operator at a time be taken from its node, where its chart says nothing of that; a pod that is alone has nothing to keep back. */
export function createOperatorBudget(name: string, plan: BudgetPlan, child: ChildOptions): void {
    const { of, pods, podLabels, namespace, labels } = plan;
    if (pods < 2) return;
    const spec = { maxUnavailable: 1, selector: { matchLabels: { ...podLabels } } };
    new PodDisruptionBudget(`${name}-budget`, { metadata: { namespace, labels, name: of }, spec }, child);
}
