import type { Subnet } from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "./account";
import type { SubnetPurpose } from "./plan";

/** Where a resource of the network belongs, and what its name begins with. */
export interface Site {
    readonly name: string;
    readonly account: AwsAccount;
    readonly parent: pulumi.Resource;
}

export interface PlacedSubnet {
    readonly zone: string;
    readonly subnet: Subnet;
}

export type PlacedSubnets = Readonly<Record<SubnetPurpose, readonly PlacedSubnet[]>>;
