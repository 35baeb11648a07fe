import type { Entrance } from "../cloud/contract";
import { demandAtPeak } from "../foundation/demand";
import { type EdgeController, type EdgeSizes, edgeParts } from "../foundation/edge";
import type { Size } from "../foundation/workloads";
import { planQuota, type QuotaPlan } from "../kubernetes/quota";
import { gatewayPorts } from "./identity";

/** Ports of the gateway's Service beside those of the listeners: Istio puts that of the gateway's own health there. */
const morePorts = { istio: 1, nginx: 0 } as const satisfies Record<EdgeController, number>;

/**
 * Exactly what the edge needs with its guests, and the one load balancer of the platform, unless that stands outside of the cluster: Kubernetes
 * counts a node port for each port of it.
 */
export function planEdgeQuota(
    controller: EdgeController,
    sizes: EdgeSizes,
    guests: readonly Size[],
    { front }: Pick<Entrance, "front">,
): QuotaPlan {
    const balancers = front === undefined ? 1 : 0;
    const own = edgeParts[controller].map((part) => sizes[part]);
    const servicePorts = Object.keys(gatewayPorts).length + morePorts[controller];
    return {
        ...planQuota(demandAtPeak([...own, ...guests]), undefined),
        "services.loadbalancers": `${balancers}`,
        "services.nodeports": `${balancers * servicePorts}`,
    };
}
