import { awsGraph, zones } from "./awsGraph";
import { type Graph, readGraph } from "./graph";

let graph: Graph;
let of: ReturnType<typeof awsGraph>["of"];
let named: ReturnType<typeof awsGraph>["named"];
let only: ReturnType<typeof awsGraph>["only"];
beforeAll(async () => {
    graph = await readGraph("prod-aws");
    ({ of, named, only } = awsGraph(graph));
});

describe("the network", () => {
    test("has a subnet of each purpose in each zone, none of which gives out public addresses", () => {
        const subnets = of("Subnet").map(({ name, inputs }) => [
            name,
            inputs.availabilityZone,
            inputs.mapPublicIpOnLaunch,
        ]);
        const expected = ["public", "data", "nodes"].flatMap((purpose) =>
            zones.map((zone) => [`network-${purpose}-${zone}`, zone, false]),
        );
        expect(subnets.sort()).toEqual(expected.sort());
    });

    test("lets nodes out through their own zone, and data nowhere", () => {
        const ways = of("Route").map(({ inputs }) => [inputs.routeTableId, inputs.natGatewayId ?? inputs.gatewayId]);
        expect(Object.fromEntries(ways)).toEqual({
            "network-public-routes-id": "network-internet-id",
            ...Object.fromEntries(zones.map((zone) => [`network-nodes-${zone}-routes-id`, `network-nat-${zone}-id`])),
        });
        expect(of("RouteTable").filter(({ name }) => name.endsWith("data-routes"))).toHaveLength(1);
    });

    test("closes the group that AWS gives to what names none", () => {
        expect(only("DefaultSecurityGroup").inputs).toMatchObject({ ingress: [], egress: [] });
    });

    test("has a list for every subnet; data talks to the network only", () => {
        const listed = of("NetworkAcl").flatMap(({ inputs }) => inputs.subnetIds);
        expect(listed.sort()).toEqual(
            of("Subnet")
                .map(({ name }) => `${name}-id`)
                .sort(),
        );
        const { ingress, egress } = named("NetworkAcl", "network-data-list").inputs;
        for (const rules of [ingress, egress]) {
            expect(rules.map(({ cidrBlock }: { cidrBlock: string }) => cidrBlock)).toEqual(["10.40.0.0/16"]);
        }
    });

    test("reaches AWS's services without leaving: S3 by its routes, the others by name", () => {
        const services = of("VpcEndpoint").map(({ inputs }) => [
            inputs.serviceName.replace("com.amazonaws.eu-central-1.", ""),
            inputs,
        ]);
        const { s3, ...others } = Object.fromEntries(services);
        expect(s3).toMatchObject({
            vpcEndpointType: "Gateway",
            // Data subnets have no way out, and their list would block it.
            routeTableIds: zones.map((zone) => `network-nodes-${zone}-routes-id`),
        });
        expect(Object.keys(others).sort()).toEqual([
            "autoscaling",
            "ec2",
            "ecr.api",
            "ecr.dkr",
            "eks",
            "eks-auth",
            "elasticloadbalancing",
            "kms",
            "logs",
            "secretsmanager",
            "sts",
        ]);
        for (const endpoint of Object.values(others)) {
            expect(endpoint).toMatchObject({
                vpcEndpointType: "Interface",
                privateDnsEnabled: true,
                securityGroupIds: ["network-endpoints-id"],
            });
        }
        expect(named("SecurityGroupIngressRule", "network-endpoints-https").inputs).toMatchObject({
            cidrIpv4: "10.40.0.0/16",
            fromPort: 443,
            toPort: 443,
        });
    });

    test("records who talked to whom", () => {
        const { inputs } = only("FlowLog");
        expect(inputs).toMatchObject({
            trafficType: "ALL",
            vpcId: "network-vpc-id",
            logDestination: "[arn of logs-network]",
        });
        expect(named("RolePolicy", "flow-log-policy").inputs.policy).toContain("logs:DescribeLogGroups");
    });

    test("names rules by what they let in, so that another range moves none", () => {
        expect(named("SecurityGroupIngressRule", "eks-callers-10.40.0.0-16").inputs.cidrIpv4).toBe("10.40.0.0/16");
    });
});
