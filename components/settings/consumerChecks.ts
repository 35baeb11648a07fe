import { type Consumer, ownConsumers } from "../foundation/consumers";
import type { Issues } from "../foundation/issues";
import { platformNamespaces } from "../foundation/platformNamespaces";
import { workloadNames } from "../foundation/workloads";

/** Other teams' namespaces are theirs to name; in those of the platform there is nobody but its workloads. */
export function checkConsumer(place: string, { namespace, serviceAccount }: Consumer, issues: Issues): void {
    if (!platformNamespaces.some((own) => own === namespace)) return;
    if (namespace === ownConsumers && workloadNames.some((workload) => workload === serviceAccount)) return;
    const words = `is for ${namespace}/${serviceAccount}, an unknown consumer: it is no workload of the platform`;
    issues.add(place, words, `name tars and one of ${workloadNames.join(", ")}, or a namespace of another team`);
}
