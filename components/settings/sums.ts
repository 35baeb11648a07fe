import { rolloutPods } from "../foundation/demand";
import type { NodeAmounts } from "../foundation/quantities";
import { type Size, type Sizes, type WorkloadName, workloadNames } from "../foundation/workloads";

/** What a pod reserves of a node. */
export function amountsOf({ requests, scratch }: Size): NodeAmounts {
    return { ...requests, storage: scratch };
}

/** The sum in full, such as `tars-backend (10 + 1) x 1 + postgres 1 x 500m`. */
export function sum(sizes: Sizes, resource: keyof NodeAmounts, names: readonly WorkloadName[] = workloadNames): string {
    const terms = names.map((name) => `${name} ${podsInWords(sizes[name])} x ${amountsOf(sizes[name])[resource]}`);
    return terms.join(" + ");
}

function podsInWords(size: Size): string {
    const more = rolloutPods(size);
    return more === 0 ? `${size.replicas.max}` : `(${size.replicas.max} + ${more})`;
}
