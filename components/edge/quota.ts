import { demandAtPeak } from "../foundation/demand";
import type { EdgeSizes } from "../foundation/edge";
import type { Size } from "../foundation/workloads";
import { planQuota, type QuotaPlan } from "../kubernetes/quota";
import { gatewayPorts } from "./identity";

/** The port of the gateway's own health, which Istio puts into its Service beside those of the listeners. */
const servicePorts = Object.keys(gatewayPorts).length + 1;

/**
 * Exactly what the edge needs with its guests, and the one load balancer of the platform: Kubernetes counts a node port for each port of it.
 */
export function planEdgeQuota(sizes: EdgeSizes, guests: readonly Size[]): QuotaPlan {
    return {
        ...planQuota(demandAtPeak([...Object.values(sizes), ...guests]), undefined),
        "services.loadbalancers": "1",
        "services.nodeports": `${servicePorts}`,
    };
}
