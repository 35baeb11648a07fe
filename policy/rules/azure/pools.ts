import type { Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";

export const clusterKind = "azure-native:containerservice/ManagedCluster";
export const poolKind = "azure-native:containerservice/AgentPool";

/** The pools of nodes that a resource makes: those in a cluster, or the one that it is. */
export function poolsOf({ kind, object }: Subject): readonly Value[] {
    return kind.kind === "AgentPool" ? [object] : object.get("agentPoolProfiles").items();
}
