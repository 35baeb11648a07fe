import { PrivateZone, VirtualNetworkLink } from "@pulumi/azure-native/privatedns";
import type { ChildOptions } from "../../foundation/component";
import type { EndpointPlace } from "./endpoints";

/**
 * The zone in which the network finds the endpoint of a service that only some stacks have.
 *
 * @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
export function createServiceZone(
    name: string,
    { site, network }: Pick<EndpointPlace, "site" | "network">,
    privateZoneName: string,
    child: ChildOptions,
) {
    const { group, tags } = site;
    const place = { resourceGroupName: group.name, location: "global", tags };
    const zone = new PrivateZone(`${name}-zone`, { ...place, privateZoneName }, child);
    const args = {
        ...place,
        privateZoneName: zone.name,
        virtualNetworkLinkName: site.naming("networkPart"),
        virtualNetwork: { id: network.network.id },
        registrationEnabled: false,
    };
    return { zone, link: new VirtualNetworkLink(`${name}-zone-link`, args, child) };
}
