import { LogGroup } from "@pulumi/aws/cloudwatch";
import { SecurityGroup } from "@pulumi/aws/ec2";
import { Cluster as Brokers, Configuration, Topic } from "@pulumi/aws/msk";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { physicalName } from "../../foundation/names";
import type { Environment } from "../../settings/sizing";
import type { StreamServer, StreamServerPlan } from "../contract";
import type { AwsAccount } from "./account";
import type { Cluster } from "./cluster";
import { nameRules } from "./names";
import type { Network } from "./network";
import { dataRanges } from "./plan";
import authorities from "./streamingAuthorities.json";
import { createLogin } from "./streamingLogins";
import { brokerZones, planBrokers, planProperties, scramPort, versionName } from "./streamingPlan";

export interface StreamingArgs {
    readonly account: AwsAccount;
    readonly environment: Environment;
    readonly network: Network;
    readonly cluster: Cluster;
    readonly key: pulumi.Output<string>;
    readonly plan: StreamServerPlan;
}

/**
 * Brokers of MSK, for which Amazon's roots vouch (streamingAuthorities.json): in the subnets for data, called by pods alone, over TLS and with a
 * password each. In production nobody deletes them, or a topic, before the stack file says `protection: released`.
 */
export class Streaming extends TarsComponent implements StreamServer {
    readonly bootstrap: pulumi.Output<string>;
    readonly hosts: readonly pulumi.Output<string>[];
    readonly port = scramPort;
    readonly ranges: readonly string[];
    readonly authorities = Object.values(authorities.roots).join("");
    private readonly args: StreamingArgs;
    private readonly brokers: Brokers;

    constructor(name: string, args: StreamingArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Streaming", name, opts);
        const { section } = args.account;
        this.args = args;
        this.brokers = createBrokers(name, args, this);
        createTopics(name, args, this.brokers, this);
        this.bootstrap = this.brokers.bootstrapBrokersSaslScram;
        const count = args.plan.brokersPerZone * brokerZones;
        this.hosts = Array.from({ length: count }, (_, index) =>
            this.bootstrap.apply((some) => hostOf(some, index + 1)),
        );
        this.ranges = dataRanges(section);
        this.registerOutputs({ bootstrap: this.bootstrap });
    }

    admit(user: string, password: pulumi.Output<string>, after: readonly pulumi.Resource[]): pulumi.Resource {
        const { account, key } = this.args;
        return createLogin({ account, key, brokers: this.brokers.arn, user, password, after }, this);
    }
}

/**
 * MSK names three brokers at most to begin with, and they tell of the others, whose names differ by their number alone.
 *
 * @param some such as `b-1.tars.a1b2c3.c2.kafka.eu-central-1.amazonaws.com:9096,b-2...`
 */
export function hostOf(some: string, broker: number): string {
    const [first = ""] = some.split(",");
    const [host = ""] = first.split(":");
    return host.replace(/^[^.]*/, `b-${broker}`);
}

function createBrokers(name: string, args: StreamingArgs, parent: pulumi.Resource): Brokers {
    const { account, environment, network, key, plan } = args;
    const { brokerNodeGroupInfo, ...settled } = planBrokers(account.section, environment, plan);
    const configuration = createConfiguration(name, args, parent);
    const inputs = {
        ...settled,
        brokerNodeGroupInfo: {
            ...brokerNodeGroupInfo,
            clientSubnets: network.subnets.data.slice(0, brokerZones),
            securityGroups: [createGroup(name, args, parent)],
        },
        configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
        encryptionInfo: {
            encryptionAtRestKmsKeyArn: key,
            encryptionInTransit: { clientBroker: "TLS", inCluster: true },
        },
        loggingInfo: {
            brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: createLogs(name, args, parent).name } },
        },
        tags: account.tags(settled.clusterName),
    };
    return new Brokers(name, inputs, account.kept("streaming", parent));
}

/** One is for one version, as its name is: another version has another, which is there before the brokers go over to it. */
function createConfiguration(name: string, { account, plan }: StreamingArgs, parent: pulumi.Resource): Configuration {
    const version = plan.version.replace(".", "-");
    const args = {
        name: physicalName(nameRules.streaming, account.section.name, "kafka", version),
        description: "What brokers are told of their work",
        kafkaVersions: [versionName(plan)],
        serverProperties: planProperties(plan),
    };
    return new Configuration(`${name}-configuration`, args, account.child(parent));
}

function createGroup(
    name: string,
    { account, network, cluster }: StreamingArgs,
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const child = account.child(parent);
    const physical = physicalName(nameRules.securityGroup, account.section.name, "kafka");
    const tags = account.tags(physical);
    const args = { name: physical, description: "Kafka of the platform", vpcId: network.id, tags };
    const { id } = new SecurityGroup(`${name}-group`, args, child);
    const rule = {
        securityGroupId: id,
        referencedSecurityGroupId: cluster.nodeSecurityGroup,
        description: "pods that write and read",
        ipProtocol: "tcp",
        fromPort: scramPort,
        toPort: scramPort,
        tags,
    };
    new SecurityGroupIngressRule(`${name}-from-pods`, rule, child);
    return id;
}

/** Made beforehand, as all groups of logs are. */
function createLogs(name: string, { account, key }: StreamingArgs, parent: pulumi.Resource): LogGroup {
    const { section } = account;
    const physical = `/${section.name}/kafka`;
    const args = {
        name: physical,
        retentionInDays: section.logRetentionDays,
        kmsKeyId: key,
        tags: account.tags(physical),
    };
    return new LogGroup(`${name}-log`, args, account.kept("logGroup", parent));
}

/** What is in a topic goes with it. @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html */
function createTopics(name: string, { account, plan }: StreamingArgs, brokers: Brokers, parent: pulumi.Resource): void {
    for (const [topic, { partitions, config }] of Object.entries(plan.topics)) {
        const args = {
            name: topic,
            clusterArn: brokers.arn,
            partitionCount: partitions,
            replicationFactor: brokerZones,
            configs: JSON.stringify(
                Object.fromEntries(Object.entries(config).map(([key, value]) => [key, `${value}`])),
            ),
        };
        new Topic(`${name}-topic-${topic}`, args, account.kept("streaming", parent));
    }
}
