import { Zone } from "@pulumi/azure-native/dns";
import type { VirtualNetwork } from "@pulumi/azure-native/network";
import { PrivateZone, VirtualNetworkLink } from "@pulumi/azure-native/privatedns";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { commonHosts, isInZone } from "../../settings/hosts";
import type { Settings } from "../../settings/schema";
import type { DnsZone, ZoneRecords } from "../contract";
import { keep } from "./protection";
import type { Site } from "./site";
import { leftToTrafficManager, TrafficManager } from "./trafficManager";
import { ownZone, type ReachedZone, type ZonePlace, zoneOfAnother } from "./zone";

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
    /** Its id where another stack makes it. */
    readonly publicZoneId: string | undefined;
    readonly edge: Settings["edge"];
}

/** Names of the network and, where the stack keeps them, of the platform. */
export class Dns extends TarsComponent {
    readonly services: Readonly<Record<PrivateService, PrivateZone>>;
    readonly apiServer: PrivateZone | undefined;
    readonly publicZone: Zone | undefined;
    /** The same, or that of another stack. */
    readonly reached: ReachedZone | undefined;
    readonly zone: DnsZone | undefined;

    constructor(name: string, args: DnsArgs, opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">) {
        super("cloud", "Dns", name, opts);
        const child = { parent: this, provider: opts.provider };
        const create = (service: keyof typeof privateZones) => createPrivateZone(name, service, args, child);
        this.services = { vault: create("vault"), blob: create("blob"), registry: create("registry") };
        this.apiServer = args.privateApiServer ? create("apiServer") : undefined;
        this.publicZone = createPublicZone(name, args, child);
        this.reached = reachZone(args, this.publicZone);
        this.zone = this.reached && describeZone(args, this.reached);
        if (this.reached !== undefined) createPair(name, args, this.reached, child);
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

/** A zone that another stack makes is that stack's to keep. */
function createPublicZone(
    name: string,
    { site, publicZone, publicZoneId }: DnsArgs,
    child: ChildOptions,
): Zone | undefined {
    if (publicZone === undefined || publicZoneId !== undefined) return undefined;
    const { group, tags, rules } = site;
    const args = { resourceGroupName: group.name, location: "global", tags, zoneName: publicZone };
    return new Zone(`${name}-public`, args, { ...child, ...keep("dnsZone", rules) });
}

function reachZone({ site, publicZone, publicZoneId }: DnsArgs, made: Zone | undefined): ReachedZone | undefined {
    if (publicZoneId !== undefined) return zoneOfAnother(publicZoneId);
    return publicZone === undefined || made === undefined ? undefined : ownZone(site, publicZone, made);
}

/** @see https://cert-manager.io/docs/configuration/acme/dns01/azuredns/#managed-identity-using-aad-workload-identity */
function describeZone({ site, edge }: DnsArgs, { id, place, group }: ReachedZone): DnsZone {
    const azureDNS = {
        subscriptionID: place.subscription,
        resourceGroupName: group.name,
        hostedZoneName: place.zone,
        environment: "AzurePublicCloud",
    };
    const failover = edge.failover && leftToTrafficManager;
    return { name: place.zone, id, solver: { azureDNS }, records: recordsIn(site, place), failover };
}

/** Hosts outside of the zone have their records elsewhere. */
function createPair(name: string, { site, edge }: DnsArgs, zone: ReachedZone, child: ChildOptions): void {
    const { failover } = edge;
    if (failover === undefined) return;
    const hosts = commonHosts(edge).flatMap(({ host }) => (isInZone(host, zone.place.zone) ? [host] : []));
    new TrafficManager(`${name}-traffic`, { site, zone, failover, hosts }, child);
}

/** @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/tutorials/azure.md#managed-identity-using-workload-identity */
function recordsIn({ tenant, naming, region }: Site, { subscription, group: resourceGroup }: ZonePlace): ZoneRecords {
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
