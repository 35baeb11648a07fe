import { Zone } from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { DnsZone, ZoneRecords } from "../contract";
import type { AwsAccount } from "./account";
import { clusterName } from "./names";
import type { AwsSettings } from "./settings";

export interface DnsArgs {
    readonly account: AwsAccount;
    /** Such as `tars.example.com`. */
    readonly zone: string;
}

/** The zone of the platform's names. The parent zone must name its servers: that is up to whoever owns it. */
export class Dns extends TarsComponent {
    readonly zone: DnsZone;

    constructor(name: string, { account, zone }: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Dns", name, opts);
        const args = { name: zone, comment: "Names of the platform", tags: account.tags(zone) };
        const { zoneId } = new Zone(`${name}-zone`, args, account.kept("dnsZone", this));
        this.zone = {
            name: zone,
            id: zoneId,
            solver: { route53: { region: account.section.region, hostedZoneID: zoneId } },
            records: recordsIn(account.section),
        };
        this.registerOutputs({ zone: this.zone });
    }
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
        owner: `${clusterName(section)}.${region}`,
        options: { "aws-zone-type": "public" },
        environment: { AWS_DEFAULT_REGION: region },
        file: undefined,
    };
}
