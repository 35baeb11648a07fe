import { NetworkAcl, type RouteTable, SecurityGroup, type Vpc, VpcEndpoint } from "@pulumi/aws/ec2";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import { physicalName } from "../../foundation/names";
import { nameRules } from "./names";
import type { Place, PlacedSubnet, PlacedSubnets } from "./network";
import { interfaceEndpoints } from "./plan";

interface Rule {
    readonly protocol: "tcp" | "udp" | "-1";
    readonly cidrBlock: string;
    readonly fromPort: number;
    readonly toPort: number;
}

const everywhere = "0.0.0.0/0";
const everything = (cidrBlock: string): Rule => ({ protocol: "-1", cidrBlock, fromPort: 0, toPort: 0 });

/** Lists know no connections: what answers a call from inside arrives at one of these ports. */
const answers: readonly Rule[] = (["tcp", "udp"] as const).map((protocol) => ({
    protocol,
    cidrBlock: everywhere,
    fromPort: 1024,
    toPort: 65_535,
}));
const web: readonly Rule[] = [80, 443].map((port) => ({
    protocol: "tcp",
    cidrBlock: everywhere,
    fromPort: port,
    toPort: port,
}));

/** A second fence behind the security groups: data talks to the network and its joined ones only, nodes are called from there only. */
export function createAccessLists({ name, account, parent }: Place, vpc: Vpc, subnets: PlacedSubnets): void {
    const { name: stack, network } = account.section;
    const inside = [network.cidr, ...network.joined].map(everything);
    const lists = {
        public: { ingress: [...inside, ...web, ...answers], egress: [everything(everywhere)] },
        data: { ingress: inside, egress: inside },
        nodes: { ingress: [...inside, ...answers], egress: [everything(everywhere)] },
    };
    for (const purpose of ["public", "data", "nodes"] as const) {
        const { ingress, egress } = lists[purpose];
        const args = {
            vpcId: vpc.id,
            subnetIds: subnets[purpose].map(({ subnet }) => subnet.id),
            ingress: numbered(ingress),
            egress: numbered(egress),
            tags: account.tags(`${stack}-${purpose}`),
        };
        new NetworkAcl(`${name}-${purpose}-list`, args, account.child(parent));
    }
}

function numbered(rules: readonly Rule[]) {
    return rules.map((rule, index) => ({ ...rule, ruleNo: 100 + 10 * index, action: "allow" }));
}

export interface EndpointPlaces {
    readonly subnets: readonly PlacedSubnet[];
    readonly tables: readonly RouteTable[];
}

/** AWS's own services, reached without leaving the network. */
export function createEndpoints({ name, account, parent }: Place, vpc: Vpc, { subnets, tables }: EndpointPlaces): void {
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
