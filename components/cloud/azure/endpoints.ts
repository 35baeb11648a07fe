import { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { Dns, PrivateService } from "./dns";
import { type Network, subnetsOf } from "./network";
import { placeOf, type Site } from "./site";

/** Where private endpoints stand and are named. */
export interface EndpointPlace {
    readonly site: Site;
    readonly network: Network;
    readonly dns: Dns;
}

export interface EndpointTarget {
    readonly service: PrivateService;
    readonly id: pulumi.Input<string>;
    /** What tells it from another endpoint of the same service. @default none */
    readonly words?: readonly string[];
}

/**
 * An address of a service in the network, and its name: callers there reach the service by the same host as everywhere. It is there only
 * when its name is.
 */
export function createEndpoint(
    name: string,
    { site, network, dns }: EndpointPlace,
    { service, id, words = [] }: EndpointTarget,
    child: ChildOptions,
): PrivateDnsZoneGroup {
    const endpoint = new PrivateEndpoint(
        name,
        {
            ...placeOf(site),
            privateEndpointName: site.naming("networkPart", service, ...words),
            customNetworkInterfaceName: site.naming("networkPart", service, ...words, "endpoint"),
            subnet: { id: network.subnets.endpoints.id },
            privateLinkServiceConnections: [{ name: service, privateLinkServiceId: id, groupIds: [service] }],
        },
        // A subnet that is still being made blocks changes to its whole network, endpoints included.
        { ...child, dependsOn: subnetsOf(network.subnets) },
    );
    return new PrivateDnsZoneGroup(
        `${name}-name`,
        {
            resourceGroupName: site.group.name,
            privateEndpointName: endpoint.name,
            privateDnsZoneGroupName: "default",
            privateDnsZoneConfigs: [{ name: service, privateDnsZoneId: dns.services[service].id }],
        },
        child,
    );
}
