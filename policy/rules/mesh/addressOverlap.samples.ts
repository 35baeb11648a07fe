import type { FailingSample, Resource, Sample, StackToCompare } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const vpc = (cidrBlock: string, name = "vpc") => cloudResource("aws:ec2/vpc:Vpc", { cidrBlock }, name);
const subnet = (cidrBlock: string, name = "subnet") => cloudResource("aws:ec2/subnet:Subnet", { cidrBlock }, name);
const eks = (inputs: Mapping) => cloudResource("eks:index:Cluster", inputs, "eks");
const managed = (serviceIpv4Cidr: string) =>
    cloudResource("aws:eks/cluster:Cluster", { kubernetesNetworkConfig: { serviceIpv4Cidr } }, "managed");
const vnet = (...addressPrefixes: readonly string[]) =>
    cloudResource("azure-native:network:VirtualNetwork", { addressSpace: { addressPrefixes } }, "vnet");
const azureSubnet = (inputs: Mapping) => cloudResource("azure-native:network:Subnet", inputs, "part");
const aks = (networkProfile: Mapping) =>
    cloudResource("azure-native:containerservice:ManagedCluster", { networkProfile }, "aks");

const services = eks({ kubernetesServiceIpAddressRange: "10.4.0.0/14" });
const overlay = {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    podCidr: "10.0.0.0/14",
    serviceCidr: "10.4.0.0/14",
};

const stackOf = (name: string, resources: readonly Resource[], joined: readonly string[] = []): StackToCompare => ({
    name,
    environment: "production",
    resources,
    file: { config: { "tars-platform:aws": { network: { joined } } } },
});
const across = (...stacks: readonly StackToCompare[]): Sample => ({ kind: "stacks", stacks });

export const passing: readonly Sample[] = [
    sampleOf(vpc("10.40.0.0/16"), subnet("10.40.0.0/24"), subnet("10.40.1.0/24", "other"), services),
    sampleOf(vnet("10.20.0.0/16"), azureSubnet({ addressPrefix: "10.20.1.0/24" }), aks(overlay)),
    sampleOf(vnet("10.0.0.0/8"), aks({ ...overlay, podCidr: "192.168.0.0/17", serviceCidr: "192.168.128.0/17" })),
    sampleOf(vnet("10.20.0.0/16", "fd00::/48"), azureSubnet({ addressPrefixes: ["10.20.1.0/24", "fd00::/64"] })),
    sampleOf(vpc("10.40.0.0/16"), vpc("10.41.0.0/16", "second"), subnet("10.41.0.0/24")),
    // Pods of this cluster have addresses of their subnet.
    sampleOf(vnet("10.244.0.0/16"), aks({ networkPlugin: "azure", serviceCidr: "10.4.0.0/14" })),
    // The network is another stack's.
    sampleOf(subnet("10.40.0.0/24")),
    sampleOf(services, managed("10.4.0.0/14")),
    across(
        stackOf("one", [vpc("10.40.0.0/16"), services], ["10.41.0.0/16"]),
        stackOf("two", [vpc("10.41.0.0/16"), services]),
    ),
];

export const failing: readonly FailingSample[] = [
    {
        sample: sampleOf(vpc("10.40.0.0/16"), vpc("10.40.128.0/17", "second")),
        problem: "shares addresses with cidrBlock of vpc",
    },
    {
        sample: sampleOf(vpc("10.40.0.0/16"), subnet("10.40.0.0/23"), subnet("10.40.1.0/24", "other")),
        problem: "shares addresses with cidrBlock of subnet",
    },
    {
        sample: sampleOf(vpc("10.40.0.0/16"), subnet("10.41.0.0/24")),
        problem: "lies outside every network of the stack",
    },
    {
        sample: sampleOf(vnet("10.20.0.0/16"), azureSubnet({ addressPrefixes: ["10.21.0.0/24"] })),
        problem: "lies outside every network of the stack",
    },
    { sample: sampleOf(vpc("10.4.0.0/16"), services), problem: "shares addresses with cidrBlock of vpc" },
    { sample: sampleOf(subnet("10.4.0.0/24"), services), problem: "shares addresses with cidrBlock of subnet" },
    { sample: sampleOf(vpc("10.4.0.0/16"), managed("10.4.0.0/20")), problem: "shares addresses with cidrBlock of vpc" },
    { sample: sampleOf(vpc("10.100.0.0/16"), eks({})), problem: "shares addresses with cidrBlock of vpc" },
    {
        sample: sampleOf(vnet("10.0.0.0/16"), aks(overlay)),
        problem: "shares addresses with addressSpace.addressPrefixes[0] of vnet",
    },
    {
        sample: sampleOf(
            vnet("10.0.0.0/16"),
            cloudResource("azure-native:containerservice:ManagedCluster", {}, "bare"),
        ),
        problem: "shares addresses with addressSpace.addressPrefixes[0] of vnet",
    },
    {
        sample: sampleOf(aks({ ...overlay, podCidr: "10.4.0.0/16" })),
        problem: "shares addresses with networkProfile.serviceCidr of aks",
    },
    { sample: sampleOf(vpc("10.40.0.0")), problem: "is no IPv4 range such as 10.0.0.0/16" },
    {
        sample: across(stackOf("one", [vpc("10.40.0.0/16")]), stackOf("two", [vpc("10.40.0.0/20")])),
        problem: "shares addresses with cidrBlock of vpc in the stack one",
    },
    {
        sample: across(stackOf("one", [services]), stackOf("two", [vpc("10.5.0.0/16")])),
        problem: "shares addresses with cidrBlock of vpc in the stack two",
    },
    {
        sample: across(stackOf("one", [vpc("10.40.0.0/16")], ["10.40.8.0/24"])),
        problem: "shares addresses with cidrBlock of vpc",
    },
    {
        sample: across(stackOf("one", [services], ["10.4.0.0/24"])),
        problem: "shares addresses with kubernetesServiceIpAddressRange of eks",
    },
];
