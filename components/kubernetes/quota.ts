import type { Demand } from "../foundation/demand";
import { formatBytes, formatMillicores } from "../foundation/quantities";

/** Ceilings of a namespace as a ResourceQuota writes them. */
export type QuotaPlan = Readonly<Record<string, string>>;

/**
 * Most nodes that a cluster may have before namespaces of what runs on every node need a larger quota: four times those of the documents' pools at
 * their largest (003), Karpenter's among them. A ceiling costs nothing; one that is too low would leave a new node out.
 */
export const mostNodes = 200;

/** What a stack may set higher than its workloads need. */
export interface QuotaRequests {
    readonly cpu: string;
    readonly memory: string;
}

/**
 * Exactly what the demand needs, except where the stack asks for more; no way around the ingress from outside, and no GPU that nobody
 * planned for.
 *
 * @param devices how many of each extended resource the namespace needs
 */
export function planQuota(
    demand: Demand,
    requests: QuotaRequests | undefined,
    devices: Readonly<Record<string, number>> = {},
): QuotaPlan {
    const counted = Object.entries({ "nvidia.com/gpu": 0, ...devices });
    return {
        ...Object.fromEntries(counted.map(([name, count]) => [`requests.${name}`, `${count}`])),
        "requests.cpu": requests?.cpu ?? formatMillicores(demand.requestedCpu),
        "requests.memory": requests?.memory ?? formatBytes(demand.requestedMemory),
        "limits.cpu": formatMillicores(demand.limitedCpu),
        "limits.memory": formatBytes(demand.limitedMemory),
        "requests.ephemeral-storage": formatBytes(demand.scratch),
        "limits.ephemeral-storage": formatBytes(demand.scratch),
        "requests.storage": formatBytes(demand.storage),
        persistentvolumeclaims: `${demand.volumes}`,
        pods: `${demand.pods}`,
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    };
}
