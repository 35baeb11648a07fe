import type { Resource, StackToCompare } from "../../policy/rule";
import { cloudResource } from "../../policy/samples";
import { type Mapping, problemsOf, ruleOf, sampleFindings } from "./support";

const rule = ruleOf("NET-12");
const vpc = (cidrBlock: string, name = "vpc") => cloudResource("aws:ec2/vpc:Vpc", { cidrBlock }, name);
const subnet = (cidrBlock: string, name = "subnet") => cloudResource("aws:ec2/subnet:Subnet", { cidrBlock }, name);
const services = cloudResource("eks:index:Cluster", { kubernetesServiceIpAddressRange: "10.4.0.0/16" }, "eks");
const aks = (networkProfile: Mapping) =>
    cloudResource("azure-native:containerservice:ManagedCluster", { networkProfile }, "aks");
const noRange = "cidrBlock is no IPv4 range such as 10.0.0.0/16";

test.each<[string, readonly Resource[], readonly string[]]>([
    ["a network before a good one", [vpc("nowhere"), vpc("10.40.0.0/16", "good")], [noRange]],
    ["a network after a good one", [vpc("10.40.0.0/16", "good"), vpc("nowhere")], [noRange]],
    ["the only network, with a subnet", [vpc("nowhere"), subnet("10.40.0.0/24")], [noRange]],
    ["a subnet", [vpc("10.40.0.0/16"), subnet("nowhere")], [noRange]],
])("what is no range is told of once, and shares nothing: %s", (_, resources, problems) => {
    expect(problemsOf(rule, resources)).toEqual(problems);
});

test.each<[string, readonly Resource[], readonly string[]]>([
    [
        "services and both a network and its subnet",
        [vpc("10.4.0.0/16"), subnet("10.4.0.0/24"), services],
        ["kubernetesServiceIpAddressRange shares addresses with cidrBlock of vpc"],
    ],
    [
        "pods and services of one cluster",
        [aks({ networkPluginMode: "overlay", podCidr: "10.4.0.0/16", serviceCidr: "10.4.0.0/20" })],
        ["networkProfile.podCidr shares addresses with networkProfile.serviceCidr of aks"],
    ],
])("a clash is told of once: %s", (_, resources, problems) => {
    expect(problemsOf(rule, resources)).toEqual(problems);
});

describe("several stacks", () => {
    const stackOf = (
        name: string,
        resources: readonly Resource[],
        joined: readonly unknown[] = [],
    ): StackToCompare => ({
        name,
        environment: "production",
        resources,
        file: { config: { "tars-platform:aws": { network: { joined } } } },
    });
    const across = (...stacks: readonly StackToCompare[]) =>
        sampleFindings(rule, { kind: "stacks", stacks }).map(({ message }) => message.split("; ")[0]);
    const joinedAt = "config.tars-platform:aws.network.joined";

    test("of two networks only the later is told of", () => {
        expect(across(stackOf("one", [vpc("10.40.0.0/16")]), stackOf("two", [vpc("10.40.0.0/20")]))).toEqual([
            "cidrBlock shares addresses with cidrBlock of vpc in the stack one",
        ]);
    });

    test("a stack is not compared with itself", () => {
        expect(across(stackOf("one", [vpc("10.4.0.0/16"), services]))).toEqual([]);
    });

    test("what is joined and no range shares nothing", () => {
        const own = [vpc("nowhere"), vpc("10.40.0.0/16", "good")];
        expect(across(stackOf("one", own, [5, "nowhere", "10.41.0.0/16", "10.40.1.0/24"]))).toEqual([
            `${joinedAt}[3] shares addresses with cidrBlock of good`,
        ]);
    });
});
