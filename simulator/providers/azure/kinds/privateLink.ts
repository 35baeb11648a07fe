import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { armKind } from "../arm";
import { replaces, updates } from "../changes";
import { isWithin } from "../ids";
import { names } from "../names";
import { apiSources, pluginSources } from "../sources";
import { tokens } from "../tokens";
import { roomIn, takenIn } from "./addresses";
import { networkPath, networkVersion, provisioned, provisionedNames, staysInRegion } from "./network";

/**
 * What each service calls its private endpoints.
 *
 * @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
const services = {
    [tokens.vault]: { groups: ["vault"], zones: ["privatelink.vaultcore.azure.net"] },
    [tokens.databaseServer]: { groups: ["postgresqlServer"], zones: ["privatelink.postgres.database.azure.com"] },
    [tokens.eventNamespace]: { groups: ["namespace"], zones: ["privatelink.servicebus.windows.net"] },
    [tokens.registry]: { groups: ["registry"], zones: ["privatelink.azurecr.io"] },
    [tokens.storageAccount]: {
        groups: ["blob", "file", "queue", "table", "dfs", "web"],
        zones: ["blob", "file", "queue", "table", "dfs", "web"].map((part) => `privatelink.${part}.core.windows.net`),
    },
    [tokens.cluster]: { groups: ["management"], zones: [] },
} as const;

const privateEndpoint = armKind({
    path: `${networkPath}/privateEndpoints/{privateEndpointName}`,
    apiVersion: networkVersion,
    name: names.network,
    required: ["subnet", "privateLinkServiceConnections"],
    references: [
        { path: "subnet.id", to: [tokens.subnet] },
        { path: "privateLinkServiceConnections.privateLinkServiceId", to: Object.keys(services), holds: false },
    ],
    changes: [replaces(pluginSources.table, "subnet"), staysInRegion, updates(apiSources.network, "tags")],
    computed: [...provisionedNames, "customDnsConfigs", "networkInterfaces"],
    outputs: (subject) => ({ ...provisioned(subject), customDnsConfigs: [], networkInterfaces: [] }),
    judge: ({ inputs, cloud }) => [...endpointIssues(inputs, cloud), ...roomIssues(inputs, cloud)],
});

function endpointIssues(inputs: Subject["inputs"], cloud: CloudView): InputIssue[] {
    const property = "privateLinkServiceConnections";
    const connections = Array.isArray(inputs[property]) ? inputs[property] : [];
    return connections.flatMap((connection) => {
        const to = textAt(connection, "privateLinkServiceId") ?? "";
        const service = Object.entries(services).find(([type]) => cloud.get(type, to) !== undefined)?.[1];
        const groups: readonly string[] = service?.groups ?? [];
        const wrong = textsAt(connection, "groupIds").filter((id) => !groups.includes(id));
        const tier = textAt(cloud.get(tokens.registry, to)?.outputs, "sku.name");
        return [
            ...wrong.map((id) => ({ property, reason: `has the group ${id}; ${to} has ${groups.join(", ")}` })),
            ...(tier === undefined || tier === "Premium"
                ? []
                : [
                      {
                          property,
                          reason: `leads to a ${tier} registry; only Premium ones have private endpoints (https://learn.microsoft.com/azure/container-registry/container-registry-private-link)`,
                      },
                  ]),
        ];
    });
}

function roomIssues(inputs: Subject["inputs"], cloud: CloudView): InputIssue[] {
    const id = textAt(inputs, "subnet.id") ?? "";
    const subnet = cloud.get(tokens.subnet, id);
    if (subnet === undefined) return [];
    const delegated = textAt(subnet.outputs, "delegations.serviceName");
    if (delegated !== undefined)
        return [{ property: "subnet", reason: `is delegated to ${delegated}: it takes nothing else` }];
    const free = roomIn(subnet.outputs) - takenIn(id, cloud);
    return free > 0 ? [] : [{ property: "subnet", reason: "has no address left" }];
}

const zoneGroup = armKind({
    path: `${networkPath}/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
    apiVersion: networkVersion,
    name: names.network,
    references: [{ path: "privateDnsZoneConfigs.privateDnsZoneId", to: [tokens.privateZone], holds: false }],
    changes: [updates(apiSources.network, "privateDnsZoneConfigs")],
    special: "untyped",
    computed: provisionedNames,
    outputs: provisioned,
    judge: zoneIssues,
});

/** A name that the service does not have would resolve to its public address. */
function zoneIssues({ inputs, cloud }: Subject): InputIssue[] {
    const endpoint = cloud
        .all(tokens.privateEndpoint)
        .find(({ outputs }) => textAt(outputs, "name") === textAt(inputs, "privateEndpointName"));
    const to = textAt(endpoint?.outputs, "privateLinkServiceConnections.privateLinkServiceId") ?? "";
    const service = Object.entries(services).find(([type]) => cloud.get(type, to) !== undefined)?.[1];
    const known: readonly string[] = service?.zones ?? [];
    return textsAt(inputs, "privateDnsZoneConfigs.privateDnsZoneId")
        .map((id) => id.split("/").at(-1) ?? "")
        .filter((zone) => known.length > 0 && !known.includes(zone))
        .map((zone) => ({
            property: "privateDnsZoneConfigs",
            reason: `has the zone ${zone}; names of ${to} are in ${known.join(", ")}`,
        }));
}

