import { Record } from "@pulumi/aws/route53";
import { WebAclAssociation } from "@pulumi/aws/wafv2";
import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../../foundation/component";
import type { FirewallSettings } from "../../../settings/firewall";
import { certifiedHosts } from "../../../settings/hosts";
import type { Settings } from "../../../settings/schema";
import type { DnsZone, FrontBalancer } from "../../contract";
import type { AwsAccount } from "../account";
import type { Cluster } from "../cluster";
import type { Network } from "../network";
import type { Stores } from "../storage";
import { type BalancerMade, createBalancer, createListeners } from "./balancer";
import { createCertificate } from "./certificate";
import { createAcl } from "./webAcl";

export interface FirewallArgs {
    readonly account: AwsAccount;
    readonly edge: Settings["edge"];
    readonly firewall: FirewallSettings;
    readonly network: Network;
    readonly cluster: Cluster;
    /** Zone of the hosts. */
    readonly zone: DnsZone;
    readonly key: pulumi.Output<string>;
    readonly stores: Stores;
}

/** What stands between strangers and the gateway: names, a certificate, a load balancer, and a web ACL that judges each request. */
export class Firewall extends TarsComponent {
    readonly front: FrontBalancer;

    constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Firewall", name, opts);
        const { account, edge, network, cluster, zone, stores } = args;
        const hosts = certifiedHosts(edge);
        const certificate = createCertificate(name, { account, zone, hosts }, this);
        const { bucket } = stores.accessLogs;
        // AWS writes a trial record when it is told where, so who may write there is settled first.
        const accessLogs = pulumi.all([bucket, stores.accessLogsPolicy.id]).apply(([found]) => found);
        const { requestSeconds } = edge;
        const made = createBalancer(name, { account, network, cluster, accessLogs, requestSeconds }, this);
        const after = createGuard(name, args, made, this);
        const listeners = createListeners(name, { account, ...made, certificate, after }, this);
        createNames(name, { ...args, hosts }, made, [...listeners], this);
        this.front = { targetGroup: made.targets.arn, network: network.id };
        this.registerOutputs({ targetGroup: this.front.targetGroup });
    }
}

/** @returns what must stand before anybody is let in */
function createGuard(name: string, args: FirewallArgs, { balancer }: BalancerMade, parent: pulumi.Resource) {
    const { account } = args;
    const { arn, logging } = createAcl(name, args, parent);
    const guarded = { resourceArn: balancer.arn, webAclArn: arn };
    return [logging, new WebAclAssociation(`${name}-guard`, guarded, account.child(parent))];
}

interface Named extends Pick<FirewallArgs, "account" | "zone"> {
    readonly hosts: readonly string[];
}

/** Every host is another name of the load balancer. @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html */
function createNames(
    name: string,
    { account, zone, hosts }: Named,
    { balancer }: BalancerMade,
    after: pulumi.Resource[],
    parent: pulumi.Resource,
): void {
    const aliases = [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }];
    for (const host of hosts) {
        const args = { zoneId: zone.id, name: host, type: "A", aliases };
        new Record(`${name}-host-${host}`, args, { ...account.child(parent), dependsOn: after });
    }
}
