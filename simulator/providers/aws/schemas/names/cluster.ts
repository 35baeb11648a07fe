import type { NamesByType } from "./types";

const component = "what the component makes of it is registered by its own plugin, as a type of aws";

export const cluster: NamesByType = {
    // The component's arguments; what its plugin registers for them is aws:eks/cluster:Cluster.
    "eks:index:Cluster": {
        schema: "AWS::EKS::Cluster",
        names: {
            privateSubnetIds: "ResourcesVpcConfig/SubnetIds",
            publicSubnetIds: "ResourcesVpcConfig/SubnetIds",
            endpointPrivateAccess: "ResourcesVpcConfig/EndpointPrivateAccess",
            endpointPublicAccess: "ResourcesVpcConfig/EndpointPublicAccess",
            publicAccessCidrs: "ResourcesVpcConfig/PublicAccessCidrs",
            kubernetesServiceIpAddressRange: "KubernetesNetworkConfig/ServiceIpv4Cidr",
            authenticationMode: "AccessConfig/AuthenticationMode",
            encryptionConfigKeyArn: "EncryptionConfig/*/Provider/KeyArn",
            "enabledClusterLogTypes/*": "Logging/ClusterLogging/EnabledTypes/*/Type",
        },
        beside: {
            accessEntries: component,
            clusterSecurityGroup: component,
            corednsAddonOptions: component,
            createOidcProvider: component,
            kubeProxyAddonOptions: component,
            serviceRole: component,
            skipDefaultNodeGroup: component,
            skipDefaultSecurityGroups: component,
            useDefaultVpcCni: component,
            vpcId: "EKS takes the network from the subnets",
            vpcCniOptions: component,
        },
    },
    "aws:eks/cluster:Cluster": {
        schema: "AWS::EKS::Cluster",
        names: {
            vpcConfig: "ResourcesVpcConfig",
            encryptionConfig: "EncryptionConfig/*",
            "enabledClusterLogTypes/*": "Logging/ClusterLogging/EnabledTypes/*/Type",
            forceUpdateVersion: "Force",
        },
        beside: { defaultAddonsToRemoves: "how the provider creates" },
    },
    "aws:eks/nodeGroup:NodeGroup": {
        schema: "AWS::EKS::Nodegroup",
        names: {
            nodeGroupName: "NodegroupName",
            nodeRoleArn: "NodeRole",
            subnetIds: "Subnets",
            forceUpdateVersion: "ForceUpdateEnabled",
        },
    },
    "aws:eks/addon:Addon": {
        schema: "AWS::EKS::Addon",
        names: {
            preserve: "PreserveOnDelete",
            resolveConflictsOnCreate: "ResolveConflicts",
            resolveConflictsOnUpdate: "ResolveConflicts",
        },
    },
    "aws:eks/accessEntry:AccessEntry": { schema: "AWS::EKS::AccessEntry", names: { userName: "Username" } },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        schema: "AWS::EKS::AccessEntry",
        names: { policyArn: "AccessPolicies/*/PolicyArn", accessScope: "AccessPolicies/*/AccessScope" },
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": { schema: "AWS::EKS::PodIdentityAssociation" },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        schema: "AWS::EC2::LaunchTemplate",
        names: {
            name: "LaunchTemplateName",
            description: "VersionDescription",
            tagSpecifications: "LaunchTemplateData/TagSpecifications",
            "tagSpecifications/*/tags": "LaunchTemplateData/TagSpecifications/*/Tags",
            vpcSecurityGroupIds: "LaunchTemplateData/SecurityGroupIds",
            blockDeviceMappings: "LaunchTemplateData/BlockDeviceMappings",
            metadataOptions: "LaunchTemplateData/MetadataOptions",
            monitoring: "LaunchTemplateData/Monitoring",
            userData: "LaunchTemplateData/UserData",
            imageId: "LaunchTemplateData/ImageId",
            instanceType: "LaunchTemplateData/InstanceType",
            ebsOptimized: "LaunchTemplateData/EbsOptimized",
        },
        beside: {
            tags: "tags of the template itself, which CloudFormation has under another name: TagSpecifications",
            updateDefaultVersion: "how the provider updates",
        },
    },
    "aws:ecr/repository:Repository": {
        schema: "AWS::ECR::Repository",
        names: {
            name: "RepositoryName",
            "encryptionConfigurations/*": "EncryptionConfiguration",
            forceDelete: "EmptyOnDelete",
        },
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
        schema: "AWS::ECR::Repository",
        names: { repository: "RepositoryName", policy: "LifecyclePolicy/LifecyclePolicyText" },
    },
    "aws:ecr/repositoryPolicy:RepositoryPolicy": {
        schema: "AWS::ECR::Repository",
        names: { repository: "RepositoryName", policy: "RepositoryPolicyText" },
    },
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {
        schema: "AWS::ECR::RegistryScanningConfiguration",
    },
    "aws:ecr/registryPolicy:RegistryPolicy": {
        schema: "AWS::ECR::RegistryPolicy",
        names: { policy: "PolicyText" },
    },
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": {
        schema: "AWS::ECR::RepositoryCreationTemplate",
        names: { appliedFors: "AppliedFor", "encryptionConfigurations/*": "EncryptionConfiguration" },
    },
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": { schema: "AWS::ECR::PullThroughCacheRule" },
    "aws:sqs/queue:Queue": {
        schema: "AWS::SQS::Queue",
        names: {
            name: "QueueName",
            maxMessageSize: "MaximumMessageSize",
            messageRetentionSeconds: "MessageRetentionPeriod",
            receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
            visibilityTimeoutSeconds: "VisibilityTimeout",
        },
    },
    "aws:sqs/queuePolicy:QueuePolicy": {
        schema: "AWS::SQS::QueuePolicy",
        names: { queueUrl: "Queues/*", policy: "PolicyDocument" },
    },
    "aws:cloudwatch/eventRule:EventRule": { schema: "AWS::Events::Rule" },
    "aws:cloudwatch/eventTarget:EventTarget": {
        schema: "AWS::Events::Rule",
        names: { rule: "Name", arn: "Targets/*/Arn", targetId: "Targets/*/Id" },
    },
};
