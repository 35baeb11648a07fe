import type { Resource } from "../../rule";
import { cloudResource } from "../../samples";

type Inputs = Readonly<Record<string, unknown>>;

const vpc = cloudResource("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, "vpc");
const ofVpc = { vpcId: [vpc.urn] };

export const services = ["ecr.api", "ecr.dkr", "s3", "sts", "logs", "kms"] as const;

export const flowLog = { ...cloudResource("aws:ec2/flowLog:FlowLog", { trafficType: "ALL" }), sources: ofVpc };

export function endpoint(service: string): Resource {
    const inputs = { serviceName: `com.amazonaws.eu-central-1.${service}` };
    return { ...cloudResource("aws:ec2/vpcEndpoint:VpcEndpoint", inputs, service), sources: ofVpc };
}

export function subnet(letter: string, inputs: Inputs = {}): Resource {
    const zone = { availabilityZone: `eu-central-1${letter}`, ...inputs };
    return { ...cloudResource("aws:ec2/subnet:Subnet", zone, letter), sources: ofVpc };
}

interface Parts {
    readonly log: Resource;
    readonly services: readonly string[];
    readonly subnets: readonly Resource[];
}

const zones = ["a", "b", "c"];
const whole: Parts = { log: flowLog, services, subnets: zones.map((letter) => subnet(letter)) };

/** A VPC with all that it needs and nodes in each of its subnets, some of it changed; the flow log is the second resource. */
export function network(changes: Partial<Parts> = {}): readonly Resource[] {
    const parts = { ...whole, ...changes };
    const nodes = cloudResource("aws:eks/nodeGroup:NodeGroup", { clusterName: "sample" });
    const sources = { subnetIds: parts.subnets.map(({ urn }) => urn) };
    return [vpc, parts.log, ...parts.subnets, ...parts.services.map(endpoint), { ...nodes, sources }];
}

export const bare = vpc;
