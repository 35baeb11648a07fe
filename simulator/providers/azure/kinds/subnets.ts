import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { refuses, updates } from "../changes";
import { guidFrom, idAt, isWithin } from "../ids";
import { names } from "../names";
import { apiSources } from "../sources";
import { tokens } from "../tokens";
import { addressIssues, type Occupied, prefixesOf } from "./addresses";
import { networkPath, networkVersion } from "./network";

const subnetPath = `${networkPath}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`;

const subnet = armKind({
    path: subnetPath,
    apiVersion: networkVersion,
    name: names.network,
    references: [
        { path: "networkSecurityGroup.id", to: [tokens.securityGroup] },
        { path: "natGateway.id", to: [tokens.natGateway] },
        { path: "routeTable.id", to: [tokens.routeTable] },
    ],
    changes: [
        updates(
            apiSources.network,
            ...["addressPrefix", "addressPrefixes", "networkSecurityGroup", "natGateway", "routeTable", "delegations"],
            ...["privateEndpointNetworkPolicies", "privateLinkServiceNetworkPolicies", "serviceEndpoints"],
        ),
        // The API's own words: it "can only be set at the time of subnet creation and cannot be updated for an existing subnet".
        refuses(apiSources.network, "defaultOutboundAccess"),
    ],
    computed: ["provisioningState", "etag", "purpose"],
    outputs: ({ unique }) => ({ provisioningState: "Succeeded", etag: `W/"${guidFrom(unique, 7)}"`, purpose: "" }),
    judge: (subject) => [...subnetIssues(subject), ...regionMismatch(subject)],
});

function subnetIssues({ id, inputs, cloud }: Subject): InputIssue[] {
    const own = idAt(subnetPath, inputs);
    const network = cloud.all(tokens.virtualNetwork).find((other) => isWithin(other.id, own));
    if (network === undefined) return [];
    const siblings: Occupied[] = cloud
        .all(tokens.subnet)
        .filter((other) => isWithin(network.id, other.id) && other.id !== id)
        .map((other) => ({ id: other.id, ranges: prefixesOf(other.outputs) }));
    return addressIssues(inputs, network.outputs, siblings);
}

/** What is put on a subnet must be in the region of its network. */
function regionMismatch({ inputs, cloud }: Subject): InputIssue[] {
    const network = cloud.all(tokens.virtualNetwork).find((other) => isWithin(other.id, idAt(subnetPath, inputs)));
    const attached = ["networkSecurityGroup", "natGateway", "routeTable"].flatMap((property) =>
        textsAt(inputs, `${property}.id`).map((id) => ({ property, location: locationOf(cloud, id) })),
    );
    const region = textAt(network?.outputs, "location");
    return attached
        .filter(({ location }) => region !== undefined && location !== undefined && location !== region)
        .map(({ property, location }) => ({ property, reason: `is in ${location}, the network in ${region}` }));
}

function locationOf(cloud: CloudView, id: string): string | undefined {
    const found = cloud.find([tokens.securityGroup, tokens.natGateway, tokens.routeTable], "id", id);
    return textAt(found?.outputs, "location");
}

export const subnetKinds: Readonly<Record<string, CloudKind>> = { [tokens.subnet]: subnet };
