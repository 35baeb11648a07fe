import type { NamesByType } from "./types";

const securityGroupRules = (direction: "ingress" | "egress", group: string, other: string) => ({
    [direction]: group,
    [`${direction}/*/cidrBlocks/*`]: `${group}/*/CidrIp`,
    [`${direction}/*/ipv6CidrBlocks/*`]: `${group}/*/CidrIpv6`,
    [`${direction}/*/prefixListIds/*`]: `${group}/*/${other}PrefixListId`,
    [`${direction}/*/securityGroups/*`]: `${group}/*/${other}SecurityGroupId`,
    [`${direction}/*/protocol`]: `${group}/*/IpProtocol`,
});

const securityGroup = {
    schema: "AWS::EC2::SecurityGroup",
    names: {
        name: "GroupName",
        description: "GroupDescription",
        ...securityGroupRules("ingress", "SecurityGroupIngress", "Source"),
        ...securityGroupRules("egress", "SecurityGroupEgress", "Destination"),
    },
    beside: {
        revokeRulesOnDelete: "how the provider deletes",
        "ingress/*/self": "CloudFormation names the group itself as the source",
        "egress/*/self": "CloudFormation names the group itself as the destination",
    },
} as const;

const aclRules = (direction: string) => ({
    [`${direction}/*/cidrBlock`]: "CidrBlock",
    [`${direction}/*/ipv6CidrBlock`]: "Ipv6CidrBlock",
    [`${direction}/*/action`]: "RuleAction",
    [`${direction}/*/ruleNo`]: "RuleNumber",
    [`${direction}/*/protocol`]: "Protocol",
    [`${direction}/*/fromPort`]: "PortRange/From",
    [`${direction}/*/toPort`]: "PortRange/To",
});

/** @see https://www.iana.org/assignments/protocol-numbers */
const protocols = { tcp: 6, udp: 17, icmp: 1 } as const;

/** The rules stand inside the list; CloudFormation has each as a resource of its own. */
const ruledAcl = {
    schema: "AWS::EC2::NetworkAclEntry",
    names: { ...aclRules("ingress"), ...aclRules("egress") },
    values: { "ingress/*/protocol": protocols, "egress/*/protocol": protocols },
    beside: {
        vpcId: "a property of AWS::EC2::NetworkAcl, without rules",
        defaultNetworkAclId: "a list that AWS made, which CloudFormation cannot adopt",
        subnetIds: "AWS::EC2::SubnetNetworkAclAssociation, without rules",
        tags: "tags of AWS::EC2::NetworkAcl, without rules",
    },
} as const;

export const network: NamesByType = {
    "aws:ec2/vpc:Vpc": {
        schema: "AWS::EC2::VPC",
        beside: { enableNetworkAddressUsageMetrics: "an attribute that CloudFormation does not set" },
    },
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": { schema: "AWS::EC2::VPCCidrBlock" },
    "aws:ec2/subnet:Subnet": {
        schema: "AWS::EC2::Subnet",
        names: {
            privateDnsHostnameTypeOnLaunch: "PrivateDnsNameOptionsOnLaunch/HostnameType",
            enableResourceNameDnsARecordOnLaunch: "PrivateDnsNameOptionsOnLaunch/EnableResourceNameDnsARecord",
            enableResourceNameDnsAaaaRecordOnLaunch: "PrivateDnsNameOptionsOnLaunch/EnableResourceNameDnsAAAARecord",
        },
    },
    "aws:ec2/internetGateway:InternetGateway": {
        schema: "AWS::EC2::InternetGateway",
        beside: { vpcId: "AWS::EC2::VPCGatewayAttachment, without rules" },
    },
    "aws:ec2/natGateway:NatGateway": { schema: "AWS::EC2::NatGateway", names: { privateIp: "PrivateIpAddress" } },
    "aws:ec2/eip:Eip": { schema: "AWS::EC2::EIP", names: { instance: "InstanceId" } },
    "aws:ec2/routeTable:RouteTable": { schema: "AWS::EC2::RouteTable" },
    "aws:ec2/defaultRouteTable:DefaultRouteTable": {
        schema: "AWS::EC2::RouteTable",
        beside: { defaultRouteTableId: "a table that AWS made, which CloudFormation cannot adopt" },
    },
    "aws:ec2/route:Route": {
        schema: "AWS::EC2::Route",
        names: { egressOnlyGatewayId: "EgressOnlyInternetGatewayId" },
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": { schema: "AWS::EC2::SubnetRouteTableAssociation" },
    "aws:ec2/networkAcl:NetworkAcl": ruledAcl,
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": ruledAcl,
    "aws:ec2/networkAclRule:NetworkAclRule": {
        schema: "AWS::EC2::NetworkAclEntry",
        names: { fromPort: "PortRange/From", toPort: "PortRange/To", icmpCode: "Icmp/Code", icmpType: "Icmp/Type" },
        values: { protocol: protocols },
    },
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": { schema: "AWS::EC2::SubnetNetworkAclAssociation" },
    "aws:ec2/securityGroup:SecurityGroup": securityGroup,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": securityGroup,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        schema: "AWS::EC2::SecurityGroupIngress",
        names: {
            cidrIpv4: "CidrIp",
            prefixListId: "SourcePrefixListId",
            referencedSecurityGroupId: "SourceSecurityGroupId",
            securityGroupId: "GroupId",
        },
        beside: { tags: "rules have no tags in CloudFormation" },
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        schema: "AWS::EC2::SecurityGroupEgress",
        names: {
            cidrIpv4: "CidrIp",
            prefixListId: "DestinationPrefixListId",
            referencedSecurityGroupId: "DestinationSecurityGroupId",
            securityGroupId: "GroupId",
        },
        beside: { tags: "rules have no tags in CloudFormation" },
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        schema: "AWS::EC2::VPCEndpoint",
        names: { policy: "PolicyDocument" },
        beside: { autoAccept: "how the provider creates" },
    },
    "aws:ec2/flowLog:FlowLog": {
        schema: "AWS::EC2::FlowLog",
        names: { vpcId: "ResourceId", subnetId: "ResourceId", iamRoleArn: "DeliverLogsPermissionArn" },
    },
};
