import { HealthCheck, Zone } from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { Settings } from "../../settings/schema";
import type { DnsZone, ZoneRecords } from "../contract";
import type { AwsAccount } from "./account";
import { clusterName } from "./names";
import type { AwsSettings } from "./settings";

export interface DnsArgs {
    readonly account: AwsAccount;
    /** Such as `tars.example.com`. */
    readonly zone: string;
    /** Which of two stacks this one is; undefined where there is no other. */
    readonly failover: Failover | undefined;
}

type Failover = NonNullable<Settings["edge"]["failover"]>;

/** The zone of the platform's names. The parent zone must name its servers: that is up to whoever owns it. */
export class Dns extends TarsComponent {
    readonly zone: DnsZone;

    constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Dns", name, opts);
        const { account, zone, failover } = args;
        const { section } = account;
        const id = zoneId(name, args, this);
        this.zone = {
            name: zone,
            id,
            solver: { route53: { region: section.region, hostedZoneID: id } },
            records: recordsIn(section),
            failover: failover && checkedRecords(name, account, failover, this),
        };
        this.registerOutputs({ zone: this.zone });
    }
}

/** A zone that another stack makes is that stack's to keep. */
function zoneId(name: string, { account, zone }: DnsArgs, parent: pulumi.Resource): pulumi.Output<string> {
    const { dnsZoneId } = account.section;
    if (dnsZoneId !== undefined) return pulumi.output(dnsZoneId);
    const args = { name: zone, comment: "Names of the platform", tags: account.tags(zone) };
    return new Zone(`${name}-zone`, args, account.kept("dnsZone", parent)).zoneId;
}

/**
 * A private zone of the same name, if there is one, is somebody else's.
 *
 * @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/tutorials/aws.md
 */
function recordsIn(section: AwsSettings): ZoneRecords {
    const { region } = section;
    return {
        provider: "aws",
        owner: ownerOf(section),
        options: { "aws-zone-type": "public" },
        environment: { AWS_DEFAULT_REGION: region },
        file: undefined,
    };
}

function ownerOf(section: AwsSettings): string {
    return `${clusterName(section)}.${section.region}`;
}

/** Ways of asking for a stack's health: every 30 seconds, and three answers in a row change what is known of it. Those are AWS's own defaults. */
const asked = { requestInterval: 30, failureThreshold: 3 } as const;

/**
 * Route 53 calls the stack's own name from outside, and answers for the hosts with the primary while that answers. Each of the two has a check, so that
 * nobody is sent to a secondary that is down as well. It calls without TLS, and takes the redirect to HTTPS for an answer: the gateway speaks nothing
 * below TLS 1.3, which the checks of Route 53 are not said to speak ("must support TLS v1.0, v1.1, or v1.2"), and answers no other plain request.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html#dns-failover-types-active-passive
 * @see https://github.com/kubernetes-sigs/external-dns/blob/v0.21.0/docs/tutorials/aws.md#routing-policies
 */
function checkedRecords(name: string, account: AwsAccount, { role, name: host }: Failover, parent: pulumi.Resource) {
    const target = { type: "HTTP", fqdn: host, port: 80, resourcePath: "/health" };
    const { id } = new HealthCheck(
        `${name}-health`,
        { ...target, ...asked, tags: account.tags(host) },
        account.child(parent),
    );
    return {
        "external-dns.alpha.kubernetes.io/set-identifier": ownerOf(account.section),
        "external-dns.alpha.kubernetes.io/aws-failover": role.toUpperCase(),
        "external-dns.alpha.kubernetes.io/aws-health-check-id": id,
    };
}
