import { controls } from "../../controls";
import { undecided } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { privateEndpointSamples } from "./privateEndpoints.samples";
import { companionsOf, isReferenceTo, type Reference, references } from "./references";

const endpointKind = "azure-native:network/PrivateEndpoint";
const zoneGroupKind = "azure-native:network/PrivateDnsZoneGroup";
const zoneKind = "azure-native:privatedns/PrivateZone";
const linkKind = "azure-native:privatedns/VirtualNetworkLink";

/** Services that a network reaches by a private endpoint, each with the input by which it stands in the network itself instead. */
const services: Readonly<Record<string, readonly string[] | undefined>> = {
    "azure-native:keyvault/Vault": undefined,
    "azure-native:containerregistry/Registry": undefined,
    "azure-native:storage/StorageAccount": undefined,
    "azure-native:dbforpostgresql/Server": ["network", "delegatedSubnetResourceId"],
    "azure-native:redis/Redis": ["subnetId"],
    "azure-native:cosmosdb/DatabaseAccount": undefined,
    "azure-native:eventhub/Namespace": undefined,
    "azure-native:search/Service": undefined,
};

export const privateEndpoints: StackRule = {
    id: "AZ-17",
    title: "Services of Azure are reached through private endpoints that the network finds by name",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [...Object.keys(services), endpointKind, zoneGroupKind, zoneKind, linkKind],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.22"], cisAks: ["5.4.2"] }),
    why: "Without an endpoint a service is public or out of reach, and without its name in the network callers go to the public address.",
    fix: "add a PrivateEndpoint to the service, a PrivateDnsZoneGroup to the endpoint and a VirtualNetworkLink to the zone",
    link: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
    samples: privateEndpointSamples,
    check: (stack, report) => {
        const connections = connectionsOf(stack);
        for (const [kind, inNetwork] of Object.entries(services)) {
            for (const service of stack.of(kind)) {
                const stands = inNetwork !== undefined && service.object.get(...inNetwork).isSet;
                if (!stands) checkService(stack, service, { connections, report });
            }
        }
        for (const endpoint of stack.of(endpointKind)) checkName(stack, endpoint, report);
        for (const zone of stack.of(zoneKind)) checkLink(stack, zone, report);
    },
};

/** What each endpoint of the stack leads to. */
function connectionsOf(stack: Stack): readonly Reference[] {
    const properties = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];
    return stack.of(endpointKind).flatMap((from) =>
        properties.flatMap((property) => {
            const connections = from.object.get(property);
            const each = connections.items().map((item) => ({ from, property, at: item.get("privateLinkServiceId") }));
            return connections.isSet && !connections.isList ? [{ from, property, at: connections }] : each;
        }),
    );
}

interface Connections {
    readonly connections: readonly Reference[];
    readonly report: StackReport;
}

function checkService(stack: Stack, service: Subject, { connections, report }: Connections): void {
    const { found, unsure } = companionsOf(stack, service, connections);
    if (found.length > 0) return;
    const problem = unsure
        ? "may have no private endpoint: what one leads to is not known before the update"
        : "has no private endpoint";
    report(service, { path: "", problem, undecided: unsure });
}

function checkName(stack: Stack, endpoint: Subject, report: StackReport): void {
    const groups = companionsOf(stack, endpoint, references(stack, zoneGroupKind, "privateEndpointName"));
    for (const group of groups.found) checkZones(stack, group, report);
    if (groups.found.length > 0) return;
    const problem = groups.unsure
        ? "may have no PrivateDnsZoneGroup: the endpoint of one is not known before the update"
        : "has no PrivateDnsZoneGroup, so that the network does not find it";
    report(endpoint, { path: "privateEndpointName", problem, undecided: groups.unsure });
}

/** A zone of this stack is judged by itself; one of a hub is out of sight. */
function checkZones(stack: Stack, group: Subject, report: StackReport): void {
    const configs = group.object.get("privateDnsZoneConfigs");
    const items = configs.items();
    const path = configs.path;
    if (!configs.isSet || (configs.isList && items.length === 0)) report(group, { path, problem: "names no zone" });
    for (const item of items) {
        const at = item.get("privateDnsZoneId");
        const reference = { from: group, property: "privateDnsZoneConfigs", at };
        const isOwn = stack.of(zoneKind).some((zone) => isReferenceTo(stack, reference, zone) === true);
        if (isOwn || at.text() === undecided) continue;
        if (!at.isSet) report(group, { path: at.path, problem: "is not set" });
        else report(group, { path: at.path, problem: "is a zone of another stack", undecided: true });
    }
}

/** Only zones that an endpoint is named in need a network: another may be there for itself. */
function checkLink(stack: Stack, zone: Subject, report: StackReport): void {
    const named = stack.of(zoneGroupKind).flatMap((from) =>
        from.object
            .get("privateDnsZoneConfigs")
            .items()
            .map((item) => ({
                from,
                property: "privateDnsZoneConfigs",
                at: item.get("privateDnsZoneId"),
            })),
    );
    if (companionsOf(stack, zone, named).found.length === 0) return;
    const links = companionsOf(stack, zone, references(stack, linkKind, "privateZoneName"));
    for (const link of links.found) {
        const network = link.object.get("virtualNetwork", "id");
        if (!network.isSet) report(link, { path: network.path, problem: "is not set" });
    }
    if (links.found.length > 0) return;
    const problem = links.unsure
        ? "may have no VirtualNetworkLink: the zone of one is not known before the update"
        : "has no VirtualNetworkLink, so that no network asks it";
    report(zone, { path: "privateZoneName", problem, undecided: links.unsure });
}
