import { documentOf } from "../../../policy/rules/aws/policyDocument";
import type { Area, Break, Property } from "./area";

/** A value that the rule reads, and that must be right: without it the rule fails, of a wrong type it says so. */
const needed = (path: Property["path"], wrong: unknown = 1, resource = 0): Property => ({
    resource,
    path,
    wrong,
    absent: "fails",
});

/** A value that is right when it is not there. */
const optional = (path: Property["path"], wrong: unknown = 1, resource = 0): Property => ({
    resource,
    path,
    wrong,
    absent: "passes",
});

/** An ARN or id that is made in the same update: that there will be one is enough. */
const made = (path: Property["path"], resource = 0): Property => ({
    resource,
    path,
    wrong: undefined,
    absent: "fails",
    unknown: "passes: what is made in the same update is not known yet, but will be there",
});

const cluster = ["eks:index:Cluster", "eks"] as const;

/** A change of one resource of production. */
const change = ([type, name]: readonly [string, string], how: Break["change"]): Break => ({
    stack: "prod-aws",
    type,
    name,
    change: how,
});

export const aws: Area = {
    cases: {
        "AWS-01": {
            properties: [
                needed(["endpointPrivateAccess"], "true"),
                needed(["publicAccessCidrs"], "203.0.113.0/24"),
                optional(["publicAccessCidrs", 0], 7),
                optional(["endpointPublicAccess"], "true"),
            ],
        },
        "AWS-02": {
            base: 1,
            properties: [made(["encryptionConfig", "provider", "keyArn"]), needed(["encryptionConfig", "resources"])],
        },
        "AWS-03": {
            properties: [
                needed(["enabledClusterLogTypes"], "api"),
                optional(["retentionInDays"], "365", 1),
                made(["kmsKeyId"], 1),
            ],
        },
        "AWS-04": {
            properties: [
                needed(["authenticationMode"]),
                optional(["accessEntries", "breakGlass", "accessPolicies", "admin", "policyArn"]),
                optional(["accessEntries", "breakGlass", "accessPolicies", "admin", "accessScope", "type"]),
            ],
        },
        "AWS-05": {
            properties: [
                needed(["version"], 1.36),
                needed(["deletionProtection"], "true"),
                needed(["kubeProxyAddonOptions", "enabled"], "false"),
                needed(["corednsAddonOptions", "enabled"], "false"),
                optional(["useDefaultVpcCni"], "true"),
            ],
        },
        "AWS-06": {
            properties: [
                needed(["metadataOptions", "httpTokens"]),
                needed(["metadataOptions", "httpPutResponseHopLimit"], "1"),
                optional(["metadataOptions", "httpEndpoint"]),
                needed(["blockDeviceMappings"], "none"),
                needed(["blockDeviceMappings", 0, "ebs", "encrypted"], "yes"),
                made(["blockDeviceMappings", 0, "ebs", "kmsKeyId"]),
                optional(["networkInterfaces"], "eth0"),
                optional(["imageId"]),
                made(["launchTemplate"], 1),
                optional(["remoteAccess"], "ssh", 1),
            ],
        },
        "AWS-07": {
            properties: [
                optional(["assumeRolePolicy"]),
                needed(["namespace"], 1, 1),
                needed(["serviceAccount"], 1, 1),
                {
                    ...needed(["metadata", "name"], 1, 3),
                    unknown: "passes: an account that is not known yet may be the one that is named",
                    wrongType: "passes: the account's own rules say what is wrong with it",
                },
            ],
        },
        "AWS-08": {
            properties: [
                needed(["addonName"], 1, 1),
                needed(["configurationValues"], 1, 1),
                needed(["clusterName"], 1, 1),
            ],
        },
        "AWS-09": {
            properties: [
                needed(["enableKeyRotation"], "true"),
                optional(["deletionWindowInDays"], "30"),
                optional(["policy"]),
                optional(["keyUsage"]),
                optional(["customerMasterKeySpec"]),
            ],
        },
        "AWS-10": {
            properties: [
                needed(["imageTagMutability"]),
                needed(["imageScanningConfiguration", "scanOnPush"], "true"),
                needed(["encryptionConfigurations"], "KMS"),
                needed(["encryptionConfigurations", 0, "encryptionType"]),
            ],
        },
        "AWS-11": {
            properties: [
                needed(["blockPublicAcls"], "true", 1),
                needed(["policy"], 1, 2),
                needed(["rules"], "none", 3),
                made(["rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"], 3),
                needed(["versioningConfiguration", "status"], true, 4),
                needed(["bucket"], 1, 5),
                needed(["rules", 0, "status"], true, 6),
            ],
        },
        "AWS-12": {
            properties: [
                needed(["storageEncrypted"], "true"),
                optional(["publiclyAccessible"], "false"),
                needed(["multiAz"], "true"),
                needed(["backupRetentionPeriod"], "35"),
                needed(["iamDatabaseAuthenticationEnabled"], "true"),
                made(["parameterGroupName"]),
                needed(["deletionProtection"], "true"),
                optional(["engine"]),
            ],
        },
        "AWS-13": {
            properties: [
                needed(["atRestEncryptionEnabled"], 1),
                needed(["transitEncryptionEnabled"], 1),
                optional(["transitEncryptionMode"]),
                needed(["automaticFailoverEnabled"], "true"),
                needed(["multiAzEnabled"], "true"),
                made(["authToken"]),
                made(["kmsKeyId"]),
                needed(["clientAuthentication", "sasl", "iam"], "true", 1),
                optional(["encryptionInfo", "encryptionInTransit", "clientBroker"], 1, 1),
                needed(["encryptAtRest", "enabled"], "true", 2),
                needed(["nodeToNodeEncryption"], "true", 2),
                made(["encryptAtRest", "kmsKeyId"], 2),
                needed(["encrypted"], "true", 3),
            ],
        },
        "AWS-14": {
            properties: [
                needed(["description"]),
                optional(["cidrIpv4"]),
                needed(["fromPort"], "443"),
                needed(["ipProtocol"], 6),
                optional(["ingress"], 1, 1),
            ],
        },
        "AWS-15": {
            properties: [
                needed(["trafficType"], 1, 1),
                optional(["mapPublicIpOnLaunch"], "true", 2),
                needed(["availabilityZone"], 1, 2),
                needed(["serviceName"], 1, 5),
            ],
        },
        "AWS-16": {
            properties: [optional(["policy"])],
        },
        "AWS-17": {
            properties: [
                needed(["accessLogs", "enabled"], "yes"),
                needed(["internal"], "yes"),
                optional(["loadBalancerType"]),
                needed(["sslPolicy"], 1, 1),
                optional(["protocol"], 1, 1),
                needed(["defaultActions"], "redirect", 2),
            ],
        },
    },
    breaks: {
        "AWS-01": change(cluster, { kind: "set", path: ["endpointPrivateAccess"], value: false }),
        "AWS-02": change(cluster, { kind: "unset", path: ["encryptionConfigKeyArn"] }),
        "AWS-03": change(["aws:cloudwatch/logGroup:LogGroup", "logs-cluster"], {
            kind: "set",
            path: ["retentionInDays"],
            value: 90,
        }),
        "AWS-04": change(cluster, { kind: "set", path: ["authenticationMode"], value: "API_AND_CONFIG_MAP" }),
        "AWS-05": change(["aws:eks/addon:Addon", "cluster-addons-coredns"], { kind: "unset", path: ["addonVersion"] }),
        "AWS-06": change(["aws:ec2/launchTemplate:LaunchTemplate", "nodes-gpu-template"], {
            kind: "set",
            path: ["metadataOptions", "httpTokens"],
            value: "optional",
        }),
        "AWS-07": change(["aws:iam/role:Role", "backup-role"], {
            kind: "set",
            path: ["assumeRolePolicy"],
            value: documentOf({
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
            }),
        }),
        "AWS-08": change(["aws:eks/addon:Addon", "node-addons-vpc-cni"], {
            kind: "set",
            path: ["configurationValues"],
            value: "{}",
        }),
        "AWS-09": change(["aws:kms/key:Key", "keys-key"], { kind: "set", path: ["enableKeyRotation"], value: false }),
        "AWS-10": change(["aws:ecr/repository:Repository", "registry-tars-backend"], {
            kind: "unset",
            path: ["imageTagMutability"],
        }),
        "AWS-11": change(["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "stores-data-private"], {
            kind: "remove",
        }),
        "AWS-12": {
            stack: "staging",
            type: "aws:rds/instance:Instance",
            name: "postgres-server",
            change: { kind: "set", path: ["multiAz"], value: false },
        },
        "AWS-13": {
            stack: "staging",
            type: "aws:elasticache/replicationGroup:ReplicationGroup",
            name: "redis-server",
            change: { kind: "set", path: ["transitEncryptionMode"], value: "preferred" },
        },
        "AWS-14": change(["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "network-endpoints-https"], {
            kind: "set",
            path: ["cidrIpv4"],
            value: "0.0.0.0/0",
        }),
        "AWS-15": change(["aws:ec2/vpcEndpoint:VpcEndpoint", "network-sts"], { kind: "remove" }),
        "AWS-16": change(["aws:iam/role:Role", "backup-role"], { kind: "unset", path: ["permissionsBoundary"] }),
        "AWS-17": {
            stack: "staging",
            type: "aws:wafv2/webAclAssociation:WebAclAssociation",
            name: "firewall-guard",
            change: { kind: "remove" },
        },
    },
};
