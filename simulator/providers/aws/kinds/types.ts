import type { CloudView, Reference } from "../../cloud/kind";
import { textAt } from "../../cloud/values";

/** Type tokens that several kinds speak of. */
export const types = {
    vpc: "aws:ec2/vpc:Vpc",
    subnet: "aws:ec2/subnet:Subnet",
    internetGateway: "aws:ec2/internetGateway:InternetGateway",
    natGateway: "aws:ec2/natGateway:NatGateway",
    eip: "aws:ec2/eip:Eip",
    routeTable: "aws:ec2/routeTable:RouteTable",
    vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
    securityGroup: "aws:ec2/securityGroup:SecurityGroup",
    defaultSecurityGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
    cluster: "aws:eks/cluster:Cluster",
    nodeGroup: "aws:eks/nodeGroup:NodeGroup",
    addon: "aws:eks/addon:Addon",
    accessEntry: "aws:eks/accessEntry:AccessEntry",
    role: "aws:iam/role:Role",
    policy: "aws:iam/policy:Policy",
    rolePolicyAttachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    key: "aws:kms/key:Key",
    logGroup: "aws:cloudwatch/logGroup:LogGroup",
    logSubscriptionFilter: "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    eventRule: "aws:cloudwatch/eventRule:EventRule",
    queue: "aws:sqs/queue:Queue",
    repository: "aws:ecr/repository:Repository",
    bucket: "aws:s3/bucket:Bucket",
    bucketVersioning: "aws:s3/bucketVersioning:BucketVersioning",
    zone: "aws:route53/zone:Zone",
    record: "aws:route53/record:Record",
    certificate: "aws:acm/certificate:Certificate",
    certificateValidation: "aws:acm/certificateValidation:CertificateValidation",
    loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
    targetGroup: "aws:lb/targetGroup:TargetGroup",
    listener: "aws:lb/listener:Listener",
    ipSet: "aws:wafv2/ipSet:IpSet",
    database: "aws:rds/instance:Instance",
    databaseSubnets: "aws:rds/subnetGroup:SubnetGroup",
    databaseParameters: "aws:rds/parameterGroup:ParameterGroup",
    cache: "aws:elasticache/replicationGroup:ReplicationGroup",
    cacheSubnets: "aws:elasticache/subnetGroup:SubnetGroup",
    cacheParameters: "aws:elasticache/parameterGroup:ParameterGroup",
    brokers: "aws:msk/cluster:Cluster",
    streamingConfiguration: "aws:msk/configuration:Configuration",
    streamingTopic: "aws:msk/topic:Topic",
    streamingLogin: "aws:msk/singleScramSecretAssociation:SingleScramSecretAssociation",
    secret: "aws:secretsmanager/secret:Secret",
    secretVersion: "aws:secretsmanager/secretVersion:SecretVersion",
    webAcl: "aws:wafv2/webAcl:WebAcl",
    webAclAssociation: "aws:wafv2/webAclAssociation:WebAclAssociation",
} as const;

/** A security group, also one that a VPC or a cluster made beside itself. */
export const securityGroups = (path: string): Reference => ({
    path,
    to: [types.securityGroup, types.defaultSecurityGroup],
    or: [
        { to: [types.vpc], by: "defaultSecurityGroupId" },
        { to: [types.cluster], by: "vpcConfig.clusterSecurityGroupId" },
    ],
});

/** A role by its ARN. IAM does not know who uses a role: it can be deleted all the same. */
export const roleArn = (path: string): Reference => ({ path, to: [types.role], by: "arn", holds: false });

/** A key by its ARN or id. A key can be scheduled for deletion whoever uses it. Keys that AWS manages are always there. */
export const keyOf = (path: string): Reference => ({
    path,
    to: [types.key],
    by: "arn",
    or: [{ to: [types.key], by: "keyId" }],
    given: /alias\/aws\//,
    holds: false,
});

/** Where a key is that is named by its ARN or its id; undefined for none, and for one of AWS's own. */
export function keyRegion(named: string | undefined, cloud: CloudView): string | undefined {
    if (named === undefined) return undefined;
    const record = cloud.find([types.key], "arn", named) ?? cloud.find([types.key], "keyId", named);
    return textAt(record?.outputs, "arn")?.split(":")[3];
}
