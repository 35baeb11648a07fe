import { RecordSet } from "@pulumi/azure-native/dns";
import { type PublicIPAddress, WebApplicationFirewallPolicy } from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../../foundation/component";
import type { FirewallSettings } from "../../../settings/firewall";
import { certifiedHosts, isInZone } from "../../../settings/hosts";
import type { Settings } from "../../../settings/schema";
import { type Logs, sendLogs } from "../logs";
import type { Network } from "../network";
import { placeOf, type Site } from "../site";
import { type ReachedZone, relativeName } from "../zone";
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
    /** The public zone of its hosts; undefined where names are kept elsewhere. */
    readonly zone: ReachedZone | undefined;
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
    { edge, zone }: FirewallArgs,
    address: PublicIPAddress,
    child: ChildOptions & { readonly dependsOn: pulumi.Resource[] },
): void {
    if (zone === undefined || edge.dns.records === "manual") return;
    const { group, place, name: zoneName } = zone;
    for (const host of certifiedHosts(edge).filter((each) => isInZone(each, place.zone))) {
        const args = {
            resourceGroupName: group.name,
            zoneName,
            recordType: "A",
            relativeRecordSetName: relativeName(host, place.zone),
            ttl,
            targetResource: { id: address.id },
        };
        new RecordSet(`${name}-host-${host}`, args, child);
    }
}
