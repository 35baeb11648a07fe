import { type RouteTable, SecurityGroup, type Vpc, VpcEndpoint } from "@pulumi/aws/ec2";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import { physicalName } from "../../foundation/names";
import { nameRules } from "./names";
import { interfaceEndpoints } from "./plan";
import type { PlacedSubnet, Site } from "./site";

export interface EndpointPlaces {
    readonly subnets: readonly PlacedSubnet[];
    readonly tables: readonly RouteTable[];
}

/** AWS's own services, reached without leaving the network. */
export function createEndpoints({ name, account, parent }: Site, vpc: Vpc, { subnets, tables }: EndpointPlaces): void {
    const { name: stack, region, network } = account.section;
    const child = account.child(parent);
    const physical = physicalName(nameRules.securityGroup, stack, "endpoints");
    const group = new SecurityGroup(
        `${name}-endpoints`,
        {
            name: physical,
            description: "AWS services, called from the network",
            vpcId: vpc.id,
            tags: account.tags(physical),
        },
        child,
    );
    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    const rule = { securityGroupId: group.id, description: "HTTPS from the network", cidrIpv4: network.cidr };
    new SecurityGroupIngressRule(`${name}-endpoints-https`, { ...rule, ...https, tags: account.tags(physical) }, child);
    const endpoint = (service: string) => ({
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${region}.${service}`,
        tags: account.tags(`${stack}-${service}`),
    });
    const routeTableIds = tables.map(({ id }) => id);
    new VpcEndpoint(`${name}-s3`, { ...endpoint("s3"), vpcEndpointType: "Gateway", routeTableIds }, child);
    const reached = {
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: subnets.map(({ subnet }) => subnet.id),
        securityGroupIds: [group.id],
    };
    for (const service of interfaceEndpoints) {
        new VpcEndpoint(`${name}-${service}`, { ...endpoint(service), ...reached }, child);
    }
}
