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
