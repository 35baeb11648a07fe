import { LogGroup } from "@pulumi/aws/cloudwatch";
import { SecurityGroup } from "@pulumi/aws/ec2";
import { Instance, ParameterGroup, SubnetGroup } from "@pulumi/aws/rds";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { physicalName } from "../../foundation/names";
import type { Environment } from "../../settings/sizing";
import type { PostgresServer, PostgresServerPlan } from "../contract";
import type { AwsAccount } from "./account";
import type { Cluster } from "./cluster";
import authorities from "./databaseAuthorities.json";
import {
    databaseLogGroup,
    databaseLogs,
    databaseName,
    databaseParameters,
    parameterFamily,
    planDatabase,
} from "./databasePlan";
import { nameRules } from "./names";
import type { Network } from "./network";
import { dataRanges } from "./plan";

export interface DatabaseArgs {
    readonly account: AwsAccount;
    readonly environment: Environment;
    readonly network: Network;
    readonly cluster: Cluster;
    readonly key: pulumi.Output<string>;
    readonly plan: PostgresServerPlan;
}

/** The root of each region, as the clients' own package has it. Regions that are newer than the package are not in it. */
const roots: Readonly<Record<string, string>> = authorities.roots;

/**
 * A PostgreSQL server of RDS: in the subnets for data, called by pods alone, with a second machine in another zone. In production nobody
 * deletes it before the stack file says `protection: released`, and a last snapshot stays even then, with the automated backups of its days.
 */
export class Database extends TarsComponent implements PostgresServer {
    readonly host: pulumi.Output<string>;
    readonly port = 5432;
    readonly ranges: readonly string[];
    readonly authorities: string | undefined;

    constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Database", name, opts);
        const { section } = args.account;
        this.host = createInstance(name, args, this).address;
        this.ranges = dataRanges(section);
        this.authorities = roots[section.region];
        this.registerOutputs({ host: this.host });
    }
}

function createInstance(name: string, args: DatabaseArgs, parent: pulumi.Resource): Instance {
    const { account, environment, network, key, plan } = args;
    const { section, rules } = account;
    const child = account.child(parent);
    const physical = databaseName(section);
    const tags = account.tags(physical);
    const description = "Database of the platform";
    const subnets = { name: physical, description, subnetIds: [...network.subnets.data], tags };
    const inputs = {
        ...planDatabase(section, environment, plan),
        password: plan.password,
        kmsKeyId: key,
        dbSubnetGroupName: new SubnetGroup(`${name}-subnets`, subnets, child).name,
        vpcSecurityGroupIds: [createGroup(name, args, parent)],
        parameterGroupName: createParameters(name, args, parent).name,
        deletionProtection: account.isGuarded,
        skipFinalSnapshot: !rules.keepsData,
        deleteAutomatedBackups: !rules.keepsData,
        ...(rules.keepsData ? { finalSnapshotIdentifier: `${physical}-final` } : {}),
        tags,
    };
    return new Instance(name, inputs, {
        ...account.kept("database", parent),
        dependsOn: createLogs(name, args, parent),
    });
}

function createGroup(
    name: string,
    { account, network, cluster }: DatabaseArgs,
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const child = account.child(parent);
    const physical = physicalName(nameRules.securityGroup, account.section.name, "postgres");
    const tags = account.tags(physical);
    const args = { name: physical, description: "Database of the platform", vpcId: network.id, tags };
    const { id } = new SecurityGroup(`${name}-group`, args, child);
    const rule = {
        securityGroupId: id,
        referencedSecurityGroupId: cluster.nodeSecurityGroup,
        description: "queries of pods",
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        tags,
    };
    new SecurityGroupIngressRule(`${name}-from-pods`, rule, child);
    return id;
}

/** A group is for one major version: another version has another group, which is there before the old one goes. */
function createParameters(name: string, { account, plan }: DatabaseArgs, parent: pulumi.Resource): ParameterGroup {
    const family = parameterFamily(plan.version);
    const physical = physicalName(nameRules.database, account.section.name, family);
    const args = {
        name: physical,
        description: "TLS only, with a record of changes and sessions",
        family,
        parameters: databaseParameters.map((parameter) => ({ ...parameter })),
        tags: account.tags(physical),
    };
    return new ParameterGroup(`${name}-parameters`, args, account.child(parent));
}

/** Made beforehand, as all groups of logs are: one that RDS makes keeps everything for ever, under AWS's key. */
function createLogs(name: string, { account, key }: DatabaseArgs, parent: pulumi.Resource): LogGroup[] {
    const { section } = account;
    return databaseLogs.map((log) => {
        const physical = databaseLogGroup(section, log);
        const args = {
            name: physical,
            retentionInDays: section.logRetentionDays,
            kmsKeyId: key,
            tags: account.tags(physical),
        };
        return new LogGroup(`${name}-log-${log}`, args, account.kept("logGroup", parent));
    });
}
