import type { FailingSample, Resource } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";
import { place } from "./cluster.samples";

type Mapping = Readonly<Record<string, unknown>>;

const service = cloudResource("azure-native:keyvault:Vault", { vaultName: "sample" });
const vaultId = `${place}/Microsoft.KeyVault/vaults/sample`;
const endpoint = (privateLinkServiceId: string = vaultId): Resource =>
    cloudResource("azure-native:network:PrivateEndpoint", {
        privateEndpointName: "vault",
        privateLinkServiceConnections: [{ privateLinkServiceId, groupIds: ["vault"] }],
    });
const zoneGroup = (change: Mapping = {}): Resource => {
    const privateDnsZoneId = `${place}/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`;
    const compliant = { privateEndpointName: "vault", privateDnsZoneConfigs: [{ name: "vault", privateDnsZoneId }] };
    return cloudResource("azure-native:network:PrivateDnsZoneGroup", merge(compliant, change));
};
const zone = cloudResource("azure-native:privatedns:PrivateZone", {
    privateZoneName: "privatelink.vaultcore.azure.net",
});
const link = (change: Mapping = {}): Resource =>
    cloudResource(
        "azure-native:privatedns:VirtualNetworkLink",
        merge({ privateZoneName: "privatelink.vaultcore.azure.net", virtualNetwork: { id: "sample" } }, change),
    );
const postgres = (network: Mapping): Resource =>
    cloudResource("azure-native:dbforpostgresql:Server", { serverName: "sample", network });

const failing: readonly FailingSample[] = [
    { sample: sampleOf(service), problem: "has no private endpoint" },
    {
        sample: sampleOf(service, endpoint(`${place}/Microsoft.KeyVault/vaults/another`), zoneGroup(), zone, link()),
        problem: "has no private endpoint",
    },
    { sample: sampleOf(postgres({ publicNetworkAccess: "Disabled" })), problem: "has no private endpoint" },
    {
        sample: sampleOf(service, endpoint(), zone, link()),
        problem: "has no PrivateDnsZoneGroup, so that the network does not find it",
    },
    {
        sample: sampleOf(service, endpoint(), zoneGroup({ privateDnsZoneConfigs: [] }), zone, link()),
        problem: "privateDnsZoneConfigs names no zone",
    },
    {
        sample: sampleOf(service, endpoint(), zoneGroup(), zone),
        problem: "has no VirtualNetworkLink, so that no network asks it",
    },
    {
        sample: sampleOf(service, endpoint(), zoneGroup(), zone, link({ virtualNetwork: null })),
        problem: "virtualNetwork.id is not set",
    },
];

export const privateEndpointSamples = {
    passing: [
        sampleOf(service, endpoint(), zoneGroup(), zone, link()),
        sampleOf(postgres({ delegatedSubnetResourceId: "sample" })),
        sampleOf(zone),
    ],
    failing,
} as const;
