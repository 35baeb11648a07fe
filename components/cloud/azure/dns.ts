import { Zone } from "@pulumi/azure-native/dns";
import type { VirtualNetwork } from "@pulumi/azure-native/network";
import { PrivateZone, VirtualNetworkLink } from "@pulumi/azure-native/privatedns";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { DnsZone, ZoneRecords } from "../contract";
import { keep } from "./protection";
import type { Site } from "./site";

/**
 * Zones in which the network finds the private addresses of services, by service. A private API server in the network itself has a zone of
 * its own; when it is not private, names of it are public.
 *
 * @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 * @see https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
 */
const privateZones = {
    vault: () => "privatelink.vaultcore.azure.net",
    blob: () => "privatelink.blob.core.windows.net",
    registry: () => "privatelink.azurecr.io",
    apiServer: (region: string) => `private.${region}.azmk8s.io`,
} as const;
export type PrivateService = Exclude<keyof typeof privateZones, "apiServer">;

export interface DnsArgs {
    readonly site: Site;
    readonly network: VirtualNetwork;
    readonly privateApiServer: boolean;
    /** Name of the public zone. */
    readonly publicZone: string | undefined;
}

/** Names of the network and, where the stack keeps them, of the platform. */
export class Dns extends TarsComponent {
    readonly services: Readonly<Record<PrivateService, PrivateZone>>;
    readonly apiServer: PrivateZone | undefined;
    readonly publicZone: Zone | undefined;
    readonly zone: DnsZone | undefined;

    constructor(name: string, args: DnsArgs, opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">) {
        super("cloud", "Dns", name, opts);
        const child = { parent: this, provider: opts.provider };
        const create = (service: keyof typeof privateZones) => createPrivateZone(name, service, args, child);
        this.services = { vault: create("vault"), blob: create("blob"), registry: create("registry") };
        this.apiServer = args.privateApiServer ? create("apiServer") : undefined;
        this.publicZone = createPublicZone(name, args, child);
        this.zone = this.publicZone && describeZone(args, this.publicZone);
        this.registerOutputs({ publicZone: this.publicZone?.id });
    }
}

function createPrivateZone(
    name: string,
    service: keyof typeof privateZones,
    { site, network }: DnsArgs,
    child: ChildOptions,
): PrivateZone {
    const { group, tags, region } = site;
    const place = { resourceGroupName: group.name, location: "global", tags };
    const words = service.replace("apiServer", "api-server");
    const privateZoneName = privateZones[service](region);
    const zone = new PrivateZone(`${name}-${words}`, { ...place, privateZoneName }, child);
    new VirtualNetworkLink(
        `${name}-${words}-link`,
        {
            ...place,
            privateZoneName: zone.name,
            virtualNetworkLinkName: site.naming("networkPart"),
            virtualNetwork: { id: network.id },
            registrationEnabled: false,
        },
        child,
    );
    return zone;
}

function createPublicZone(name: string, { site, publicZone }: DnsArgs, child: ChildOptions): Zone | undefined {
    if (publicZone === undefined) return undefined;
    const { group, tags, rules } = site;
    const args = { resourceGroupName: group.name, location: "global", tags, zoneName: publicZone };
    return new Zone(`${name}-public`, args, { ...child, ...keep("dnsZone", rules) });
}

/** @see https://cert-manager.io/docs/configuration/acme/dns01/azuredns/#managed-identity-using-aad-workload-identity */
function describeZone({ site, publicZone = "" }: DnsArgs, { id }: Zone): DnsZone {
    const { subscription, group } = site;
    const azureDNS = {
        subscriptionID: subscription,
        resourceGroupName: group.name,
        hostedZoneName: publicZone,
        environment: "AzurePublicCloud",
    };
    return { name: publicZone, id, solver: { azureDNS }, records: recordsIn(site), failover: undefined };
}

/** @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/tutorials/azure.md#managed-identity-using-workload-identity */
function recordsIn({ tenant, subscription, naming, region }: Site): ZoneRecords {
    // Known before the group is, so that rules can read it at the first preview.
    const resourceGroup = naming("resourceGroup");
    const useWorkloadIdentityExtension = true;
    const file = { tenantId: tenant, subscriptionId: subscription, resourceGroup, useWorkloadIdentityExtension };
    const text = JSON.stringify(file);
    return {
        provider: "azure",
        owner: `${naming("cluster")}.${region}`,
        options: {},
        environment: {},
        file: { folder: "/etc/kubernetes", name: "azure.json", text },
    };
}
