import { everywhere, privateRanges } from "../../foundation/ranges";
import type { Exposure } from "../../settings/edge";
import type { Entrance } from "../contract";
import { gatewayAddress, plannedSubnets, rangeIn, subnetNames } from "./plan";
import type { AzureSettings } from "./settings";

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

/**
 * Behind an application gateway, the gateway's own load balancer is internal and at an address that is known beforehand, in a subnet that
 * nothing else takes addresses of. Only the subnet of application gateways calls it, and nobody else: no pod gets around the firewall.
 * The application gateway adds who called it to X-Forwarded-For, at the right end; what stands left of that the caller wrote.
 *
 * @see https://kubernetes-sigs.github.io/cloud-provider-azure/topics/loadbalancer
 */
export function entranceBehind(section: AzureSettings): Entrance {
    const annotations = {
        internal: "true",
        "internal-subnet": subnetNames.balancers,
        ipv4: gatewayAddress(section),
    };
    return {
        ...entranceOf("internal"),
        annotations: Object.fromEntries(
            Object.entries(annotations).map(([key, value]) => [
                `service.beta.kubernetes.io/azure-load-balancer-${key}`,
                value,
            ]),
        ),
        trustedHops: 1,
        clients: [rangeIn(plannedSubnets(section), "gateways")],
    };
}
