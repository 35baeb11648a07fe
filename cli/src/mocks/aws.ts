import * as pulumi from "@pulumi/pulumi";
import { field, textField } from "../../../simulator/system/files";
import type { CloudMocks } from "./cloud";

export const aws: CloudMocks = {
    computed: (type, name, inputs) => {
        if (type === "eks:index:Cluster") return clusterOutputs(inputs);
        if (!type.startsWith("aws:")) return {};
        return { arn: `[arn of ${name}]`, ...special[type], ...(type === certificate && proofsOf(inputs)) };
    },
    answer: (token) => (token === "aws:index/getCallerIdentity:getCallerIdentity" ? caller() : undefined),
};

const special: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 1 },
    "aws:lb/loadBalancer:LoadBalancer": { dnsName: "[dnsName]", zoneId: "[zoneId]" },
    "aws:route53/record:Record": { fqdn: "[fqdn]" },
    "aws:eks/nodeGroup:NodeGroup": { resources: [{ autoscalingGroups: [{ name: "[autoscalingGroup]" }] }] },
    "aws:route53/zone:Zone": { zoneId: "[zoneId]" },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        primaryEndpointAddress: "[primaryEndpointAddress].cache.amazonaws.com",
    },
    "aws:msk/cluster:Cluster": {
        bootstrapBrokersSaslScram: [1, 2, 3].map((broker) => `b-${broker}.[bootstrap].amazonaws.com:9096`).join(","),
    },
    "aws:msk/configuration:Configuration": { latestRevision: 1 },
    "aws:rds/instance:Instance": { address: "[address]" },
    "aws:sqs/queue:Queue": { url: "[url]" },
};

const certificate = "aws:acm/certificate:Certificate";

/** What AWS asks for of each name of a certificate before it issues it. */
function proofsOf(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const others: unknown = inputs.subjectAlternativeNames;
    const names: readonly unknown[] = [inputs.domainName, ...(Array.isArray(others) ? others : [])];
    const proof = {
        resourceRecordName: "[resourceRecordName]",
        resourceRecordType: "CNAME",
        resourceRecordValue: "[resourceRecordValue]",
    };
    return { domainValidationOptions: names.map((domainName) => ({ domainName, ...proof })) };
}

/** The component's plugin makes the cluster: here only the outputs are there that programs read of it. */
function clusterOutputs(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return {
        eksCluster: {
            name: textField(inputs, "name"),
            arn: "[arn]",
            endpoint: "[endpoint]",
            certificateAuthority: { data: "[certificateAuthority]" },
            identities: [{ oidcs: [{ issuer: "[issuer]" }] }],
        },
    };
}

/** Nobody is asked who calls, so nobody can be the wrong one: the caller is whom the stack file names. */
function caller(): Record<string, unknown> {
    const section = new pulumi.Config().getObject<unknown>("aws");
    const accountId = String(field(section, "account"));
    return { accountId, arn: `arn:aws:iam::${accountId}:user/render`, userId: "render", id: accountId };
}
