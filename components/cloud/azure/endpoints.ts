import { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import type { PrivateZone } from "@pulumi/azure-native/privatedns";
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

/** A service, in the word that it has for its endpoints. */
export type EndpointTarget = Target &
    (
        | { readonly service: PrivateService; readonly zone?: undefined }
        /** One that only some stacks have brings the zone of its names. */
        | { readonly service: OccasionalService; readonly zone: PrivateZone }
    );

/** Services that only some stacks have. Event Hubs calls its endpoints by what it calls itself, a namespace. */
type OccasionalService = "postgresqlServer" | "namespace";

interface Target {
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
    target: EndpointTarget,
    child: ChildOptions,
): PrivateDnsZoneGroup {
    const { service, id, words = [] } = target;
    const part = parts[service];
    const zone = target.zone ?? dns.services[target.service];
    const endpoint = new PrivateEndpoint(
        name,
        {
            ...placeOf(site),
            privateEndpointName: site.naming("networkPart", part, ...words),
            customNetworkInterfaceName: site.naming("networkPart", part, ...words, "endpoint"),
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
            privateDnsZoneConfigs: [{ name: service, privateDnsZoneId: zone.id }],
        },
        child,
    );
}

/** What services are in names, which have no capitals. */
const parts = {
    vault: "vault",
    blob: "blob",
    registry: "registry",
    postgresqlServer: "postgres",
    namespace: "kafka",
} as const satisfies Readonly<Record<EndpointTarget["service"], string>>;
