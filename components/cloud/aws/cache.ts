import { SecurityGroup } from "@pulumi/aws/ec2";
import { ParameterGroup, ReplicationGroup, SubnetGroup } from "@pulumi/aws/elasticache";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { physicalName } from "../../foundation/names";
import type { Environment } from "../../settings/sizing";
import type { CacheServer, CacheServerPlan } from "../contract";
import type { AwsAccount } from "./account";
import { cacheName, planCache, planParameters } from "./cachePlan";
import type { Cluster } from "./cluster";
import { nameRules } from "./names";
import type { Network } from "./network";
import { dataRanges } from "./plan";

export interface CacheArgs {
    readonly account: AwsAccount;
    readonly environment: Environment;
    readonly network: Network;
    readonly cluster: Cluster;
    readonly key: pulumi.Output<string>;
    readonly plan: CacheServerPlan;
}

/**
 * A replication group of ElastiCache: in the subnets for data, called by pods alone, over TLS and with a password. In production nobody deletes
 * it before the stack file says `protection: released`, and where entries are kept at all a last snapshot stays even then.
 */
export class Cache extends TarsComponent implements CacheServer {
    readonly host: pulumi.Output<string>;
    readonly port = 6379;
    readonly ranges: readonly string[];

    constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Cache", name, opts);
        this.host = createReplicationGroup(name, args, this).primaryEndpointAddress;
        this.ranges = dataRanges(args.account.section);
        this.registerOutputs({ host: this.host });
    }
}

function createReplicationGroup(name: string, args: CacheArgs, parent: pulumi.Resource): ReplicationGroup {
    const { account, environment, network, key, plan } = args;
    const { section, rules } = account;
    const child = account.child(parent);
    const physical = cacheName(section);
    const tags = account.tags(physical);
    const subnets = { name: physical, description, subnetIds: [...network.subnets.data], tags };
    const keepsLast = rules.keepsData && plan.snapshotDays !== undefined;
    const inputs = {
        ...planCache(section, environment, plan),
        authToken: plan.password,
        kmsKeyId: key,
        subnetGroupName: new SubnetGroup(`${name}-subnets`, subnets, child).name,
        securityGroupIds: [createGroup(name, args, parent)],
        parameterGroupName: createParameters(name, args, parent).name,
        ...(keepsLast ? { finalSnapshotIdentifier: `${physical}-final` } : {}),
        tags,
    };
    return new ReplicationGroup(name, inputs, account.kept("cache", parent));
}

const description = "Cache of the platform";

function createGroup(
    name: string,
    { account, network, cluster }: CacheArgs,
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const child = account.child(parent);
    const physical = physicalName(nameRules.securityGroup, account.section.name, "redis");
    const tags = account.tags(physical);
    const { id } = new SecurityGroup(`${name}-group`, { name: physical, description, vpcId: network.id, tags }, child);
    const rule = {
        securityGroupId: id,
        referencedSecurityGroupId: cluster.nodeSecurityGroup,
        description: "commands of pods",
        ipProtocol: "tcp",
        fromPort: 6379,
        toPort: 6379,
        tags,
    };
    new SecurityGroupIngressRule(`${name}-from-pods`, rule, child);
    return id;
}

/** A group is for one major version: another version has another group, which is there before the old one goes. */
function createParameters(name: string, { account, plan }: CacheArgs, parent: pulumi.Resource): ParameterGroup {
    const { family, parameters } = planParameters(plan);
    const physical = physicalName(nameRules.cacheParameters, account.section.name, "redis", family);
    const words = "What makes room when memory is full";
    const args = { name: physical, description: words, family, parameters, tags: account.tags(physical) };
    return new ParameterGroup(`${name}-parameters`, args, account.child(parent));
}
