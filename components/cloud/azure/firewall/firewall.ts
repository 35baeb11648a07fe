import { RecordSet, type Zone } from "@pulumi/azure-native/dns";
import { type PublicIPAddress, WebApplicationFirewallPolicy } from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../../foundation/component";
import type { FirewallSettings } from "../../../settings/firewall";
import { certifiedHosts, isInZone } from "../../../settings/hosts";
import type { Settings } from "../../../settings/schema";
import { type Logs, sendLogs } from "../logs";
import type { Network } from "../network";
import { placeOf, type Site } from "../site";
import { createAddress, createBalancer, edgeName } from "./balancer";
import { keptAt } from "./certificate";
import { createReader } from "./reader";
import { planPolicy } from "./rules";
import type { AzureFirewallSettings } from "./settings";

export interface FirewallArgs {
    readonly site: Site;
    readonly edge: Settings["edge"];
    /** What the firewall refuses. */
    readonly rules: FirewallSettings;
    /** What it is made with. */
    readonly firewall: AzureFirewallSettings;
    /** Fixed address of the gateway's own load balancer. */
    readonly gateway: string;
    readonly network: Network;
    readonly logs: Logs;
    /** The stack's public zone; undefined where names are kept elsewhere. */
    readonly zone: Zone | undefined;
    /** Name of that zone. */
    readonly zoneName: string | undefined;
}

/** What stands between strangers and the gateway: an address and its names, an application gateway, and a policy that judges each request. */
export class Firewall extends TarsComponent {
    /** Where callers come to. */
    readonly address: PublicIPAddress;

    constructor(
        name: string,
        args: FirewallArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Firewall", name, opts);
        const child = { parent: this, provider: opts.provider };
        const { site, logs, network } = args;
        this.address = createAddress(name, site, child);
        const { identity, right } = createReader(name, site, args.firewall.certificate, child);
        const policy = createPolicy(name, args, child);
        const companions = { address: this.address, identity: identity.id, policy: policy.id, after: [right] };
        const balancer = createBalancer(name, balancerPlan(args, network), companions, child);
        sendLogs(name, logs, { id: balancer.id, logs: [{ categoryGroup: "allLogs" }] }, child);
        createNames(name, args, this.address, { ...child, dependsOn: [balancer] });
        this.registerOutputs({ address: this.address.ipAddress });
    }
}

function createPolicy(name: string, { site, edge, rules }: FirewallArgs, child: ChildOptions) {
    const args = { ...placeOf(site), policyName: edgeName(site), ...planPolicy({ ...rules, edge }) };
    return new WebApplicationFirewallPolicy(`${name}-policy`, args, child);
}

function balancerPlan({ site, edge, firewall, gateway }: FirewallArgs, { subnets }: Network) {
    const { host, requestSeconds } = edge;
    const certificate = keptAt(firewall.certificate).url;
    return { site, subnet: subnets.gateways.id, gateway, firewall, certificate, host, requestSeconds };
}

/** Seconds that others may remember where a host is. */
const ttl = 300;

/**
 * Every host of the stack's zone is another name of the address, and follows it.
 *
 * @see https://learn.microsoft.com/azure/dns/dns-alias
 */
function createNames(
    name: string,
    { site, edge, zone, zoneName }: FirewallArgs,
    address: PublicIPAddress,
    child: ChildOptions & { readonly dependsOn: pulumi.Resource[] },
): void {
    if (zone === undefined || zoneName === undefined || edge.dns.records === "manual") return;
    for (const host of certifiedHosts(edge).filter((each) => isInZone(each, zoneName))) {
        const args = {
            resourceGroupName: site.group.name,
            zoneName: zone.name,
            recordType: "A",
            relativeRecordSetName: relativeName(host, zoneName),
            ttl,
            targetResource: { id: address.id },
        };
        new RecordSet(`${name}-host-${host}`, args, child);
    }
}

/** A host as its zone calls it: the zone's own name is an at sign. */
export function relativeName(host: string, zone: string): string {
    return host === zone ? "@" : host.slice(0, -(zone.length + 1));
}
