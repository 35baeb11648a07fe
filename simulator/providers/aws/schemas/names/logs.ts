import type { NamesByType } from "./types";

export const logs: NamesByType = {
    "aws:cloudwatch/logGroup:LogGroup": {
        schema: "AWS::Logs::LogGroup",
        names: { name: "LogGroupName" },
        beside: { skipDestroy: "how the provider deletes" },
    },
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
        schema: "AWS::Logs::SubscriptionFilter",
        names: { name: "FilterName", logGroup: "LogGroupName" },
    },
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": { schema: "AWS::Logs::ResourcePolicy" },
    "aws:cloudwatch/metricAlarm:MetricAlarm": { schema: "AWS::CloudWatch::Alarm", names: { name: "AlarmName" } },
    "aws:sns/topic:Topic": { schema: "AWS::SNS::Topic", names: { name: "TopicName" } },
    "aws:sns/topicPolicy:TopicPolicy": {
        schema: "AWS::SNS::TopicPolicy",
        names: { arn: "Topics/*", policy: "PolicyDocument" },
    },
    "aws:route53/zone:Zone": {
        schema: "AWS::Route53::HostedZone",
        names: { comment: "HostedZoneConfig/Comment", "vpcs/*/vpcId": "VPCs/*/VPCId", tags: "HostedZoneTags" },
        beside: { forceDestroy: "how the provider deletes" },
    },
    "aws:route53/record:Record": {
        schema: "AWS::Route53::RecordSet",
        names: {
            zoneId: "HostedZoneId",
            records: "ResourceRecords",
            "aliases/*/name": "AliasTarget/DNSName",
            "aliases/*/zoneId": "AliasTarget/HostedZoneId",
            "aliases/*/evaluateTargetHealth": "AliasTarget/EvaluateTargetHealth",
        },
        beside: { ttl: "a number, which CloudFormation has as text" },
    },
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": { schema: "AWS::Route53::DNSSEC" },
    "aws:route53/queryLog:QueryLog": {
        schema: "AWS::Route53::QueryLoggingConfig",
        names: { cloudwatchLogGroupArn: "CloudWatchLogsLogGroupArn", zoneId: "HostedZoneId" },
    },
    "aws:cloudtrail/trail:Trail": {
        schema: "AWS::CloudTrail::Trail",
        names: {
            name: "TrailName",
            kmsKeyId: "KMSKeyId",
            enableLogging: "IsLogging",
            cloudWatchLogsGroupArn: "CloudWatchLogsLogGroupArn",
        },
    },
    "aws:cfg/recorder:Recorder": {
        schema: "AWS::Config::ConfigurationRecorder",
        names: { roleArn: "RoleARN" },
    },
    "aws:cfg/deliveryChannel:DeliveryChannel": {
        schema: "AWS::Config::DeliveryChannel",
        names: {
            snapshotDeliveryProperties: "ConfigSnapshotDeliveryProperties",
            snsTopicArn: "SnsTopicARN",
        },
    },
    "aws:cfg/rule:Rule": { schema: "AWS::Config::ConfigRule", names: { name: "ConfigRuleName" } },
    "aws:guardduty/detector:Detector": { schema: "AWS::GuardDuty::Detector" },
    "aws:guardduty/detectorFeature:DetectorFeature": {
        schema: "AWS::GuardDuty::Detector",
        names: {
            detectorId: "Id",
            name: "Features/*/Name",
            status: "Features/*/Status",
            additionalConfigurations: "Features/*/AdditionalConfiguration",
        },
    },
    "aws:securityhub/account:Account": { schema: "AWS::SecurityHub::Hub" },
    "aws:securityhub/standardsSubscription:StandardsSubscription": { schema: "AWS::SecurityHub::Standard" },
    "aws:secretsmanager/secret:Secret": {
        schema: "AWS::SecretsManager::Secret",
        beside: {
            recoveryWindowInDays: "how AWS deletes, which CloudFormation does not set",
            forceOverwriteReplicaSecret: "how the provider creates",
        },
    },
    "aws:secretsmanager/secretPolicy:SecretPolicy": {
        schema: "AWS::SecretsManager::ResourcePolicy",
        names: { policy: "ResourcePolicy", secretArn: "SecretId" },
    },
};
