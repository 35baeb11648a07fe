import type { FailingSample, Resource } from "../../rule";
import { cloudResource, merge, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const compliantRule = {
    name: "web",
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    priority: 100,
    sourceAddressPrefix: "Internet",
    destinationPortRange: "443",
} as const;

const rule = (change: Mapping = {}): Mapping => merge(compliantRule, change);
const group = (...rules: readonly Mapping[]): Resource =>
    cloudResource("azure-native:network:NetworkSecurityGroup", { securityRules: rules });
const ruleOfItsOwn = (change: Mapping): Resource => cloudResource("azure-native:network:SecurityRule", rule(change));
const subnet = (change: Mapping = {}): Resource =>
    cloudResource(
        "azure-native:network:Subnet",
        merge({ subnetName: "nodes", networkSecurityGroup: { id: "sample" } }, change),
    );
const network = (inner: Mapping): Resource =>
    cloudResource("azure-native:network:VirtualNetwork", { subnets: [{ name: "nodes", ...inner }] });

const ssh = { destinationPortRange: "22" } as const;

const failing: readonly FailingSample[] = [
    { sample: sampleOf(group(rule(ssh))), problem: "securityRules[0] lets everyone reach port 22" },
    {
        sample: sampleOf(group(rule(), rule({ sourceAddressPrefix: "*", destinationPortRange: "3000-4000" }))),
        problem: "securityRules[1] lets everyone reach port 3389",
    },
    {
        sample: sampleOf(ruleOfItsOwn({ sourceAddressPrefix: "0.0.0.0/0", destinationPortRange: "*" })),
        problem: "sourceAddressPrefix lets everyone reach any port",
    },
    {
        sample: sampleOf(
            group(rule({ ...ssh, sourceAddressPrefix: null, sourceAddressPrefixes: ["10.0.0.0/8", "128.0.0.0/1"] })),
        ),
        problem: "securityRules[0] lets everyone reach port 22",
    },
    {
        sample: sampleOf(group(rule({ ...ssh, sourceAddressPrefix: "::/0" }))),
        problem: "securityRules[0] lets everyone reach port 22",
    },
    {
        sample: sampleOf(group(rule({ destinationPortRange: null, destinationPortRanges: ["443", "0-65535"] }))),
        problem: "securityRules[0] lets everyone reach any port",
    },
    { sample: sampleOf(subnet({ networkSecurityGroup: null })), problem: "networkSecurityGroup.id is not set" },
    { sample: sampleOf(network({})), problem: "subnets[0].networkSecurityGroup.id is not set" },
];

export const networkRuleSamples = {
    passing: [
        sampleOf(group(rule()), subnet()),
        sampleOf(group(rule({ ...ssh, sourceAddressPrefix: "10.0.0.0/8" }))),
        sampleOf(group(rule({ ...ssh, direction: "Outbound" }), rule({ ...ssh, access: "Deny" }))),
        sampleOf(group(rule({ destinationPortRange: "*", sourceAddressPrefix: "AzureLoadBalancer" }))),
        sampleOf(subnet({ subnetName: "AzureFirewallSubnet", networkSecurityGroup: null })),
        sampleOf(network({ networkSecurityGroup: { id: "sample" } })),
    ],
    failing,
} as const;
