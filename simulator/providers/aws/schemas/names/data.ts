import type { NamesByType } from "./types";

export const data: NamesByType = {
    "aws:rds/instance:Instance": {
        schema: "AWS::RDS::DBInstance",
        names: {
            identifier: "DBInstanceIdentifier",
            instanceClass: "DBInstanceClass",
            multiAz: "MultiAZ",
            dbName: "DBName",
            username: "MasterUsername",
            password: "MasterUserPassword",
            dbSubnetGroupName: "DBSubnetGroupName",
            parameterGroupName: "DBParameterGroupName",
            vpcSecurityGroupIds: "VPCSecurityGroups",
            iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
            caCertIdentifier: "CACertificateIdentifier",
            enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
            backupWindow: "PreferredBackupWindow",
            maintenanceWindow: "PreferredMaintenanceWindow",
        },
        beside: {
            skipFinalSnapshot: "how the provider deletes",
            finalSnapshotIdentifier: "how the provider deletes",
        },
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        schema: "AWS::ElastiCache::ReplicationGroup",
        names: {
            description: "ReplicationGroupDescription",
            nodeType: "CacheNodeType",
            multiAzEnabled: "MultiAZEnabled",
            preferredCacheClusterAzs: "PreferredCacheClusterAZs",
            subnetGroupName: "CacheSubnetGroupName",
            parameterGroupName: "CacheParameterGroupName",
            maintenanceWindow: "PreferredMaintenanceWindow",
        },
        beside: {
            applyImmediately: "how the provider updates",
            authTokenUpdateStrategy: "how the provider updates",
            finalSnapshotIdentifier: "how the provider deletes",
        },
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {
        schema: "AWS::ElastiCache::SubnetGroup",
        names: { name: "CacheSubnetGroupName" },
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
        schema: "AWS::ElastiCache::ParameterGroup",
        names: { name: "CacheParameterGroupName", family: "CacheParameterGroupFamily" },
        beside: { parameters: "a map in CloudFormation, without rules" },
    },
    "aws:rds/subnetGroup:SubnetGroup": {
        schema: "AWS::RDS::DBSubnetGroup",
        names: { name: "DBSubnetGroupName", description: "DBSubnetGroupDescription" },
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        schema: "AWS::RDS::DBParameterGroup",
        names: { name: "DBParameterGroupName" },
        beside: { parameters: "a map in CloudFormation, without rules" },
    },
};
