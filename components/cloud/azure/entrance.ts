import { everywhere, privateRanges } from "../../foundation/ranges";
import type { Exposure } from "../../settings/edge";
import type { Entrance } from "../contract";

const clients = { public: [everywhere], internal: privateRanges } as const satisfies Readonly<
    Record<Exposure, readonly string[]>
>;

/** Service tag of those who may come to the gateway, as the rules of the nodes' subnet name them. */
export const callers = { public: "Internet", internal: "VirtualNetwork" } as const satisfies Readonly<
    Record<Exposure, string>
>;

/**
 * Azure's load balancer leaves packets as they are; a node that passed one on to another node's pod would put its own address there.
 *
 * @see https://kubernetes-sigs.github.io/cloud-provider-azure/topics/loadbalancer
 */
export function entranceOf(exposure: Exposure): Entrance {
    return {
        annotations: { "service.beta.kubernetes.io/azure-load-balancer-internal": `${exposure === "internal"}` },
        externalTrafficPolicy: "Local",
        clientAddress: "preserved",
        trustedHops: 0,
        clients: clients[exposure],
        front: undefined,
    };
}
