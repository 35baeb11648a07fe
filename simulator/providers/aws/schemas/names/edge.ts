import type { NamesByType } from "./types";

const attribute = "an attribute: CloudFormation has them as a list of names and values, without rules";

export const edge: NamesByType = {
    "aws:lb/loadBalancer:LoadBalancer": {
        schema: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        names: { loadBalancerType: "Type", internal: "Scheme" },
        values: { internal: { true: "internal", false: "internet-facing" } },
        beside: {
            accessLogs: attribute,
            desyncMitigationMode: attribute,
            dropInvalidHeaderFields: attribute,
            enableDeletionProtection: attribute,
            idleTimeout: attribute,
            preserveHostHeader: attribute,
            xffHeaderProcessingMode: attribute,
        },
    },
    "aws:lb/targetGroup:TargetGroup": {
        schema: "AWS::ElasticLoadBalancingV2::TargetGroup",
        names: {
            "healthCheck/protocol": "HealthCheckProtocol",
            "healthCheck/port": "HealthCheckPort",
            "healthCheck/path": "HealthCheckPath",
            "healthCheck/matcher": "Matcher/HttpCode",
            "healthCheck/interval": "HealthCheckIntervalSeconds",
            "healthCheck/timeout": "HealthCheckTimeoutSeconds",
            "healthCheck/healthyThreshold": "HealthyThresholdCount",
            "healthCheck/unhealthyThreshold": "UnhealthyThresholdCount",
        },
        beside: { deregistrationDelay: attribute },
    },
    "aws:lb/listener:Listener": {
        schema: "AWS::ElasticLoadBalancingV2::Listener",
        names: {
            certificateArn: "Certificates/*/CertificateArn",
            "defaultActions/*/redirect": "DefaultActions/*/RedirectConfig",
        },
    },
    "aws:acm/certificate:Certificate": { schema: "AWS::CertificateManager::Certificate" },
    "aws:wafv2/ipSet:IpSet": {
        schema: "AWS::WAFv2::IPSet",
        names: { ipAddressVersion: "IPAddressVersion" },
    },
    "aws:wafv2/webAcl:WebAcl": {
        schema: "AWS::WAFv2::WebACL",
        names: {
            "visibilityConfig/cloudwatchMetricsEnabled": "VisibilityConfig/CloudWatchMetricsEnabled",
            "rules/*/visibilityConfig/cloudwatchMetricsEnabled": "Rules/*/VisibilityConfig/CloudWatchMetricsEnabled",
        },
        beside: {
            "rules/*/statement/rateBasedStatement/scopeDownStatement":
                "a statement within a statement, where extract.py ends what contains itself",
        },
    },
    "aws:wafv2/webAclAssociation:WebAclAssociation": {
        schema: "AWS::WAFv2::WebACLAssociation",
        names: { webAclArn: "WebACLArn" },
    },
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": { schema: "AWS::WAFv2::LoggingConfiguration" },
};