const privateZone = armKind({
    path: `${networkPath}/privateDnsZones/{privateZoneName}`,
    apiVersion: "2024-06-01",
    name: names.zone,
    required: ["location"],
    changes: [replaces(pluginSources.mutability, "location"), updates(apiSources.privateDns, "tags")],
    computed: ["provisioningState", "numberOfRecordSets"],
    outputs: () => ({ provisioningState: "Succeeded", numberOfRecordSets: 1 }),
    check: ({ location = "global" }) =>
        location === "global" ? [] : [{ property: "location", reason: "must be global" }],
});

const zoneLink = armKind({
    path: `${networkPath}/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}`,
    apiVersion: "2024-06-01",
    name: names.network,
    required: ["virtualNetwork"],
    references: [{ path: "virtualNetwork.id", to: [tokens.virtualNetwork] }],
    changes: [
        replaces(pluginSources.mutability, "location"),
        updates(apiSources.privateDns, "registrationEnabled", "resolutionPolicy", "tags"),
    ],
    computed: ["provisioningState", "virtualNetworkLinkState"],
    outputs: () => ({ provisioningState: "Succeeded", virtualNetworkLinkState: "Completed" }),
    judge: ({ id, inputs, cloud }) =>
        cloud
            .all(tokens.zoneLink)
            .filter(
                (other) =>
                    other.id !== id && textAt(other.outputs, "privateZoneName") === textAt(inputs, "privateZoneName"),
            )
            .filter((other) =>
                isWithin(textAt(other.outputs, "virtualNetwork.id") ?? "", textAt(inputs, "virtualNetwork.id") ?? ""),
            )
            .map((other) => ({ property: "virtualNetwork", reason: `is linked to the zone already, by ${other.id}` })),
});

const zone = armKind({
    path: `${networkPath}/dnsZones/{zoneName}`,
    apiVersion: "2023-07-01-preview",
    name: names.zone,
    required: ["location"],
    changes: [updates(apiSources.dns, "tags")],
    computed: ["nameServers", "numberOfRecordSets", "maxNumberOfRecordSets"],
    // Four of them, as in the API's own example.
    outputs: (_, before) => ({
        nameServers:
            before.nameServers ??
            ["com", "net", "org", "info"].map((end, index) => `ns${index + 1}-01.azure-dns.${end}.`),
        numberOfRecordSets: 2,
        maxNumberOfRecordSets: 10000,
    }),
    check: ({ location = "global" }) =>
        location === "global" ? [] : [{ property: "location", reason: "must be global" }],
});

export const privateLinkKinds: Readonly<Record<string, CloudKind>> = {
    [tokens.privateEndpoint]: privateEndpoint,
    [tokens.zoneGroup]: zoneGroup,
    [tokens.privateZone]: privateZone,
    [tokens.zoneLink]: zoneLink,
    [tokens.zone]: zone,
};
